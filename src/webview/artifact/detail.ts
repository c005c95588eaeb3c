import type { HexPart, NodePath, Problem, TextPart } from "../../protocol/nodes.ts";

/** The whole text or the bytes of one value, as far as they were asked for. */
export interface Detail {
  readonly path: NodePath;
  readonly text: readonly string[];
  readonly hex: readonly HexPart[];
  /** How much is here, in the unit of the value's length: characters or bytes. */
  readonly shown: number;
  /** Where the next part starts, in bytes; `undefined` when all is here. */
  readonly next: number | undefined;
  readonly problem?: Problem;
}

/** The detail of a value of which nothing was read yet. */
export function newDetail(path: NodePath): Detail {
  return { path, text: [], hex: [], shown: 0, next: 0 };
}

/** Puts the next part of a text behind what is there. */
export function withText(detail: Detail, part: TextPart): Detail {
  return {
    ...detail,
    text: [...detail.text, part.text],
    shown: detail.shown + part.characters,
    next: part.next,
  };
}

/** Puts the next part of bytes behind what is there. */
export function withHex(detail: Detail, part: HexPart): Detail {
  const end = part.from + part.hex.length / 2;
  const next = part.hex.length > 0 && end < part.sizeBytes ? end : undefined;
  return { ...detail, hex: [...detail.hex, part], shown: end, next };
}
