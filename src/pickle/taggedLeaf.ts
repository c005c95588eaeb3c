import { createHash } from "node:crypto";
import { floatJson, intJson } from "./json.ts";
import { PyTimeDelta } from "./natural/temporal.ts";
import { isoDate, isoOffset, isoTime } from "./natural/time.ts";
import { scalarElement } from "./numpy/array.ts";
import { dtypeJson } from "./numpy/dtype.ts";
import { elementJson } from "./numpy/elements.ts";
import type { LeafShape, Span, ValueReader } from "./shapes.ts";
import { bufferOn } from "./text.ts";
import type { Tagged } from "./types.ts";

/** Bytes of an int whose decimal digits are made in a second or two: 2.5 million digits. */
const LARGEST_DECIMAL = 1 << 20;

/** A value by itself in the lossless JSON form, as the contract's table has it. */
export function taggedLeaf(shape: LeafShape, reader: ValueReader): Tagged {
  switch (shape.t) {
    case "none":
      return { t: "none" };
    case "bool":
      return { t: "bool", v: shape.value };
    case "int":
      return { t: "int", v: shape.value.toString() };
    case "hugeint":
      return shape.size > LARGEST_DECIMAL
        ? { t: "opaque", why: `an int of ${shape.size} bytes` }
        : { t: "int", v: shape.read().toString() };
    case "float":
      return { t: "float", v: floatJson(shape.value) };
    case "complex":
      return { t: "complex", v: [floatJson(shape.re), floatJson(shape.im)] };
    case "str": {
      const text = reader.textOf(shape);
      return text === undefined
        ? { t: "opaque", why: "text that is not UTF-8", ...digest(shape.span) }
        : { t: "str", v: text };
    }
    case "bytes":
    case "bytearray":
      return { t: shape.t, ...digest(shape.span) };
    case "range":
      return { t: "range", v: [intJson(shape.start), intJson(shape.stop), intJson(shape.step)] };
    case "datetime": {
      const offset = shape.offset === undefined ? "" : isoOffset(shape.offset);
      return { t: "datetime", v: `${isoDate(shape.date)}T${isoTime(shape.time)}${offset}` };
    }
    case "date":
      return { t: "date", v: isoDate(shape.date) };
    case "time":
      return {
        t: "time",
        v: isoTime(shape.time) + (shape.offset === undefined ? "" : isoOffset(shape.offset)),
      };
    case "timedelta":
      return {
        t: "timedelta",
        v: new PyTimeDelta(shape.days, shape.seconds, shape.microseconds).exactSeconds(),
      };
    case "decimal":
    case "uuid":
      return { t: shape.t, v: shape.text };
    case "global":
      return { t: "global", module: shape.module, name: shape.name };
    case "npscalar":
      return {
        t: "npscalar",
        dtype: dtypeJson(shape.dtype),
        v: elementJson(scalarElement(shape) ?? null),
      };
    case "opaque":
      return { t: "opaque", why: shape.why };
  }
}

/** Roughly the bytes that its JSON took to make. */
export function sizeOfLeaf(shape: LeafShape, node: Tagged): number {
  if (shape.t === "str" || shape.t === "bytes" || shape.t === "bytearray") {
    return shape.span.to - shape.span.from;
  }
  return typeof node["v"] === "string" ? node["v"].length : 0;
}

function digest({ store, from, to }: Span): { len: number; sha1: string; head: string } {
  const hash = createHash("sha1");
  for (const piece of store.pieces(from, to)) hash.update(piece);
  const head = bufferOn(store.view(from, Math.min(to, from + 64))).toString("hex");
  return { len: to - from, sha1: hash.digest("hex"), head };
}
