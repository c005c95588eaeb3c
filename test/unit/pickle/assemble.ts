import { Op } from "../../../src/pickle/opcodes.ts";

/** Bytes of a pickle written by hand: opcodes by name, their arguments as bytes or text. */
export function assemble(...parts: (number | string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === "number"
        ? Buffer.of(part)
        : typeof part === "string"
          ? Buffer.from(part, "latin1")
          : part,
    ),
  );
}

/** A little-endian unsigned number of `size` bytes. */
export function le(value: number | bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0, rest = BigInt(value); i < size; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

/** A short text. */
export function text(value: string): Uint8Array {
  const data = Buffer.from(value, "utf8");
  return assemble(Op.SHORT_BINUNICODE, data.length, data);
}

/** A class or function by name. */
export function named(module: string, name: string): Uint8Array {
  return assemble(text(module), text(name), Op.STACK_GLOBAL);
}

/** An int of eight bytes. */
export function int(value: number): Uint8Array {
  return assemble("\x8a", 8, le(BigInt.asUintN(64, BigInt(value)), 8));
}

export function tuple(...parts: Uint8Array[]): Uint8Array {
  return assemble("(", ...parts, "t");
}

export function list(...parts: Uint8Array[]): Uint8Array {
  return assemble("](", ...parts, "e");
}

export function bytes(data: Uint8Array): Uint8Array {
  return assemble("B", le(data.length, 4), data);
}

/** What a function makes of arguments. */
export function call(module: string, name: string, ...args: Uint8Array[]): Uint8Array {
  return assemble(named(module, name), tuple(...args), "R");
}

/** The bytes in chunks of `size` bytes. */
export async function* inChunks(data: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += size) {
    await Promise.resolve();
    yield data.subarray(at, at + size);
  }
}
