/** Compares two lossless forms. */
import type { Json } from "../../src/pickle/index.ts";

/** The same form with the members of sets in one order: Python's depends on its hashes. */
export function sorted(node: Json): Json {
  if (Array.isArray(node)) return node.map(sorted);
  if (typeof node !== "object" || node === null) return node;
  const copy: Record<string, Json> = {};
  for (const [key, value] of Object.entries(node)) {
    Object.defineProperty(copy, key, { value: sorted(value), enumerable: true, configurable: true });
  }
  const { t, v } = node;
  if ((t === "set" || t === "frozenset") && Array.isArray(v)) {
    const texts = v.map((member) => JSON.stringify(sorted(member))).sort();
    Object.defineProperty(copy, "v", { value: texts, enumerable: true });
  }
  return copy;
}

/** The first place where two forms differ. */
export function difference(
  answer: Json | undefined,
  truth: Json | undefined,
  path: string,
): string | undefined {
  if (typeof answer !== "object" || typeof truth !== "object" || answer === null || truth === null) {
    return answer === truth ? undefined : `${path}: ${brief(answer)} is not ${brief(truth)}`;
  }
  const [left, right] = [Object.entries(answer), new Map(Object.entries(truth))];
  for (const [key, value] of left) {
    const why = difference(value, right.get(key), `${path}/${key}`);
    if (why !== undefined) return why;
    right.delete(key);
  }
  for (const key of right.keys()) return `${path}/${key} is missing`;
  return undefined;
}

function brief(value: Json | undefined): string {
  return (value === undefined ? "nothing" : JSON.stringify(value)).slice(0, 200);
}
