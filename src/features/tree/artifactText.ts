import { t } from "../text.ts";
import { oneLine, sizeText } from "./format.ts";
import type { Icon } from "./state.ts";

/** What is known of an artifact without decoding it. */
export interface ArtifactFacts {
  /** Of the pickled bytes; `undefined` where it was not recorded. */
  readonly sizeBytes: number | undefined;
  /** As Python writes it: `<class 'pandas.core.frame.DataFrame'>`. */
  readonly type: string | undefined;
  /** A small value, as text on one line. */
  readonly value: string | undefined;
}

/** `DataFrame` of `<class 'pandas.core.frame.DataFrame'>`. */
export function shortType(type: string | undefined): string | undefined {
  const name = /^<(?:class|enum) '(.+)'>$/.exec(type ?? "")?.[1] ?? type;
  return name?.split(".").at(-1);
}

/** The qualified name without Python's wrapping: `pandas.core.frame.DataFrame`. */
export function fullType(type: string | undefined): string | undefined {
  return /^<(?:class|enum) '(.+)'>$/.exec(type ?? "")?.[1] ?? type;
}

/** What a row says of an artifact: its value when it is small, else type and size. */
export function artifactText({ sizeBytes, type, value }: ArtifactFacts): string {
  if (value !== undefined) return oneLine(value);
  const size = sizeBytes === undefined ? undefined : sizeText(sizeBytes);
  return [shortType(type), size].filter((part) => part !== undefined).join(" · ");
}

const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^(int|float|complex|bool|u?int\d+|float\d+|bool_|Decimal|Fraction)$/, "symbol-number"],
  [/^(str|bytes|bytearray|str_|Path|PosixPath|UUID)$/, "symbol-string"],
  [/^(list|tuple|set|frozenset|deque|range)$/, "symbol-array"],
  [/^(dict|OrderedDict|defaultdict|Counter|mappingproxy)$/, "symbol-namespace"],
  [/^(ndarray|matrix|Tensor|Parameter|csr_matrix|csc_matrix|Index|Series)$/, "symbol-ruler"],
  [/^(DataFrame|Table|RecordBatch|LazyFrame)$/, "table"],
  [/^(Image|PngImageFile|JpegImageFile|Figure)$/, "file-media"],
  [/^(datetime|date|time|timedelta|Timestamp)$/, "calendar"],
  [/^(NoneType)$/, "circle-slash"],
  [/^(type|function|method|module|ABCMeta)$/, "symbol-class"],
  [/(Classifier|Regressor|Model|Module|Pipeline|Booster|Estimator|Network)$/, "circuit-board"],
  [/^(IncludedFile)$/, "file-text"],
];

/** The icon of an artifact's family: number, text, list, array, table, image, model … */
export function artifactIcon(type: string | undefined): Icon {
  const short = shortType(type) ?? "";
  return { id: FAMILIES.find(([pattern]) => pattern.test(short))?.[1] ?? "symbol-field" };
}

/** A type as a word for screen readers. */
export function spokenType(type: string | undefined): string {
  return shortType(type) ?? t("unknown type");
}
