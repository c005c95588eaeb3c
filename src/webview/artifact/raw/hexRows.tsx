import type { JSX } from "preact";
import type { RawPages } from "./pages.ts";

/** Bytes of a line. */
export const LINE_BYTES = 16;

/** Bytes that are marked, `from` to `to`. */
export interface Marked {
  readonly from: number;
  readonly to: number;
}

interface RowsProps {
  readonly pages: RawPages;
  /** Lines `first` to `first + count`. */
  readonly first: number;
  readonly count: number;
  readonly marked: Marked | undefined;
}

/** Lines of sixteen bytes: where they lie, the bytes, and what is ASCII of them. */
export function HexRows({ pages, first, count, marked }: RowsProps): JSX.Element {
  return (
    <>
      {Array.from({ length: count }, (_, index) => (
        <HexRow key={index} pages={pages} from={(first + index) * LINE_BYTES} marked={marked} />
      ))}
    </>
  );
}

function HexRow({
  pages,
  from,
  marked,
}: Omit<RowsProps, "first" | "count"> & { readonly from: number }): JSX.Element {
  const bytes = Array.from({ length: Math.min(LINE_BYTES, pages.sizeBytes - from) }, (_, at) =>
    pages.at(from + at),
  );
  const isMarked = (at: number): boolean =>
    marked !== undefined && from + at >= marked.from && from + at < marked.to;
  return (
    <div class="hex-row">
      <span class="dim">{from.toString(16).padStart(8, "0")}</span>
      <span class="hex-bytes">
        {bytes.map((byte, at) => (
          <span key={at} class={isMarked(at) ? "hex-marked" : undefined}>
            {byte === undefined ? "··" : byte.toString(16).padStart(2, "0")}
            {at === 7 ? "  " : " "}
          </span>
        ))}
      </span>
      <span class="hex-ascii">
        {bytes.map((byte, at) => (
          <span key={at} class={isMarked(at) ? "hex-marked" : undefined}>
            {byte !== undefined && byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."}
          </span>
        ))}
      </span>
    </div>
  );
}
