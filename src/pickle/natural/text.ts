/** Python's `str()` of a natural value of a class that has one; `undefined` for others. */
export function ownText(value: object | null): string | undefined {
  if (value === null || Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof Date)
    return undefined;
  const text = (value as { toString(): string }).toString();
  return text.startsWith("[object ") ? undefined : text;
}
