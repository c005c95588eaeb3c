import { joined, pyRepr, reprComplex, reprParts, reprText } from "./repr.ts";
import type { ReprPart } from "./repr.ts";

/** A value with no JavaScript counterpart: built by a class or function that is never called. Python: any object. */
export class PyObject {
  /** The module of the class, or of the function that Python would call, as Python 3 names it. */
  readonly module: string;
  /** Its qualified name: `Outer.Inner`. */
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

  /** @internal */
  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  /** @internal */
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
  /** Names of the values, where the class is known. */
  readonly fields: readonly string[] | undefined;

  /** @internal */
  constructor(module: string, name: string, fields?: readonly string[]) {
    super(module, name);
    this.fields = fields;
  }

  /** The value of a known field. */
  get(field: string): unknown {
    const at = this.fields?.indexOf(field) ?? -1;
    return at < 0 ? undefined : this.args[at];
  }

  /** @internal */
  override [reprParts](): ReprPart[] {
    const { fields } = this;
    const groups = this.args.map((value, at): ReprPart[] => {
      const field = fields?.[at];
      return field === undefined ? [{ value }] : [`${field}=`, { value }];
    });
    return [`${this.name}(`, ...joined(groups), ")"];
  }

  /** The values. */
  *[Symbol.iterator](): IterableIterator<unknown> {
    yield* this.args;
  }
}

/** A class or function by name. Python: what `import module; module.name` would give; never imported here. */
export class PyGlobal {
  /** As Python 3 names it. */
  readonly module: string;
  /** The qualified name in the module. */
  readonly name: string;

  /** @internal */
  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return [`<${this.module}.${this.name}>`];
  }

  /** `<module.name>`. */
  toString(): string {
    return `<${this.module}.${this.name}>`;
  }
}

/** A place where the pickle refers to something that it does not contain, or that cannot be read. */
export class PyOpaque {
  /** Why it cannot be shown. */
  readonly why: string;

  /** @internal */
  constructor(why: string) {
    this.why = why;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return [`<${this.why}>`];
  }

  /** The reason in `<>`. */
  toString(): string {
    return `<${this.why}>`;
  }
}

/** Python: `collections.OrderedDict`. */
export class OrderedDict extends Map<unknown, unknown> {
  /** @internal */
  [reprParts](): ReprPart[] {
    return this.size === 0
      ? ["OrderedDict()"]
      : [
          "OrderedDict([",
          ...joined([...this].map(([key, value]) => ["(", { value: key }, ", ", { value }, ")"])),
          "])",
        ];
  }

  /** Python: `repr`. */
  override toString(): string {
    return pyRepr(this);
  }
}

/** Python: `complex`. */
export class PyComplex {
  /** Python: `real`. */
  readonly re: number;
  /** Python: `imag`. */
  readonly im: number;

  /** @internal */
  constructor(re: number, im: number) {
    this.re = re;
    this.im = im;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return [reprComplex(this.re, this.im)];
  }

  /** Python: `str`: `(1+2j)`. */
  toString(): string {
    return pyRepr(this);
  }
}

/** Python: `range`. */
export class PyRange {
  /** The first number. */
  readonly start: number | bigint;
  /** Where it ends, itself not in the range. */
  readonly stop: number | bigint;
  /** From one number to the next, never 0. */
  readonly step: number | bigint;

  /** @internal */
  constructor(start: number | bigint, stop: number | bigint, step: number | bigint) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return [this.toString()];
  }

  /** Python: `str`: `range(0, 10)`. */
  toString(): string {
    return `range(${this.start}, ${this.stop}${BigInt(this.step) === 1n ? "" : `, ${this.step}`})`;
  }
}

/** Python: `decimal.Decimal`; the exact digits, never rounded. */
export class PyDecimal {
  /** All its digits, as Python writes them. */
  readonly text: string;

  /** @internal */
  constructor(text: string) {
    this.text = text;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return [`Decimal('${this.text}')`];
  }

  /** Python: `str`. */
  toString(): string {
    return this.text;
  }
}

/** Python: `uuid.UUID`. */
export class PyUUID {
  /** With hyphens, in small letters. */
  readonly text: string;

  /** @internal */
  constructor(text: string) {
    this.text = text;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return [`UUID('${this.text}')`];
  }

  /** Python: `str`. */
  toString(): string {
    return this.text;
  }
}

/** Python: `pathlib.PurePath` and its kinds; `kind` is the class's name. */
export class PyPath {
  /** Python's class: `PosixPath`, `PureWindowsPath`. */
  readonly kind: string;
  /** The path. */
  readonly text: string;

  /** @internal */
  constructor(kind: string, text: string) {
    this.kind = kind;
    this.text = text;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return [`${this.kind}(${reprText(this.text)})`];
  }

  /** Python: `str`. */
  toString(): string {
    return this.text;
  }
}
