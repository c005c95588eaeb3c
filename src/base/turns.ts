/**
 * Results of reads that run side by side. One that began before another that was taken is late: it tells what was true before.
 *
 *     const take = turns.begin();
 *     const status = await read();
 *     if (take()) this.#status = status;
 */
export class Turns {
  #begun = 0;
  #taken = 0;

  /** Begins a read. What it gives back tells, when the read has ended, whether its result is to be taken. */
  begin(): () => boolean {
    const turn = ++this.#begun;
    return () => {
      if (turn < this.#taken) return false;
      this.#taken = turn;
      return true;
    };
  }
}
