import { PyTimeDelta } from "./natural/temporal.ts";
import { isoDate, isoOffset, isoTime, utcMillis } from "./natural/time.ts";
import type { Members, Shape, ValueReader } from "./shapes.ts";
import type { Ref } from "./tape.ts";

/** Bytes longer than this are compared as objects, not by content: they are no keys that anybody wrote. */
const LONGEST = 1 << 20;

/**
 * Tells which keys Python takes for the same: 1, 1.0 and True; equal texts; tuples of equal members. What is compared by code of its class counts as one
 * object each. Equal keys have equal names.
 */
export class KeyNames {
  readonly #reader: ValueReader;
  readonly #numbers = new Map<string, number>();
  readonly #known = new Map<Ref, number>();

  constructor(reader: ValueReader) {
    this.#reader = reader;
  }

  /** The same number for equal keys. Iterative: keys nest as deep as the pickle likes. */
  of(ref: Ref): number {
    const work: Ref[] = [ref];
    const open = new Set<Ref>();
    for (let at = work.at(-1); at !== undefined; at = work.at(-1)) {
      if (this.#known.has(at)) {
        work.pop();
        continue;
      }
      const shape = this.#reader.shape(at);
      const members = shape.t === "tuple" || shape.t === "frozenset" ? shape.members : undefined;
      if (members === undefined) {
        this.#learn(at, leafName(shape, at, this.#reader));
      } else if (open.has(at)) {
        this.#learn(at, this.#composite(shape.t, members, at));
      } else {
        open.add(at);
        for (let i = 0; i < members.length; i++) {
          const member = members.at(i);
          // A member that is still open contains itself: it counts as one object.
          if (!this.#known.has(member) && !open.has(member)) work.push(member);
        }
      }
    }
    return this.#known.get(ref) ?? -1;
  }

  #composite(t: string, members: Members, at: Ref): string {
    const numbers: number[] = [];
    for (let i = 0; i < members.length; i++) {
      const number = this.#known.get(members.at(i));
      if (number === undefined) return `@${at}`;
      numbers.push(number);
    }
    if (t === "tuple") return `(${numbers.join()})`;
    return `{${[...new Set(numbers)].sort((a, b) => a - b).join()}}`;
  }

  #learn(ref: Ref, name: string): void {
    let number = this.#numbers.get(name);
    if (number === undefined) this.#numbers.set(name, (number = this.#numbers.size));
    this.#known.set(ref, number);
  }
}

function leafName(shape: Shape, ref: Ref, reader: ValueReader): string {
  switch (shape.t) {
    case "none":
      return "None";
    case "bool":
      return `n${Number(shape.value)}`;
    case "int":
      return `n${shape.value}`;
    case "hugeint":
      // No float or other number equals it by its digits, and hexadecimal ones cost no division.
      return shape.size > 8192 && shape.read() >> 8192n !== 0n
        ? `h${shape.read().toString(16)}`
        : `n${shape.read()}`;
    case "float":
      return floatName(shape.value, ref);
    case "complex":
      return shape.im === 0
        ? floatName(shape.re, ref)
        : `c${floatName(shape.re, ref)},${floatName(shape.im, ref)}`;
    case "decimal":
      return decimalName(shape.text, ref);
    case "str": {
      const text = reader.textOf(shape);
      return text === undefined ? `@${ref}` : `s${text}`;
    }
    case "bytes": {
      const { store, from, to } = shape.span;
      return to - from > LONGEST ? `@${ref}` : `b${Buffer.from(store.view(from, to)).toString("latin1")}`;
    }
    case "range":
      return `r${shape.start},${shape.stop},${shape.step}`;
    case "date":
      return `d${isoDate(shape.date)}`;
    case "time":
      return `t${isoTime(shape.time)}${shape.offset === undefined ? "" : isoOffset(shape.offset)}`;
    case "datetime": {
      const { date, time, offset } = shape;
      if (offset === undefined) return `dt${isoDate(date)}T${isoTime(time)}`;
      const millis = BigInt(utcMillis(date, time));
      return `at${millis * 1000n + BigInt(time.microsecond % 1000) - BigInt(offset)}`;
    }
    case "timedelta":
      return `td${new PyTimeDelta(shape.days, shape.seconds, shape.microseconds).exactSeconds()}`;
    case "uuid":
      return `u${shape.text}`;
    case "global":
      return `g${shape.module}.${shape.name}`;
    default:
      return `@${ref}`;
  }
}

/** Python compares numbers of all kinds by their exact value. */
function floatName(value: number, ref: Ref): string {
  if (Number.isNaN(value)) return `nan@${ref}`; // equal to nothing but the same object
  if (!Number.isFinite(value)) return `n${value}`;
  let power = 0;
  let scaled = value;
  for (; !Number.isInteger(scaled); power++) scaled *= 2;
  // In lowest terms already: the numerator is odd unless the number is whole.
  return power === 0 ? `n${BigInt(scaled)}` : `q${BigInt(scaled)}/${1n << BigInt(power)}`;
}

function decimalName(text: string, ref: Ref): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]\d+))?$/.exec(text);
  if (match === null) return /^-?Infinity$/.test(text) ? `n${text}` : `nan@${ref}`;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const power = Number(exponent) - fraction.length;
  if (Math.abs(power) > 2000 || text.length > 4000) return `D${text}`;
  const digits = BigInt(sign + whole + fraction);
  return power >= 0
    ? fractionName(digits * 10n ** BigInt(power), 1n)
    : fractionName(digits, 10n ** BigInt(-power));
}

function fractionName(numerator: bigint, denominator: bigint): string {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
  while (b > 0n) [a, b] = [b, a % b];
  return denominator === a ? `n${numerator / a}` : `q${numerator / a}/${denominator / a}`;
}
