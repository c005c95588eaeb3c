/** Digits that are looked up at once. */
const AT_ONCE = 3;
/** What a state is counted in: as many ways as there are to go on. */
const WAYS = 1000;
/** More digits than this no number of 64 bits is printed with. */
const MOST_DIGITS = 40;

/**
 * Looks for digits in the digits of numbers without making a text of them: the automaton of Knuth, Morris and Pratt, for some digits at a time.
 * A state is how many digits of the needle were just seen, times {@link WAYS}. The last one, `found`, is never left.
 */
export class Digits {
  readonly needle: string;
  /** The state of what has been found. */
  readonly found: number;
  /** By how many digits are read: by a state plus these digits the next state. */
  readonly next: readonly [Uint16Array, Uint16Array, Uint16Array, Uint16Array];
  /** By all digits of a number, up to three, the state behind them. */
  readonly first: Uint16Array = new Uint16Array(WAYS);

  private constructor(needle: string) {
    this.needle = needle;
    this.found = needle.length * WAYS;
    const steps = stepsOf(needle);
    const one = tableOf(needle, 10, (state, digit) => steps[state * 10 + digit] ?? 0);
    const more = (ways: number, fewer: Uint16Array): Uint16Array =>
      tableOf(needle, ways, (state, digits) => {
        const behind = fewer[state * WAYS + Math.floor(digits / 10)] ?? 0;
        return (one[behind + (digits % 10)] ?? 0) / WAYS;
      });
    const two = more(100, one);
    this.next = [tableOf(needle, 1, (state) => state), one, two, more(WAYS, two)];
    for (let digits = 0; digits < WAYS; digits++)
      this.first[digits] = this.after(0, digits, String(digits).length);
  }

  /** `undefined` for what is no row of digits, or for one too long to be found. */
  static of(needle: string): Digits | undefined {
    return /^\d+$/.test(needle) && needle.length <= MOST_DIGITS ? new Digits(needle) : undefined;
  }

  /** The state behind so many digits, at most nine. */
  after(state: number, digits: number, count: number): number {
    let [behind, rest, left] = [state, digits, count];
    for (; left > AT_ONCE; left -= AT_ONCE) {
      const unit = 10 ** (left - AT_ONCE);
      const now = Math.floor(rest / unit);
      behind = this.next[AT_ONCE][behind + now] ?? 0;
      rest -= now * unit;
    }
    return this.next[left as 0 | 1 | 2 | 3][behind + rest] ?? 0; // It counted down to at most three.
  }

  /** The same, but for the zeros at their end. There is another digit than zero. */
  afterShort(state: number, digits: number, count: number): number {
    let [short, left] = [digits | 0, count];
    for (; short % 10 === 0; left--) short = (short / 10) | 0;
    return this.after(state, short, left);
  }

  /** The state behind nine digits. */
  afterNine(state: number, digits: number): number {
    const next = this.next[AT_ONCE];
    const thousands = (digits / 1000) | 0;
    const millions = (thousands / 1000) | 0;
    const high = next[state + millions] ?? 0;
    const middle = next[high + (thousands - millions * 1000)] ?? 0;
    return next[middle + (digits - thousands * 1000)] ?? 0;
  }

  /** The state behind a whole number that is not negative and below 2^53. */
  afterWhole(value: number): number {
    if (value < WAYS) return this.first[value] ?? 0;
    if (value >= 1e9) {
      const billions = Math.floor(value / 1e9);
      return this.afterNine(this.afterWhole(billions), (value - billions * 1e9) | 0);
    }
    const next = this.next[AT_ONCE];
    const whole = value | 0;
    const thousands = (whole / 1000) | 0;
    const units = whole - thousands * 1000;
    if (thousands < WAYS) return next[(this.first[thousands] ?? 0) + units] ?? 0;
    const millions = (thousands / 1000) | 0;
    const middle = next[(this.first[millions] ?? 0) + (thousands - millions * 1000)] ?? 0;
    return next[middle + units] ?? 0;
  }
}

/** By a state and so many ways to go on the next state. */
function tableOf(needle: string, ways: number, step: (state: number, digits: number) => number): Uint16Array {
  const table = new Uint16Array((needle.length + 1) * WAYS);
  for (let state = 0; state <= needle.length; state++)
    for (let digits = 0; digits < ways; digits++) table[state * WAYS + digits] = step(state, digits) * WAYS;
  return table;
}

/** By a state and a digit the next state: how much of the needle's beginning what was seen last is. */
function stepsOf(needle: string): readonly number[] {
  const steps: number[] = [];
  for (let state = 0; state <= needle.length; state++) {
    for (let digit = 0; digit < 10; digit++) {
      const seen = needle.slice(0, state) + String(digit);
      let length = Math.min(seen.length, needle.length);
      while (!seen.endsWith(needle.slice(0, length))) length--;
      steps.push(state === needle.length ? state : length);
    }
  }
  return steps;
}
