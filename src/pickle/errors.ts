/**
 * What can be wrong with a pickle. `truncated` and `empty`: bytes are missing; `opcode`, `protocol`, `underflow`, `mark`, `memo`,
 * `length`, `value`, `type`: the bytes are no pickle that Python would load; `gzip`, `checksum`: the compression around it is damaged;
 * `encoding`: the name of the encoding is unknown; `limit`: larger than the caller allows; `source`: the source of the bytes failed;
 * `aborted`: the caller cancelled or closed the document.
 */
export type PickleErrorCode =
  | "aborted"
  | "checksum"
  | "empty"
  | "encoding"
  | "gzip"
  | "length"
  | "limit"
  | "mark"
  | "memo"
  | "opcode"
  | "protocol"
  | "source"
  | "truncated"
  | "type"
  | "underflow"
  | "value";

/** A pickle that is damaged, hostile or longer than allowed. Python: `pickle.UnpicklingError`, `EOFError`, `zlib.error`. */
export class PickleError extends Error {
  /** The name of the class, also where the library is bundled. */
  override readonly name = "PickleError";

  /** What is wrong, for programs. */
  readonly code: PickleErrorCode;

  /** Where, in bytes from the start of the uncompressed pickle (of the compressed bytes for `gzip` and `checksum`). */
  readonly offset: number;

  /** @internal */
  constructor(code: PickleErrorCode, message: string, offset: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.offset = offset;
  }
}

/** What bytes tell, which may lie outside the memory and not be there any more; then what `otherwise` makes of why they are not. */
export function readable<T>(look: () => T, otherwise: (why: string) => T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof PickleError) return otherwise(error.message);
    throw error;
  }
}
