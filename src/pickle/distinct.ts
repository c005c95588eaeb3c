import { KeyNames } from "./keys.ts";
import type { Members, Pairs, Span, ValueReader } from "./shapes.ts";
import type { Ref } from "./tape.ts";

/** Members from which on it pays to keep what was found out. */
const KEPT_FROM = 1000;

/** Places that are tried in a table that is at most half full; a good hash needs a dozen. */
const MOST_PROBES = 256;

const foundPairs = new WeakMap<Pairs, Pairs>();
const foundMembers = new WeakMap<Members, Members>();

/** Pairs as a Python dict has them: a key that is set again keeps its place and takes the last value. */
export function distinctPairs(reader: ValueReader, pairs: Pairs): Pairs {
  if (pairs.length < 2) return pairs;
  let found = pairs.length >= KEPT_FROM ? foundPairs.get(pairs) : undefined;
  if (found === undefined) {
    const places = duplicates(reader, pairs.length, (i) => pairs.key(i));
    found =
      places === undefined
        ? pairs
        : {
            length: places.first.length,
            key: (i) => pairs.key(places.first[i] ?? 0),
            value: (i) => pairs.value(places.last[i] ?? 0),
          };
    if (pairs.length >= KEPT_FROM) foundPairs.set(pairs, found);
  }
  return found;
}

/** Members as a Python set has them: of equal ones the first stays. */
export function distinctMembers(reader: ValueReader, members: Members): Members {
  if (members.length < 2) return members;
  let found = members.length >= KEPT_FROM ? foundMembers.get(members) : undefined;
  if (found === undefined) {
    const places = duplicates(reader, members.length, (i) => members.at(i));
    found =
      places === undefined
        ? members
        : { length: places.first.length, at: (i) => members.at(places.first[i] ?? 0) };
    if (members.length >= KEPT_FROM) foundMembers.set(members, found);
  }
  return found;
}

/** Classes whose entries are a dict's, so that a key is there once. */
export function isDictType({ module, name }: { readonly module: string; readonly name: string }): boolean {
  return module === "collections" && (name === "OrderedDict" || name === "defaultdict" || name === "Counter");
}

interface Places {
  readonly first: readonly number[];
  readonly last: readonly number[];
}

/** Where each key comes first and last; `undefined` when all differ, as they do in every pickle that a dict or set was written to. */
function duplicates(reader: ValueReader, length: number, key: (index: number) => Ref): Places | undefined {
  if (allDiffer(reader, length, key)) return undefined;
  const names = new KeyNames(reader);
  const slots = new Map<number, number>();
  const first: number[] = [];
  const last: number[] = [];
  for (let i = 0; i < length; i++) {
    const name = names.of(key(i));
    const slot = slots.get(name);
    if (slot === undefined) {
      slots.set(name, first.length);
      first.push(i);
      last.push(i);
    } else {
      last[slot] = i;
    }
  }
  return first.length === length ? undefined : { first, last };
}

/** Whether all keys are plain texts or ints and differ. False also means: look closer. Hashes bytes in place, without making a string of any. */
function allDiffer(reader: ValueReader, length: number, key: (index: number) => Ref): boolean {
  if (length <= 16) {
    const texts = new Set<string>();
    for (let i = 0; i < length; i++) {
      const text = reader.quick.text(key(i));
      if (text === undefined) break;
      texts.add(text);
      if (i === length - 1) return texts.size === length;
    }
  }
  let size = 8;
  while (size < length * 2) size *= 2;
  const table = new Int32Array(size);
  const hashes = length > 16 ? new Int32Array(length) : undefined;
  for (let i = 0; i < length; i++) {
    const hash = quickHash(reader, key(i));
    if (hash === undefined) return false;
    if (hashes !== undefined) hashes[i] = hash;
    let at = hash & (size - 1);
    let probes = 0;
    for (let other = table[at] ?? 0; other > 0; other = table[at] ?? 0) {
      // So many only where somebody made keys for this hash: the closer look cannot be tricked so.
      if (++probes > MOST_PROBES) return false;
      const differ = hashes !== undefined && hashes[other - 1] !== hash;
      if (!differ && mayEqual(reader, key(i), key(other - 1))) return false;
      at = (at + 1) & (size - 1);
    }
    table[at] = i + 1;
  }
  return true;
}

/** A hash of a plain text or int; `undefined` for everything else. */
function quickHash(reader: ValueReader, ref: Ref): number | undefined {
  const span = plainText(reader, ref);
  if (span === undefined) {
    const int = plainInt(reader, ref);
    return int === undefined ? undefined : mixed(Math.imul(Math.floor(int / 2 ** 32), 0x85ebca6b) ^ int);
  }
  let hash = 0x811c9dc5;
  for (const piece of span.store.pieces(span.from, span.to)) {
    for (const byte of piece) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return mixed(hash);
}

/** Every bit of the result depends on every bit of the number (the end of MurmurHash3): keys that are multiples of a power of two do not crowd. */
function mixed(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function plainText(reader: ValueReader, ref: Ref): Span | undefined {
  if (ref < 0) return undefined;
  const shape = reader.shape(ref);
  return shape.t === "str" && shape.codec === "utf8" ? shape.span : undefined;
}

function plainInt(reader: ValueReader, ref: Ref): number | undefined {
  if (ref < 0) return undefined;
  const shape = reader.shape(ref);
  return shape.t === "int" && typeof shape.value === "number" ? shape.value : undefined;
}

function mayEqual(reader: ValueReader, a: Ref, b: Ref): boolean {
  if (a === b) return true;
  const [left, right] = [plainText(reader, a), plainText(reader, b)];
  if (left === undefined || right === undefined) {
    return left === right && plainInt(reader, a) === plainInt(reader, b);
  }
  const size = left.to - left.from;
  if (size !== right.to - right.from) return false;
  return Buffer.compare(left.store.view(left.from, left.to), right.store.view(right.from, right.to)) === 0;
}
