import type { JSX } from "preact";
import { formatCount } from "../../kit/format.ts";
import { VisibleText } from "../../kit/visibleText.tsx";
import { say } from "../say.ts";
import { DESCRIPTION_ID } from "./surface.tsx";
import { gradientOf } from "./colours.ts";
import type { ColourScale } from "./scaleOf.ts";
import type { Seen } from "./useRaster.ts";

interface StatusProps {
  /** The number with the focus. */
  readonly told: string;
  readonly problem: string | undefined;
  readonly lengths: readonly [number, number];
  readonly seen: Seen | undefined;
  readonly scale: ColourScale | undefined;
}

/** Below a heat map: the number under the pointer, how much of the value the picture is, and what its colours mean. */
export function HeatmapStatus({
  told,
  problem,
  lengths: [height, width],
  seen,
  scale,
}: StatusProps): JSX.Element {
  return (
    <div class="shape-status">
      <span class="shape-value">
        <VisibleText text={told} />
      </span>
      {problem !== undefined && <span class="error-text">{problem}</span>}
      <span id={DESCRIPTION_ID} class="dim">
        {say("heatmapSize", formatCount(height), formatCount(width))}
        {seen !== undefined && `, ${howExact(seen)}`}
      </span>
      {scale !== undefined && (
        <span class="legend">
          <span>{scale.lowText}</span>
          <span class="legend-colours" style={{ background: gradientOf(scale.palette) }} />
          <span>{scale.highText}</span>
          <span class="legend-missing" />
          <span>{say("missingNumber")}</span>
        </span>
      )}
    </div>
  );
}

/** What a pixel stands for. */
function howExact({ raster, params: { rows, columns } }: Seen): string {
  const { exact, width, height } = raster;
  const numbers = (rows.to - rows.from) * (columns.to - columns.from);
  if (width * height === numbers) return say("everyNumber");
  const each = formatCount(Math.round(numbers / Math.max(1, width * height)));
  return say(exact ? "meanOfEach" : "oneOfEach", each);
}
