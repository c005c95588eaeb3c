/** A float as JSON has it; the numbers that it has not are texts. */
export function floatJson(value: number): number | string {
  if (Number.isNaN(value)) return "nan";
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : value > 0 ? "inf" : "-inf";
}

/** An int as a JSON number where that is exact, else its digits. */
export function intJson(value: number | bigint): number | string {
  return typeof value === "number" ? value : value.toString();
}
