import { errorOf, halfBitOf, shortest, TENS, TENTHS } from "./decimals.ts";
import type { Digits } from "./digits.ts";
import { DOUBLE, floatTest, type NumberTest } from "./floatDigits.ts";

/** Digits that a product tells of most floats, all but the last three. */
const TOLD = 14;
/** So close to a whole number it does not tell them: it is rounded by 2^-7 at most, and what is printed is 10^14 / 2^53 away at most. */
const VAGUE = 0.02;

/** The same as {@link floatTest}, sooner: for most floats most digits are told by one product, and few of them need the others. */
export function doubleTest(digits: Digits): NumberTest {
  const { found, needle, next } = digits;
  const [, one, two, three] = next;
  const exactly = floatTest(digits, DOUBLE);
  const endsInZero = needle.endsWith("0");
  /** From here on three more digits may be enough. */
  const near = found - 3000;
  const isInZero = needle === "0";
  return (value) => {
    const size = Math.abs(value);
    if (!(size >= 1e-3 && size < 1e4)) return exactly(value);
    const whole = Math.floor(size);
    if (whole === 0 ? isInZero : digits.afterWhole(whole) === found) return true;
    if (whole === size) return isInZero;
    const places =
      size < 1 ? TOLD : size < 10 ? TOLD - 1 : size < 100 ? TOLD - 2 : size < 1000 ? TOLD - 3 : TOLD - 4;
    const ten = TENS[places] ?? 0;
    const product = size * ten;
    const floor = Math.floor(product);
    const rest = product - floor;
    const isVague = rest < VAGUE || rest > 1 - VAGUE;
    const all = isVague && rest > 0.5 ? floor + 1 : floor;
    // What is read as the same float has all digits that there are: no other with as few is.
    if (isVague && all / ten !== size) return exactly(value);
    const fraction = all - whole * ten;
    // Nine digits, and one to five. What divides is not exact: less than one of the five makes up for it.
    const count = places - 9;
    const upper = Math.floor(fraction * (TENTHS[count] ?? 0) + 1e-6) | 0;
    const lower = (fraction - upper * (TENS[count] ?? 0)) | 0;
    const behind = digits.afterNine(0, upper);
    let state = 0;
    if (count === 5) {
      const over = (lower / 100) | 0;
      state = two[(three[behind + over] ?? 0) + lower - over * 100] ?? 0;
    } else if (count === 4) {
      const over = (lower / 10) | 0;
      state = one[(three[behind + over] ?? 0) + lower - over * 10] ?? 0;
    } else state = digits.after(behind, lower, count);
    if (isVague) return state === found && endsInZero ? exactly(value) : state === found;
    if (state === found) return true;
    // As many zeros as follow the point there are more digits.
    if (size < 0.1) return state < near - (size < 0.01 ? 2000 : 1000) ? false : exactly(value);
    if (state < near) return false;
    const last = shortest(
      (rest + errorOf(product, size, places)) * 1000,
      halfBitOf(size) * ten * 1000,
      false,
    );
    if (!(last > 0 && last < 1000)) return undefined;
    return (endsInZero ? digits.afterShort(state, last, 3) : three[state + last]) === found;
  };
}
