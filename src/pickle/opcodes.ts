/** The opcodes of protocols 0 to 5 (CPython's pickletools). */
export const Op = {
  MARK: 0x28, // (
  STOP: 0x2e, // .
  POP: 0x30, // 0
  POP_MARK: 0x31, // 1
  DUP: 0x32, // 2
  FLOAT: 0x46, // F text
  INT: 0x49, // I text
  BININT: 0x4a, // J i4
  BININT1: 0x4b, // K u1
  LONG: 0x4c, // L text
  BININT2: 0x4d, // M u2
  NONE: 0x4e, // N
  PERSID: 0x50, // P text
  BINPERSID: 0x51, // Q
  REDUCE: 0x52, // R
  STRING: 0x53, // S text, quoted
  BINSTRING: 0x54, // T i4 bytes
  SHORT_BINSTRING: 0x55, // U u1 bytes
  UNICODE: 0x56, // V text, raw-unicode-escape
  BINUNICODE: 0x58, // X u4 bytes
  APPEND: 0x61, // a
  BUILD: 0x62, // b
  GLOBAL: 0x63, // c two texts
  DICT: 0x64, // d
  APPENDS: 0x65, // e
  GET: 0x67, // g text
  BINGET: 0x68, // h u1
  INST: 0x69, // i two texts
  LONG_BINGET: 0x6a, // j u4
  LIST: 0x6c, // l
  OBJ: 0x6f, // o
  PUT: 0x70, // p text
  BINPUT: 0x71, // q u1
  LONG_BINPUT: 0x72, // r u4
  SETITEM: 0x73, // s
  TUPLE: 0x74, // t
  SETITEMS: 0x75, // u
  EMPTY_TUPLE: 0x29, // )
  EMPTY_LIST: 0x5d, // ]
  EMPTY_DICT: 0x7d, // }
  BINFLOAT: 0x47, // G f8, big-endian
  BINBYTES: 0x42, // B u4 bytes
  SHORT_BINBYTES: 0x43, // C u1 bytes
  PROTO: 0x80,
  NEWOBJ: 0x81,
  EXT1: 0x82,
  EXT2: 0x83,
  EXT4: 0x84,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  LONG1: 0x8a, // u1 bytes
  LONG4: 0x8b, // i4 bytes
  SHORT_BINUNICODE: 0x8c, // u1 bytes
  BINUNICODE8: 0x8d, // u8 bytes
  BINBYTES8: 0x8e, // u8 bytes
  EMPTY_SET: 0x8f,
  ADDITEMS: 0x90,
  FROZENSET: 0x91,
  NEWOBJ_EX: 0x92,
  STACK_GLOBAL: 0x93,
  MEMOIZE: 0x94,
  FRAME: 0x95, // u8
  BYTEARRAY8: 0x96, // u8 bytes
  NEXT_BUFFER: 0x97,
  READONLY_BUFFER: 0x98,
} as const;

/** Bytes of an opcode with its fixed-size argument, by opcode; 1 for those with none or with text. */
export const HEADER_SIZE = new Uint8Array(256).fill(1);
for (const op of [
  Op.BININT1,
  Op.SHORT_BINSTRING,
  Op.SHORT_BINBYTES,
  Op.SHORT_BINUNICODE,
  Op.BINGET,
  Op.BINPUT,
  Op.PROTO,
  Op.EXT1,
  Op.LONG1,
]) {
  HEADER_SIZE[op] = 2;
}
HEADER_SIZE[Op.BININT2] = 3;
HEADER_SIZE[Op.EXT2] = 3;
for (const op of [
  Op.BININT,
  Op.BINSTRING,
  Op.BINUNICODE,
  Op.BINBYTES,
  Op.LONG_BINGET,
  Op.LONG_BINPUT,
  Op.EXT4,
  Op.LONG4,
]) {
  HEADER_SIZE[op] = 5;
}
for (const op of [Op.BINFLOAT, Op.BINUNICODE8, Op.BINBYTES8, Op.FRAME, Op.BYTEARRAY8]) HEADER_SIZE[op] = 9;

/** Bytes from this length on are looked at while they arrive, wherever in a value they are. */
const LONG = 1 << 14;

/**
 * Whether the beginning of a scalar is shown before all of it is there. Not of Python 2's texts, for their end may change what they are.
 * @param isAlone whether it is the value itself
 */
export function showsEarly(op: number, length: number, isAlone: boolean): boolean {
  const isBytes = op === Op.BINBYTES || op === Op.BINBYTES8 || op === Op.BYTEARRAY8;
  if (!isAlone) return isBytes && length >= LONG;
  return isBytes || op === Op.BINUNICODE || op === Op.BINUNICODE8;
}
