/** Pictures and curves of arrays, against what numpy says of the same windows. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PyNode, Slice, Table } from "../../src/pickle/index.ts";
import { curveOf } from "../../src/worker/curve.ts";
import { openFile } from "../../src/worker/file.ts";
import { imageOf } from "../../src/worker/image.ts";
import { rasterOf } from "../../src/worker/raster.ts";
import { saidBy } from "./libraryCases.ts";

interface Told {
  readonly name: string;
  readonly file: string;
}
interface ToldRaster extends Told {
  readonly kind: "raster";
  readonly slice: Slice | null;
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
  readonly width: number;
  readonly height: number;
  readonly means: readonly (number | null)[];
  readonly least: string;
  readonly greatest: string;
}
interface ToldCurve extends Told {
  readonly kind: "curve";
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly lows: readonly (number | null)[];
  readonly highs: readonly (number | null)[];
  readonly firsts: readonly (number | null)[];
  readonly lasts: readonly (number | null)[];
  readonly missing: number;
}
interface ToldImage extends Told {
  readonly kind: "image";
  readonly rgba: readonly number[];
}

const { signal } = new AbortController();

describe("a value that numpy or pandas wrote", () => {
  let folder = "";
  let told: readonly (ToldRaster | ToldCurve | ToldImage)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-shapes-"));
    const stdout = await saidBy("new", join(import.meta.dirname, "arrayViews.py"), { args: [folder] });
    told = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as (typeof told)[number]);
  }, 600_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("has as exact pixels the means that numpy has, and its extremes", async () => {
    for (const one of told.filter(({ kind }) => kind === "raster") as readonly ToldRaster[]) {
      const table = await tableIn(one.file, one.slice ?? undefined);
      const raster = await rasterOf(table, windowOf(one, true), signal);
      expect([raster?.width, raster?.height, raster?.exact], one.name).toEqual([one.width, one.height, true]);
      expect([raster?.least?.text, raster?.greatest?.text], one.name).toEqual([one.least, one.greatest]);
      const { least, greatest } = {
        least: raster?.least?.value ?? 0,
        greatest: raster?.greatest?.value ?? 0,
      };
      const levels = one.means.map((mean) =>
        mean === null ? 0 : 1 + Math.round((254 * (mean - least)) / (greatest - least)),
      );
      const far = [...(raster?.levels ?? [])].filter((level, at) => Math.abs(level - (levels[at] ?? -9)) > 1);
      // The sums are made in another order, so that a mean may fall on the other side of a level's edge.
      expect(far, one.name).toEqual([]);
      expect([...(raster?.levels ?? [])].map((level) => level === 0)).toEqual(
        levels.map((level) => level === 0),
      );
    }
  });

  it("has as quick pixels numbers of the same windows", async () => {
    for (const one of told.filter(({ kind }) => kind === "raster") as readonly ToldRaster[]) {
      const table = await tableIn(one.file, one.slice ?? undefined);
      const [quick, exact] = [
        await rasterOf(table, windowOf(one, false), signal),
        await rasterOf(table, windowOf(one, true), signal),
      ];
      expect(quick?.exact, one.name).toBe(false);
      expect(quick?.least?.value, one.name).toBeGreaterThanOrEqual(exact?.least?.value ?? NaN);
      expect(quick?.greatest?.value, one.name).toBeLessThanOrEqual(exact?.greatest?.value ?? NaN);
    }
  });

  it("has the curve that Python finds, number by number", async () => {
    for (const one of told.filter(({ kind }) => kind === "curve") as readonly ToldCurve[]) {
      const table = await tableIn(one.file);
      const curve = await curveOf(table, { ...one, column: 0 }, signal);
      for (const part of ["lows", "highs", "firsts", "lasts"] as const)
        expect(numbers(curve[part]), `${one.name} ${part}`).toEqual(one[part]);
      expect(curve.missing, one.name).toBe(one.missing);
    }
  });

  it("has the pixels of the image that its elements are", async () => {
    for (const one of told.filter(({ kind }) => kind === "image") as readonly ToldImage[]) {
      const image = await imageOf(await rootOf(one.file), signal);
      if (image?.kind !== "pixels") throw new Error(`${one.name} is no image`);
      expect([...image.rgba], one.name).toEqual(one.rgba);
      expect([image.width, image.height], one.name).toEqual([9, 12]);
    }
  });
});

function windowOf(
  { rows, columns, width, height }: ToldRaster,
  exact: boolean,
): Parameters<typeof rasterOf>[1] {
  return {
    rows: { from: rows[0], to: rows[1] },
    columns: { from: columns[0], to: columns[1] },
    width,
    height,
    exact,
  };
}

async function rootOf(file: string): Promise<PyNode> {
  const { document } = await openFile(file);
  await document.complete;
  return document.root;
}

async function tableIn(file: string, slice?: Slice): Promise<Table> {
  const table = (await rootOf(file)).table(slice);
  if (table === undefined) throw new Error(`${file} is no table`);
  return table;
}

function numbers(values: Float64Array): (number | null)[] {
  return [...values].map((value) => (Number.isNaN(value) ? null : value));
}
