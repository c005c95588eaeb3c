import * as fs from "node:fs";
import { throwIfAborted, type IoOptions } from "./io.ts";

// The callback API throughout: reading a small file takes a quarter of the time that `fs/promises` needs for its file handles.

/** Whether an error says that a path, or a folder on the way to it, does not exist. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Whether an error says that the system refuses access. */
export function isRefused(error: unknown): boolean {
  const code = errorCode(error);
  return code === "EACCES" || code === "EPERM";
}

/** The system's code of an error (`ENOENT`), where it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

type Callback<T> = (error: NodeJS.ErrnoException | null, result: T) => void;

/** Runs one call of the file system; a missing path is `undefined`, everything else that fails rejects. */
async function unlessMissing<T>(
  io: IoOptions | undefined,
  call: (done: Callback<T>) => void,
): Promise<T | undefined> {
  throwIfAborted(io);
  return new Promise((resolve, reject) => {
    call((error, result) => {
      if (error === null) resolve(result);
      else if (isMissing(error)) resolve(undefined);
      else reject(error);
    });
  });
}

/**
 * How files are opened that others put there: a named pipe among them reads as empty, or fails, and never waits for somebody who writes into it.
 * Windows has no such flag, and no such files.
 */
export const OPEN_FOR_READING = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK;

/** A file that is no record of anything: nobody writes such large ones. */
export class TooLarge extends Error {
  constructor(path: string, sizeBytes: number) {
    super(`${path} has ${sizeBytes} bytes, more than is ever written there`);
    this.name = "TooLarge";
  }
}

/** The bytes of a file. Throws TooLarge where there are more than `maxBytes`. */
export async function readIfPresent(
  path: string,
  io?: IoOptions,
  maxBytes = Infinity,
): Promise<Buffer | undefined> {
  return unlessMissing<Buffer>(io, (done) => {
    fs.open(path, OPEN_FOR_READING, (problem, file) => {
      if (problem !== null) {
        done(problem, Buffer.alloc(0));
        return;
      }
      const end: Callback<Buffer> = (error, bytes) => {
        fs.close(file, () => {
          done(error, bytes);
        });
      };
      fs.fstat(file, (unknown, stat) => {
        if (unknown !== null) end(unknown, Buffer.alloc(0));
        else if (stat.size > maxBytes) end(new TooLarge(path, stat.size), Buffer.alloc(0));
        else fs.readFile(file, end);
      });
    });
  });
}

/** The names in a folder, in the file system's order. */
export async function namesIfPresent(path: string, io?: IoOptions): Promise<string[] | undefined> {
  return unlessMissing<string[]>(io, (done) => {
    fs.readdir(path, done);
  });
}

// As many as are looked at in well under a millisecond.
const NAMES_A_READ = 1024;

/**
 * Tells the names in a folder as they are read, so that a very large one neither holds up the thread nor fills the memory; false when it does
 * not exist.
 */
export async function visitNames(
  path: string,
  visit: (name: string) => void,
  io?: IoOptions,
): Promise<boolean> {
  const folder = await unlessMissing<fs.Dir>(io, (done) => {
    fs.opendir(path, { bufferSize: NAMES_A_READ }, done);
  });
  if (folder === undefined) return false;
  try {
    for (let taken = 0; ; taken++) {
      // Every so many names one goes through the pool of threads, which fills the folder's buffer; the others are taken from there.
      const isFirst = taken % NAMES_A_READ === 0;
      if (isFirst) throwIfAborted(io);
      const entry = isFirst ? await folder.read() : folder.readSync();
      if (entry === null) return true;
      visit(entry.name);
    }
  } finally {
    await folder.close();
  }
}

/** The entries of a folder with their kinds, in the file system's order. */
export async function entriesIfPresent(path: string, io?: IoOptions): Promise<fs.Dirent[] | undefined> {
  return unlessMissing<fs.Dirent[]>(io, (done) => {
    fs.readdir(path, { withFileTypes: true }, done);
  });
}

/** What the system knows of a path. */
export async function statIfPresent(path: string, io?: IoOptions): Promise<fs.Stats | undefined> {
  return unlessMissing<fs.Stats>(io, (done) => {
    fs.stat(path, done);
  });
}

/** Whether there is a folder; one that cannot be looked at counts as none. */
export async function isFolder(path: string): Promise<boolean> {
  return (await statIfPresent(path).catch(() => undefined))?.isDirectory() ?? false;
}
