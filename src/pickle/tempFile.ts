import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, write } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Spill } from "./bytes.ts";

const writeAsync = promisify(write);

/** A file for bytes that are too many for the memory. Nobody else can read it, and it is gone with the process at the latest. */
export class TempFile implements Spill {
  readonly #handle: Handle;

  /** Throws the system's errors. */
  constructor(folder: string = tmpdir()) {
    this.#handle = new Handle(join(folder, `metaflow-${randomUUID()}`));
    forgotten.register(this, this.#handle, this);
  }

  async write(at: number, bytes: Uint8Array): Promise<void> {
    await this.#handle.use(async (file) => {
      for (let done = 0; done < bytes.length;)
        done += (await writeAsync(file, bytes, done, bytes.length - done, at + done)).bytesWritten;
    });
  }

  read(at: number, into: Uint8Array): void {
    readFully(this.#handle.file, at, into);
  }

  close(): void {
    forgotten.unregister(this);
    this.#handle.close();
  }
}

/** The open file, apart from whoever may forget it. */
class Handle {
  readonly #path: string;
  readonly #isNameless: boolean;
  #file: number | undefined;
  #users = 0;
  #isEnding = false;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, "wx+", 0o600);
    // Without a name from the start it lives as long as it is open. Where a system does not have it so, it is removed at its end.
    this.#isNameless = tryRemove(path);
    if (!this.#isNameless) process.once("exit", this.close);
  }

  /** Another file may have a closed one's number: it must not be used any more. */
  get file(): number {
    if (this.#file === undefined || this.#isEnding) throw new Error("the file is closed");
    return this.#file;
  }

  /** Does something with the file, which stays open for as long. */
  async use(work: (file: number) => Promise<void>): Promise<void> {
    const { file } = this;
    this.#users++;
    try {
      await work(file);
    } finally {
      this.#users--;
      if (this.#isEnding) this.close();
    }
  }

  readonly close = (): void => {
    this.#isEnding = true;
    if (this.#file === undefined || this.#users > 0) return;
    closeSync(this.#file);
    this.#file = undefined;
    if (this.#isNameless) return;
    tryRemove(this.#path);
    process.off("exit", this.close);
  };
}

/** Those that nobody closed are closed when nobody can read them any more. */
const forgotten = new FinalizationRegistry<Handle>((handle) => {
  handle.close();
});

/** Fills `into` with the bytes of a file from `at` on. Throws where the file ends before. */
export function readFully(file: number, at: number, into: Uint8Array): void {
  for (let done = 0; done < into.length;) {
    const read = readSync(file, into, done, into.length - done, at + done);
    if (read === 0) throw new Error(`the file ends at byte ${at + done}`);
    done += read;
  }
}

function tryRemove(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}
