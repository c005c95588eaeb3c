/** One foreach around a task, as the client tells it; outermost first. */
export interface Frame {
  readonly index: number;
  /** The artifact that was iterated over. */
  readonly variable: string | undefined;
  /** The item's text, as Metaflow recorded it. */
  readonly value: string | undefined;
}

/** `[3] model = "xgb"`; of nested foreaches `[0, 3] region = "eu", model = "xgb"`. Empty outside of a foreach. */
export function foreachText(frames: readonly Frame[]): string {
  if (frames.length === 0) return "";
  const values = frames.flatMap(({ variable, value }) => {
    if (value === undefined) return [];
    return variable === undefined || variable === "" ? [quoted(value)] : [`${variable} = ${quoted(value)}`];
  });
  return [`[${indexText(frames)}]`, values.join(", ")].filter((part) => part !== "").join(" ");
}

/** `train[3]`: a task as people name it in a sentence. */
export function taskInStep(step: string, frames: readonly Frame[]): string {
  return frames.length === 0 ? step : `${step}[${indexText(frames)}]`;
}

/** Orders tasks as the foreach made them. */
export function compareFrames(a: readonly Frame[], b: readonly Frame[]): number {
  for (let level = 0; level < Math.max(a.length, b.length); level++) {
    const difference = (a[level]?.index ?? -1) - (b[level]?.index ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function indexText(frames: readonly Frame[]): string {
  return frames.map(({ index }) => index).join(", ");
}

// Metaflow recorded `str(value)`: what looks like a number, a constant or some other object's text is shown as it is.
const NO_STRING = /^(-?(\d|\.\d|inf|nan)|True$|False$|None$|[[({<]|[\w.]+\()/;

function quoted(value: string): string {
  return NO_STRING.test(value) ? value : JSON.stringify(value);
}
