/** Bytes of a geometry whose text is made. */
const MOST_BYTES = 1 << 18;
/** Collections in collections. */
const DEEPEST = 16;

const NAMES = [
  "Point",
  "LineString",
  "Polygon",
  "MultiPoint",
  "MultiLineString",
  "MultiPolygon",
  "GeometryCollection",
];

/** A geometry. */
export interface Geometry {
  /** The class that shapely has for it. */
  readonly name: string;
  /** Well-known text, as shapely writes it: `POINT (1 2)`. */
  readonly text: string;
}

/** The geometry that well-known bytes are; `undefined` for what is none, or too large. Format: OGC 06-103r4, with PostGIS' flags. */
export function geometryOf(bytes: Uint8Array): Geometry | undefined {
  if (bytes.length > MOST_BYTES) return undefined;
  try {
    return new WkbReader(bytes).geometry(0);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

class WkbReader {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** INVARIANT: recurses `DEEPEST` levels and no deeper. */
  geometry(depth: number): Geometry & { readonly body: string } {
    const isLittle = this.#view.getUint8(this.#at++) === 1;
    const int = (): number => {
      this.#at += 4;
      return this.#view.getUint32(this.#at - 4, isLittle);
    };
    const code = int();
    const dimension = Math.floor((code & 0xffff) / 1000);
    const hasZ = code >= 0x8000_0000 || dimension % 2 === 1;
    const hasM = (code & 0x4000_0000) !== 0 || dimension > 1;
    if ((code & 0x2000_0000) !== 0) int(); // the reference system's number
    const kind = (code & 0xffff) % 1000;
    const name = NAMES[kind - 1];
    if (name === undefined || depth > DEEPEST) throw new RangeError("no geometry");
    const point = (): string => {
      const numbers = Array.from({ length: 2 + Number(hasZ) + Number(hasM) }, () => {
        this.#at += 8;
        return this.#view.getFloat64(this.#at - 8, isLittle);
      });
      // With as many digits as shapely writes.
      return numbers.every(Number.isNaN)
        ? ""
        : numbers.map((value) => Number(value.toPrecision(16))).join(" ");
    };
    const several = (one: () => string): string => {
      const texts: string[] = [];
      for (let left = int(); left > 0; left--) texts.push(one());
      return texts.length === 0 ? "EMPTY" : `(${texts.join(", ")})`;
    };
    const below = (): string => {
      const inner = this.geometry(depth + 1);
      return kind === 7 ? inner.text : inner.body;
    };
    let body: string;
    if (kind === 1) {
      const text = point();
      body = text === "" ? "EMPTY" : `(${text})`;
    } else {
      body = several(kind === 2 ? point : kind === 3 ? () => several(point) : below);
    }
    const axes = `${hasZ ? "Z" : ""}${hasM ? "M" : ""}`;
    return { name, body, text: `${name.toUpperCase()} ${axes === "" ? "" : `${axes} `}${body}` };
  }
}
