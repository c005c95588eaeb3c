import { PyComplex } from "../natural/classes.ts";
import { pyRepr, reprComplex, reprFloat, reprText } from "../natural/repr.ts";
import { isBfloat16, type DType } from "./dtype.ts";
import type { NpElement } from "./elements.ts";
import { NpDateTime, NpRecord, NpTimeDelta } from "./values.ts";

interface Precision {
  readonly bits: number;
  readonly least: number;
  /** Digits that are always enough. */
  readonly digits: number;
}

/** Bits of the fraction of the short floats, and the smallest power that they have. */
const SHORT: Readonly<Record<number, Precision>> = {
  2: { bits: 10, least: -14, digits: 5 },
  4: { bits: 23, least: -126, digits: 9 },
};

const SHORT_BFLOAT16: Precision = { bits: 7, least: -126, digits: 4 };

/** An element as numpy writes it in an array. @param missing what stands for `null` */
export function elementText(dtype: DType, element: NpElement | undefined, missing: string): string {
  if (element === undefined) return "?";
  if (element === null) return missing;
  if (typeof element === "number" && dtype.kind === "f") return floatText(element, dtype);
  if (element instanceof PyComplex && dtype.itemsize === 8) {
    // Of two float32.
    const half = { ...dtype, kind: "f", itemsize: 4 } as const;
    return reprComplex(element.re, element.im, (value) => floatText(value, half));
  }
  if (element instanceof NpDateTime) return reprText(element.toString());
  if (element instanceof NpTimeDelta) return element.count.toString();
  if (element instanceof NpRecord && dtype.fields !== undefined) {
    const values = element.values.map(
      (value, index) => elementText(dtype.fields?.[index]?.dtype ?? dtype, value as NpElement, missing), // As it was read.
    );
    if (values.length < dtype.fields.length) values.push("…");
    return `(${values.join(", ")}${values.length === 1 ? ",)" : ")"}`;
  }
  const { subarray } = dtype;
  if (Array.isArray(element) && subarray !== undefined)
    return `[${element.map((own: NpElement) => elementText(subarray.base, own, missing)).join(", ")}]`;
  return pyRepr(element);
}

/** The shortest digits that a float of its size is read back from. */
function floatText(value: number, dtype: DType): string {
  const short = isBfloat16(dtype) ? SHORT_BFLOAT16 : SHORT[dtype.itemsize];
  if (short === undefined || value === 0 || !Number.isFinite(value)) return reprFloat(value);
  const lastBit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value))), short.least) - short.bits);
  for (let digits = 1; digits < short.digits; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.abs(rounded - value) < lastBit / 2) return reprFloat(rounded);
  }
  return reprFloat(Number(value.toPrecision(short.digits)));
}
