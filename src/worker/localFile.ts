import { closeSync, fstatSync, openSync } from "node:fs";
import type { PickleFile } from "../pickle/document.ts";
import { readFully } from "../pickle/tempFile.ts";

/** What lies around the part of a file that is read. */
interface Frame {
  /** Bytes of the file before the part. */
  readonly dataFrom: number;
  /** What is put before it and behind it. */
  readonly prefix: Uint8Array;
  readonly suffix: Uint8Array;
}

const NO_FRAME: Frame = { dataFrom: 0, prefix: new Uint8Array(), suffix: new Uint8Array() };

/** A file that is read where it lies, any part of it at once, for as long as nobody writes to it. */
export class LocalFile implements PickleFile {
  readonly length: number;
  readonly #frame: Frame;
  readonly #bytes: number;
  readonly #modifiedMs: number;
  #file: number | undefined;

  /** Throws the system's errors. @param frame what is put around the file's bytes */
  constructor(path: string, frame: Frame = NO_FRAME) {
    this.#file = openSync(path, "r");
    const { size, mtimeMs } = fstatSync(this.#file);
    this.#modifiedMs = mtimeMs;
    this.#bytes = size;
    this.#frame = frame;
    this.length = frame.prefix.length + size - frame.dataFrom + frame.suffix.length;
  }

  read(at: number, into: Uint8Array): void {
    if (this.#file === undefined) throw new Error("the file is closed");
    const { size, mtimeMs } = fstatSync(this.#file);
    if (size !== this.#bytes || mtimeMs !== this.#modifiedMs)
      throw new Error("the file was written to after it was opened");
    const { prefix, suffix, dataFrom } = this.#frame;
    const dataTo = this.length - suffix.length;
    const [from, to] = [Math.max(at, prefix.length), Math.min(at + into.length, dataTo)];
    if (to > from) readFully(this.#file, dataFrom + from - prefix.length, into.subarray(from - at, to - at));
    copyInto(into, at, prefix, 0);
    copyInto(into, at, suffix, dataTo);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** Copies what bytes that belong at `place` have in common with those from `at` on. */
function copyInto(into: Uint8Array, at: number, bytes: Uint8Array, place: number): void {
  const [from, to] = [Math.max(at, place), Math.min(at + into.length, place + bytes.length)];
  if (to > from) into.set(bytes.subarray(from - place, to - place), from - at);
}
