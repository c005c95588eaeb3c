/** Prints a number as Python does; `undefined` for one that takes more than that. */
export type Print = (value: number) => string | undefined;

/** A short way to the text of a column's numbers, for most of them; `undefined` where there is none. */
export function printerOf(dtype: string): Print | undefined {
  if (/^u?int\d+$/i.test(dtype)) return printWhole;
  return /^float64$/i.test(dtype) ? printFloat : undefined;
}

function printWhole(value: number): string | undefined {
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Between these two JavaScript has the same digits as Python, and neither writes an exponent. */
function printFloat(value: number): string | undefined {
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e16) return undefined;
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
