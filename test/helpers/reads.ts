import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** Counts what is read of the file system while it is on. */
export interface ReadCounter {
  /** The files opened, by path. */
  readonly files: string[];
  /** The folders listed, by path. */
  readonly folders: string[];
  stop(): void;
}

/** Starts counting reads of files and folders, in whichever of its ways the client makes them. */
export function countReads(): ReadCounter {
  const { readFile, openSync, readdir, readdirSync, opendir } = fs;
  const files: string[] = [];
  const folders: string[] = [];
  const noting =
    <F extends (...args: never[]) => unknown>(call: F, list: string[]) =>
    (...args: Parameters<F>): unknown => {
      list.push(String(args[0]));
      return call(...args);
    };
  Object.assign(fs, {
    readFile: noting(readFile, files),
    openSync: noting(openSync, files),
    readdir: noting(readdir, folders),
    readdirSync: noting(readdirSync, folders),
    opendir: noting(opendir, folders),
  });
  syncBuiltinESMExports();
  return {
    files,
    folders,
    stop: () => {
      Object.assign(fs, { readFile, openSync, readdir, readdirSync, opendir });
      syncBuiltinESMExports();
    },
  };
}
