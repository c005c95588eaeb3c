import { joined, pyRepr, reprComplex, reprParts, reprText } from "./repr.ts";
import type { ReprPart } from "./repr.ts";

/** A value with no JavaScript counterpart: built by a class or function that is never called. Python: any object. */
export class PyObject {
  /** Module and qualified name of the class, or of the function that Python would call, with Python 3's names. */
  readonly module: string;
  readonly name: string;
  /** Positional arguments of the class or function. */
  args: unknown[] = [];
  /** Keyword arguments, by name. */
  kwargs: Map<string, unknown> | undefined = undefined;
  /** What BUILD sets: for most classes a Map of the attributes. `undefined` when nothing was set. */
  state: unknown = undefined;
  /** Members appended to it (list subclasses, deque). */
  items: unknown[] | undefined = undefined;
  /** Key and value pairs set on it (dict subclasses). */
  entries: [unknown, unknown][] | undefined = undefined;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  [reprParts](): ReprPart[] {
    const groups: ReprPart[][] = this.args.map((value) => [{ value }]);
    for (const [name, value] of this.kwargs ?? []) groups.push([`${name}=`, { value }]);
    if (this.items !== undefined) groups.push([{ value: this.items }]);
    if (this.entries !== undefined) groups.push([{ value: new Map(this.entries) }]);
    if (this.state instanceof Map) {
      for (const [name, value] of this.state) {
        groups.push(typeof name === "string" ? [`${name}=`, { value }] : [{ value: name }, "=", { value }]);
      }
    } else if (this.state !== undefined) {
      groups.push(["state=", { value: this.state }]);
    }
    return [`${this.name}(`, ...joined(groups), ")"];
  }

  /** Python-like: `Point(1, 2)`, `Config(rate=0.1)`. */
  toString(): string {
    return pyRepr(this);
  }
}

/**
 * An object made of positional values alone, as `collections.namedtuple` pickles: a pickle stores no field names, so `fields` is set only for classes
 * that are known.
 */
export class NamedTuple extends PyObject {
  readonly fields: readonly string[] | undefined;

  constructor(module: string, name: string, fields?: readonly string[]) {
    super(module, name);
    this.fields = fields;
  }

  /** The value of a known field. */
  get(field: string): unknown {
    const at = this.fields?.indexOf(field) ?? -1;
    return at < 0 ? undefined : this.args[at];
  }

  override [reprParts](): ReprPart[] {
    const { fields } = this;
    const groups = this.args.map((value, at): ReprPart[] => {
      const field = fields?.[at];
      return field === undefined ? [{ value }] : [`${field}=`, { value }];
    });
    return [`${this.name}(`, ...joined(groups), ")"];
  }

  *[Symbol.iterator](): IterableIterator<unknown> {
    yield* this.args;
  }
}

/** A class or function by name. Python: what `import module; module.name` would give; never imported here. */
export class PyGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  [reprParts](): ReprPart[] {
    return [`<${this.module}.${this.name}>`];
  }

  toString(): string {
    return `<${this.module}.${this.name}>`;
  }
}

/** A place where the pickle refers to something that it does not contain, or that cannot be read. */
export class PyOpaque {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }

  [reprParts](): ReprPart[] {
    return [`<${this.why}>`];
  }

  toString(): string {
    return `<${this.why}>`;
  }
}

/** Python: `collections.OrderedDict`. */
export class OrderedDict extends Map<unknown, unknown> {
  [reprParts](): ReprPart[] {
    return this.size === 0
      ? ["OrderedDict()"]
      : [
          "OrderedDict([",
          ...joined([...this].map(([key, value]) => ["(", { value: key }, ", ", { value }, ")"])),
          "])",
        ];
  }

  override toString(): string {
    return pyRepr(this);
  }
}

/** Python: `complex`. */
export class PyComplex {
  readonly re: number;
  readonly im: number;

  constructor(re: number, im: number) {
    this.re = re;
    this.im = im;
  }

  [reprParts](): ReprPart[] {
    return [reprComplex(this.re, this.im)];
  }

  toString(): string {
    return pyRepr(this);
  }
}

/** Python: `range`. */
export class PyRange {
  readonly start: number | bigint;
  readonly stop: number | bigint;
  readonly step: number | bigint;

  constructor(start: number | bigint, stop: number | bigint, step: number | bigint) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  [reprParts](): ReprPart[] {
    return [this.toString()];
  }

  toString(): string {
    return `range(${this.start}, ${this.stop}${BigInt(this.step) === 1n ? "" : `, ${this.step}`})`;
  }
}

/** Python: `decimal.Decimal`; the exact digits, never rounded. */
export class PyDecimal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  [reprParts](): ReprPart[] {
    return [`Decimal('${this.text}')`];
  }

  toString(): string {
    return this.text;
  }
}

/** Python: `uuid.UUID`. */
export class PyUUID {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  [reprParts](): ReprPart[] {
    return [`UUID('${this.text}')`];
  }

  toString(): string {
    return this.text;
  }
}

/** Python: `pathlib.PurePath` and its kinds; `kind` is the class's name. */
export class PyPath {
  readonly kind: string;
  readonly text: string;

  constructor(kind: string, text: string) {
    this.kind = kind;
    this.text = text;
  }

  [reprParts](): ReprPart[] {
    return [`${this.kind}(${reprText(this.text)})`];
  }

  toString(): string {
    return this.text;
  }
}
