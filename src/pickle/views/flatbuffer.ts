/** A table of FlatBuffers: fields by their number, each with a default where it is left out. A place outside of the bytes throws a RangeError. */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  /** The table that bytes begin with. */
  static root(view: DataView): FlatTable {
    return new FlatTable(view, view.getUint32(0, true));
  }

  /** Where a field lies; 0 where it is left out. */
  #field(number: number): number {
    const fields = this.#at - this.#view.getInt32(this.#at, true);
    const place = 4 + 2 * number;
    if (place >= this.#view.getUint16(fields, true)) return 0;
    const offset = this.#view.getUint16(fields + place, true);
    return offset === 0 ? 0 : this.#at + offset;
  }

  byte(number: number, otherwise = 0): number {
    const at = this.#field(number);
    return at === 0 ? otherwise : this.#view.getUint8(at);
  }

  short(number: number, otherwise = 0): number {
    const at = this.#field(number);
    return at === 0 ? otherwise : this.#view.getInt16(at, true);
  }

  int(number: number, otherwise = 0): number {
    const at = this.#field(number);
    return at === 0 ? otherwise : this.#view.getInt32(at, true);
  }

  long(number: number): number {
    const at = this.#field(number);
    return at === 0 ? 0 : Number(this.#view.getBigInt64(at, true));
  }

  text(number: number): string | undefined {
    const at = this.#target(number);
    if (at === undefined) return undefined;
    const { buffer, byteOffset, byteLength } = this.#view;
    const [from, length] = [at + 4, this.#view.getUint32(at, true)];
    if (from + length > byteLength) throw new RangeError("a text that is longer than its bytes");
    return new TextDecoder().decode(new Uint8Array(buffer, byteOffset + from, length));
  }

  table(number: number): FlatTable | undefined {
    const at = this.#target(number);
    return at === undefined ? undefined : new FlatTable(this.#view, at);
  }

  /** The tables of a vector. */
  tables(number: number): FlatTable[] {
    return this.#vector(number, 4, (at) => new FlatTable(this.#view, at + this.#view.getUint32(at, true)));
  }

  /** The numbers of a vector of 64-bit ints, or of structs of `fields` of them. */
  longs(number: number, fields = 1): number[][] {
    return this.#vector(number, 8 * fields, (at) =>
      Array.from({ length: fields }, (_, field) => Number(this.#view.getBigInt64(at + 8 * field, true))),
    );
  }

  #vector<T>(number: number, size: number, read: (at: number) => T): T[] {
    const at = this.#target(number);
    if (at === undefined) return [];
    const length = this.#view.getUint32(at, true);
    if (at + 4 + length * size > this.#view.byteLength)
      throw new RangeError("a vector longer than its bytes");
    return Array.from({ length }, (_, index) => read(at + 4 + index * size));
  }

  #target(number: number): number | undefined {
    const at = this.#field(number);
    return at === 0 ? undefined : at + this.#view.getUint32(at, true);
  }
}
