import type { Recogniser } from "../shapes.ts";
import { isBare } from "./arguments.ts";

/** Digits that an exponent may stand for in plain text; Python's own str() of larger ones is in exponent form anyway. */
const DECIMAL_TEXT =
  /^([+-]?)(?:(?=\d|\.\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?|(inf(?:inity)?)|(s?nan)(\d*))$/i;

/** Decimals and UUIDs. */
export const numbers: Readonly<Record<string, Recogniser>> = {
  "decimal.Decimal": (object, reader) => {
    if (!isBare(object) || object.args.length !== 1) return undefined;
    const int = reader.int(object.args.at(0));
    const text = decimalStr(int === undefined ? reader.text(object.args.at(0)) : int.toString());
    return text === undefined ? undefined : { t: "decimal", text };
  },
  // UUID has a state {"int": n}, in some versions with "is_safe" beside it.
  "uuid.UUID": (object, reader) => {
    const [state] = object.states;
    if (state === undefined || object.states.length !== 1 || object.args.length > 0) return undefined;
    const fields = reader.dict(state);
    if (fields === undefined || fields.length > 4) return undefined;
    for (let i = 0; i < fields.length; i++) {
      if (reader.text(fields.key(i)) !== "int") continue;
      const value = reader.int(fields.value(i));
      if (value === undefined || value < 0 || BigInt(value) >> 128n > 0n) return undefined;
      const hex = value.toString(16).padStart(32, "0");
      return { t: "uuid", text: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") };
    }
    return undefined;
  },
};

/** Python: `str(Decimal(text))`; `undefined` where it would raise. */
export function decimalStr(text: string | undefined): string | undefined {
  const match = DECIMAL_TEXT.exec(text?.trim().replaceAll("_", "") ?? "");
  if (match === null) return undefined;
  const [, plus = "", whole = "", fraction = "", exponent = "0", infinity, nan, payload = ""] = match;
  const sign = plus === "-" ? "-" : "";
  if (infinity !== undefined) return `${sign}Infinity`;
  if (nan !== undefined) return sign + (nan.length === 4 ? "sNaN" : "NaN") + payload.replace(/^0+/, "");
  const digits = (whole + fraction).replace(/^0+(?=\d)/, "");
  const power = Number(exponent) - fraction.length;
  if (!Number.isSafeInteger(power)) return undefined;
  // The rule of the General Decimal Arithmetic Specification, "to-scientific-string".
  const adjusted = power + digits.length - 1;
  if (power <= 0 && adjusted >= -6) {
    if (power === 0) return sign + digits;
    const padded = digits.padStart(1 - power, "0");
    return `${sign}${padded.slice(0, power)}.${padded.slice(power)}`;
  }
  const head = digits.length > 1 ? `${digits.slice(0, 1)}.${digits.slice(1)}` : digits;
  return `${sign}${head}E${adjusted < 0 ? "" : "+"}${adjusted}`;
}
