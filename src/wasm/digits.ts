/**
 * Looks for a row of digits in the digits of many numbers at once, as Python prints them. In AssemblyScript: `npm run wasm` makes
 * `src/worker/arrange/digitsModule.ts` of it.
 *
 * A float is a whole number m times 2^-e. Its shortest digits are those of (2m + 1) / 2^(e + 1), which is the end of all that is read as the same float,
 * as far as no fewer lie between the other end and there, but for the last of them, which is the nearest to the float itself: by Steele and White, "How to
 * print floating-point numbers accurately". Behind the point a digit is what a product with ten has before its point. The product with five, of a fraction
 * with one bit less, is the same: 64 bits hold all of them exactly.
 */

/** Rows at most. */
const ROWS: usize = 1 << 15;
/** A state of the automaton, see `Digits`, counts this many for each digit that was seen. */
const WAYS: i32 = 1000;
const STATES: usize = 41;

/** Where the state behind a number below a thousand lies, those behind one digit and behind three more: words of 16 bits. */
export const FIRST: usize = 0;
export const ONE: usize = FIRST + 1000 * 2;
export const THREE: usize = ONE + STATES * 1000 * 2;
/** The numbers, of 64 bits. */
export const VALUES: usize = THREE + STATES * 1000 * 2;
/** A byte for each of them: which ones are looked at, and then which ones have the digits. */
export const WANTED: usize = VALUES + ROWS * 8;
/** The positions of those that nothing is told of: words of 32 bits. */
export const OPEN: usize = WANTED + ROWS;

/** Below this exponent, 2^-12, a float may be printed with an exponent of its own. */
const LEAST_EXPONENT: i32 = 1011;
/** Of fractions with so many bits most floats are: all but the largest and the smallest that are looked at. */
const FEWEST_BITS: i32 = 43;
const MOST_BITS: i32 = 59;
/** Behind so many digits, twice the power of five with as many. */
const END_12: u64 = 488281250;
const END_15: u64 = 61035156250;

/** The state behind three more digits. */
function three(state: i32, digits: u64): i32 {
  return load<u16>((<usize>(state + <i32>digits)) << 1, THREE);
}

/** The state behind one more digit. */
function one(state: i32, digit: i32): i32 {
  return load<u16>((<usize>(state + digit)) << 1, ONE);
}

/** What a number with so many bits behind its point has there. */
function fraction(value: u64, bits: i32): u64 {
  return value & (((<u64>1) << bits) - 1);
}

/**
 * Sets to 0 what has no such digits; those that nothing is told of stay as they are.
 * @param found the state of what has them
 * @param drop bits that a float of 64 bits has more than those of the column
 * @param isZero whether "0" is looked for
 * @param isPointed whether ".0" is printed behind whole numbers
 * @returns of how many nothing is told
 */
export function narrow(count: i32, found: i32, drop: i32, isZero: i32, isPointed: i32): i32 {
  let open: usize = 0;
  for (let at: usize = 0; at < <usize>count; at++) {
    if (load<u8>(at, WANTED) == 0) continue;
    const float = load<u64>(at << 3, VALUES);
    const exponent = (<i32>(float >> 52)) & 0x7ff;
    const bits = 1075 - exponent - drop;
    if (exponent < LEAST_EXPONENT || bits < 0) {
      if (exponent == 0x7ff) store<u8>(at, 0, WANTED);
      else if (float << 1 == 0) store<u8>(at, <u8>isZero, WANTED);
      else {
        store<i32>(open << 2, <i32>at, OPEN);
        open++;
      }
      continue;
    }
    const digits = ((float & 0xfffffffffffff) | 0x10000000000000) >> drop;
    let part = digits;
    if (exponent < 1023) {
      if (isZero) continue;
    } else {
      if (afterWhole(digits >> bits) == found) continue;
      part = fraction(digits, bits);
      if (part == 0) {
        store<u8>(at, <u8>(isZero & isPointed), WANTED);
        continue;
      }
    }
    // What is read as a power of two reaches only half as far below it.
    const state = float << 12 == 0 ? -1 : afterPart((part << 1) | 1, bits, found);
    if (state < 0) {
      store<i32>(open << 2, <i32>at, OPEN);
      open++;
    } else if (state != found) store<u8>(at, 0, WANTED);
  }
  return <i32>open;
}

/** The state behind a whole number. */
function afterWhole(whole: u64): i32 {
  if (whole < 1000) return load<u16>((<usize>whole) << 1, FIRST);
  if (whole >> 32 != 0) {
    const above = whole / 1000;
    return three(afterWhole(above), whole - above * 1000);
  }
  // What divides numbers of 32 bits is several times as fast.
  const above = <u32>whole / 1000;
  const state = above < 1000 ? <i32>load<u16>((<usize>above) << 1, FIRST) : afterWhole(above);
  return three(state, <u32>whole - above * 1000);
}

/** The state behind the digits of what a float has behind its point, or another one that is not `found` where it cannot be; -1 where two are as near. */
function afterPart(end: u64, bits: i32, found: i32): i32 {
  if (bits < FEWEST_BITS || bits > MOST_BITS) return afterRest(end, bits + 1, 2, 0, found);
  const shift = MOST_BITS - bits;
  let rest = end * 125;
  let state = three(0, rest >> (bits - 2));
  // From here on there are as many bits of all of them: 57, and three less each time.
  rest = (fraction(rest, bits - 2) << shift) * 125;
  state = three(state, rest >> 54);
  rest = fraction(rest, 54) * 125;
  state = three(state, rest >> 51);
  rest = fraction(rest, 51) * 125;
  state = three(state, rest >> 48);
  rest = fraction(rest, 48);
  if (rest < END_12 << shift) return afterRest(end, bits + 1, 2, 0, found);
  // Of a fraction with so many bits as many digits more are always enough.
  const most = ((bits * 1233) >> 12) - 11;
  if (state == found || state + most * WAYS < found) return state;
  const next = rest * 125;
  const last = fraction(next, 45);
  if (last < END_15 << shift)
    return state + 3 * WAYS < found ? state : afterRest(rest, 48, END_12 << shift, state, found);
  state = three(state, next >> 45);
  if (state == found || state + (most - 3) * WAYS < found) return state;
  return afterRest(last, 45, END_15 << shift, state, found);
}

/** The same from a digit on. @param end how far it is from one end of what is read as the same float to the other */
function afterRest(from: u64, places: i32, width: u64, before: i32, found: i32): i32 {
  let rest = from;
  let bits = places;
  let end = width;
  let state = before;
  if (bits > 60) {
    // Two zeros.
    state = one(one(0, 0), 0);
    rest *= 25;
    end *= 25;
    bits -= 2;
  }
  while (true) {
    if (bits <= 57 && bits >= 3) {
      const product = rest * 125;
      const left = fraction(product, bits - 3);
      if (left >= end * 125) {
        bits -= 3;
        state = three(state, product >> bits);
        rest = left;
        end *= 125;
        continue;
      }
      if (state == found || state + 3 * WAYS < found) return state;
    }
    const product = rest * 5;
    bits--;
    end *= 5;
    let digit = <i32>(product >> bits);
    const left = fraction(product, bits);
    if (left >= end) {
      state = one(state, digit);
      rest = left;
      continue;
    }
    // The last digit. Where the float itself lies below it another one may be nearer.
    const below = (end >> 1) - left;
    if (<i64>below > 0) {
      const rounded = below + (((<u64>1) << bits) >> 1);
      if (fraction(rounded, bits) == 0) return -1;
      digit -= <i32>(rounded >> bits);
    }
    return one(state, digit);
  }
}
