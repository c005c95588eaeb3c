/** The extension's figures inside VS Code, beside their goals. */
import { measureInHost } from "./host.mjs";
import { median, time, verdict } from "./words.mjs";

/**
 * A figure of the extension inside VS Code.
 * @typedef {object} HostRow
 * @property {string} name
 * @property {"sidebar" | "artifact"} opens
 * @property {(answer: Readonly<Record<string, number>>) => number} figure in milliseconds
 * @property {number} [atMostMs]
 */

/** @type {readonly HostRow[]} */
export const HOST_ROWS = [
  {
    name: "host: activation, loading included (VS Code's own marks)",
    opens: "sidebar",
    figure: ({ load = Number.NaN, activate = Number.NaN }) => load + activate,
    atMostMs: 50,
  },
  {
    name: "host: activation, the thread's own time",
    opens: "sidebar",
    figure: ({ work = Number.NaN }) => work,
    atMostMs: 50,
  },
  {
    name: "host: first rows of the sidebar on 100,000 runs",
    opens: "sidebar",
    figure: ({ rows = Number.NaN }) => rows,
    atMostMs: 300,
  },
  {
    name: "host: longest turn while the sidebar opens on 100,000 runs",
    opens: "sidebar",
    figure: ({ turn = Number.NaN }) => turn,
    atMostMs: 10,
  },
  {
    name: "host: longest turn while an artifact of 1,000,000 dictionaries opens",
    opens: "artifact",
    figure: ({ turn = Number.NaN }) => turn,
    atMostMs: 10,
  },
  {
    name: "host: longest turn while nothing is done, for comparison",
    opens: "artifact",
    figure: ({ still = Number.NaN }) => still,
  },
];

/**
 * The extension's figures inside VS Code, as a table.
 * @param {import("./data.mjs").BenchData} data
 * @param {readonly HostRow[]} rows
 * @param {{ rounds: number; log: (line: string) => void }} options
 */
export async function hostTable(data, rows, options) {
  const [runs, dicts] = [await data.runs(100_000), await data.dicts()];
  const answers = await measureInHost(
    {
      sidebar: { open: "sidebar", datastore: runs.project },
      artifact: { open: { artifact: dicts.artifact }, datastore: dicts.project },
    },
    options,
  );
  const lines = rows.map(({ name, opens, figure, atMostMs }) => {
    const figures = answers[opens].map(figure);
    const middle = median(figures);
    const goal = atMostMs === undefined ? " | " : `<= ${atMostMs} ms | ${verdict(middle <= atMostMs)}`;
    return `| ${name} | ${time(middle)} | ${time(Math.min(...figures))} | ${goal} |`;
  });
  return ["| in VS Code | median | least | goal | |", "|---|--:|--:|---|---|", ...lines].join("\n");
}
