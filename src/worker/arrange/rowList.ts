/** Rows in a row, as many as come. */
export class RowList {
  #rows = new Uint32Array(1024);
  length = 0;

  /** Adds those of the rows from `from` on that are wanted. */
  addWanted(from: number, wanted: Uint8Array, count: number): void {
    this.#makeRoom(count);
    for (let at = 0; at < count; at++) if (wanted[at] === 1) this.#rows[this.length++] = from + at;
  }

  /** A view of them: to be read until more come. */
  get rows(): Uint32Array {
    return this.#rows.subarray(0, this.length);
  }

  #makeRoom(more: number): void {
    if (this.length + more <= this.#rows.length) return;
    const larger = new Uint32Array(Math.max(this.length + more, this.#rows.length * 2));
    larger.set(this.rows);
    this.#rows = larger;
  }
}
