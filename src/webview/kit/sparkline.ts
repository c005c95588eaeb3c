import type { Histogram, Profile } from "../../protocol/profile.ts";

const SVG = "http://www.w3.org/2000/svg";

/** The outline of a histogram as the path of an SVG, so wide and so high: a bar for each bin, one unit high at least where there is anything. */
export function histogramPath({ bins }: Histogram, width: number, height: number): string {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const each = width / bins.length;
  return bins
    .map(({ count }, at) => {
      if (count === 0) return "";
      const high = Math.max(1, (count / most) * height);
      return `M${round(at * each)} ${height}v${round(-high)}h${round(Math.max(0.5, each - 0.5))}V${height}z`;
    })
    .join("");
}

/** How many values are missing, whatever the kind. */
export function missingOf({ missing }: Profile): number {
  return Object.values(missing).reduce((sum, count) => sum + count, 0);
}

/**
 * The line under a column's header: a small histogram where there is one, and what is said of it, `0 null` or `812 distinct`. Decoration for the eye:
 * it is hidden from screen readers, which hear the same in the view of the statistics. The caller clears the slot.
 * @param said the text beside the picture, in the person's language
 */
export function sparkline(profile: Profile, said: string): HTMLElement {
  const line = document.createElement("div");
  line.className = "sparkline";
  line.setAttribute("aria-hidden", "true");
  if (profile.histogram !== undefined) {
    const [width, height] = [48, 12];
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.setAttribute("width", String(width));
    picture.setAttribute("height", String(height));
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", histogramPath(profile.histogram, width, height));
    path.setAttribute("fill", "var(--vscode-charts-blue)");
    picture.append(path);
    line.append(picture);
  }
  const text = document.createElement("span");
  text.textContent = said;
  line.append(text);
  return line;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
