import type { Viewer } from "../viewer.ts";

/** Bytes that can be looked at: those of the pickle, or of a value by itself. */
export interface RawSource {
  readonly read: (from: number, to: number, signal: AbortSignal) => Promise<RawBytes>;
}

/** Some bytes, and how many there are in all. */
export interface RawBytes {
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
}

/** The bytes that the value was written as. */
export function pickleBytes(viewer: Viewer): RawSource {
  return { read: async (from, to, signal) => viewer.ask("raw", { from, to }, signal) };
}

/** The bytes of a `bytes`, or the UTF-8 of a `str`. */
export function valueBytes(viewer: Viewer, node: number): RawSource {
  return {
    read: async (from, to, signal) => {
      const { hex, sizeBytes } = await viewer.ask("hex", { node, from, to }, signal);
      return { bytes: bytesOf(hex), sizeBytes };
    },
  };
}

/** Bytes of hexadecimal digits. */
export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));
}

/** What a person types to be found, in hexadecimal digits: a text as UTF-8, or bytes behind `0x`. `undefined`: nothing that could be found. */
export function needleOf(typed: string): string | undefined {
  const digits = /^0x([\da-f\s]+)$/i.exec(typed.trim())?.[1]?.replace(/\s/g, "");
  if (digits !== undefined) return digits.length % 2 === 0 ? digits : undefined;
  const bytes = new TextEncoder().encode(typed);
  return bytes.length === 0
    ? undefined
    : Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** An offset as a person types it, in digits or in hexadecimal ones behind `0x`; `undefined` for what is none. */
export function offsetOf(typed: string): number | undefined {
  const text = typed.trim().replace(/[,_ ]/g, "");
  const offset = /^0x[\da-f]+$/i.test(text) || /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(offset) ? offset : undefined;
}
