/** A piece of a `repr`: text, or a value to be written in its place. */
export type ReprPart = string | { readonly value: unknown };

/** Pieces of text in a `repr` at most. */
const MOST_PIECES = 1 << 20;

/** Characters of a `repr` at most, roughly. */
const MOST_CHARACTERS = 1 << 24;
/** An int whose decimal digits are made in a millisecond or two. Python's own repr gives up at 4,300. */
const LARGEST_DECIMAL = 1n << 65_536n;

/** How a class of ours takes part in `pyRepr`. */
export const reprParts = Symbol("reprParts");

interface Representable {
  [reprParts](): ReprPart[];
}

function isRepresentable(value: object): value is Representable {
  return reprParts in value;
}

/** Parts with `, ` between them. */
export function joined(groups: readonly (readonly ReprPart[])[]): ReprPart[] {
  return groups.flatMap((group, index) => (index === 0 ? group : [", ", ...group]));
}

/** Text that is written as it is. */
const PLAIN = /^[ !#-&(-[\]-~]*$/;

/** Python: `repr(text)`: its choice of quotes, its escapes. */
export function reprText(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === quote || char === "\\") out += `\\${char}`;
    else if (char === "\n") out += "\\n";
    else if (char === "\r") out += "\\r";
    else if (char === "\t") out += "\\t";
    else if (code < 0x20 || (code >= 0x7f && code < 0xa1) || code === 0xad) out += `\\x${hex(code, 2)}`;
    // Line and paragraph separators, direction marks and everything else that a screen would obey rather than show.
    else if (/[\p{C}\p{Zl}\p{Zp}]/u.test(char))
      out += code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
    else out += char;
  }
  return out + quote;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, "0");
}

/** Python: `repr(data)` of bytes. */
export function reprBytes(data: Uint8Array): string {
  const quote = data.includes(39) && !data.includes(34) ? '"' : "'";
  let out = `b${quote}`;
  for (const byte of data) out += byte === 39 && quote === "'" ? "\\'" : (BYTES[byte] ?? "");
  return out + quote;
}

/** Each byte as Python writes it between quotes. */
const BYTES = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  if (char === "\\") return "\\\\";
  if (char === "\n") return "\\n";
  if (char === "\r") return "\\r";
  if (char === "\t") return "\\t";
  return byte < 0x20 || byte >= 0x7f ? `\\x${hex(byte, 2)}` : char;
});

/** Python: `repr(value)` of a float: the shortest digits, its own rules for exponents. */
export function reprFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  // Between these JavaScript writes the same digits in the same way.
  if (size >= 1e-4 && size < 1e16) return Number.isInteger(value) ? `${value}.0` : value.toString();
  const [digits = "0", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 16) {
    const text = Math.abs(power) < 16 && !String(value).includes("e") ? String(value) : plain(digits, power);
    return text.includes(".") ? text : `${text}.0`;
  }
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function plain(digits: string, power: number): string {
  const sign = digits.startsWith("-") ? "-" : "";
  const bare = digits.replace(/[-.]/g, "");
  return power < 0
    ? `${sign}0.${"0".repeat(-power - 1)}${bare}`
    : `${sign}${bare.slice(0, power + 1).padEnd(power + 1, "0")}`;
}

/** Python: `repr(complex(re, im))`. */
export function reprComplex(re: number, im: number, floatText = reprFloat): string {
  const short = (value: number): string => floatText(value).replace(/\.0$/, "");
  if (Object.is(re, 0)) return `${short(im)}j`;
  const imaginary = short(im);
  return `(${short(re)}${imaginary.startsWith("-") ? "" : "+"}${imaginary}j)`;
}

/**
 * Python: `repr(value)` of a natural value. A number is written as JavaScript has it: 1.0 and 1 are the same there. Cycles end in `...`; nothing recurses;
 * a value that refers to its parts again and again is cut where the text would have no end.
 */
export function pyRepr(value: unknown): string {
  const out: string[] = [];
  let characters = 0;
  const active = new Set<unknown>();
  const work: (ReprPart | { readonly leave: unknown })[] = [{ value }];
  for (let part = work.pop(); part !== undefined; part = work.pop()) {
    if (out.length > MOST_PIECES || characters > MOST_CHARACTERS) {
      out.push("…");
      break;
    }
    if (typeof part === "string") {
      out.push(part);
      characters += part.length;
    } else if ("leave" in part) {
      active.delete(part.leave);
    } else {
      const parts = active.has(part.value) ? "..." : partsOf(part.value);
      if (typeof parts === "string") {
        out.push(parts);
        characters += parts.length;
        continue;
      }
      active.add(part.value);
      work.push({ leave: part.value });
      for (let i = parts.length - 1; i >= 0; i--) {
        const next = parts[i];
        if (next !== undefined) work.push(next);
      }
    }
  }
  return out.join("");
}

function partsOf(value: unknown): ReprPart[] | string {
  switch (typeof value) {
    case "string":
      return reprText(value);
    case "boolean":
      return value ? "True" : "False";
    case "number":
      return Number.isInteger(value) && !Object.is(value, -0) && Math.abs(value) < 1e16
        ? String(value)
        : reprFloat(value);
    case "bigint": {
      const isHuge = value >= LARGEST_DECIMAL || value <= -LARGEST_DECIMAL;
      return isHuge ? "<an int of more than 19,000 digits>" : value.toString();
    }
    case "object":
      return value === null ? "None" : objectParts(value);
    default:
      return "None";
  }
}

function objectParts(value: object): ReprPart[] | string {
  if (isRepresentable(value)) return value[reprParts]();
  if (value instanceof Uint8Array) return reprBytes(value);
  if (Array.isArray(value)) return ["[", ...joined(value.map((item: unknown) => [{ value: item }])), "]"];
  if (value instanceof Map) return ["{", ...joined([...value].map(pairParts)), "}"];
  if (value instanceof Set) {
    return value.size === 0
      ? "set()"
      : ["{", ...joined([...value].map((item: unknown) => [{ value: item }])), "}"];
  }
  return value instanceof Date ? value.toISOString() : `<${value.constructor.name}>`;
}

function pairParts([key, value]: readonly [unknown, unknown]): ReprPart[] {
  return [{ value: key }, ": ", { value }];
}
