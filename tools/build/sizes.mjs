/** The size report of a build, and its budgets. */

/** @typedef {{ name: string; budgetBytes: number | undefined; metafile: import("esbuild").Metafile }} Bundle */

/** What is loaded on first use may be larger than what everybody loads: a cloud's own library for credentials. */
const LATER_BYTES = 450_000;

const kB = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/**
 * The package that a bundled file comes from, or the floor of our own source.
 * @param {string} input path as esbuild reports it
 */
function origin(input) {
  const inPackages = input.split("node_modules/").at(-1);
  if (inPackages !== undefined && inPackages !== input) {
    return inPackages
      .split("/")
      .slice(0, inPackages.startsWith("@") ? 2 : 1)
      .join("/");
  }
  return input.split("/").slice(0, 2).join("/");
}

/** @param {string} file */
const isScript = (file) => /\.(js|cjs|mjs)$/.test(file);

/** The outputs without their maps. @param {Bundle} bundle */
const outputsOf = ({ metafile }) =>
  Object.entries(metafile.outputs).filter(([file]) => !file.endsWith(".map"));

/** How the manifest names an output. @param {string} file */
const shortName = (file) => file.replace(/^.*dist\//, "dist/");

/**
 * What loading an entry loads at once, in bytes: itself and the chunks that it imports, not those of `import()`.
 * @param {import("esbuild").Metafile} metafile @param {string} file @param {Set<string>} [seen]
 */
export function loadedBytes(metafile, file, seen = new Set()) {
  const output = metafile.outputs[file];
  if (output === undefined || seen.has(file)) return 0;
  seen.add(file);
  let bytes = output.bytes;
  for (const { path, kind } of output.imports) {
    if (kind === "import-statement") bytes += loadedBytes(metafile, path, seen);
  }
  return bytes;
}

/**
 * What an output and all that it loads at once may have in bytes; `undefined`: anything.
 * @param {Bundle} bundle @param {string} file
 */
function budgetOf({ budgetBytes, metafile }, file) {
  if (budgetBytes === undefined || !isScript(file) || metafile.outputs[file]?.entryPoint === undefined)
    return undefined;
  const importers = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
  const isLater = importers.some(({ path, kind }) => path === file && kind === "dynamic-import");
  return isLater ? LATER_BYTES : budgetBytes;
}

/**
 * What is larger than it may be.
 * @param {readonly Bundle[]} built
 * @returns {string[]} sentences
 */
export function overBudget(built) {
  return built.flatMap((bundle) => {
    return outputsOf(bundle).flatMap(([file]) => {
      const budget = budgetOf(bundle, file);
      const bytes = loadedBytes(bundle.metafile, file);
      return budget !== undefined && bytes > budget
        ? [`${shortName(file)} loads ${kB(bytes)}, more than its budget of ${kB(budget)}`]
        : [];
    });
  });
}

/**
 * Prints every output with its size, its budget and what it is made of.
 * @param {readonly Bundle[]} built
 * @returns {boolean} whether every bundle keeps its budget
 */
export function printSizes(built) {
  const rows = built.flatMap((bundle) =>
    outputsOf(bundle).map(([file, { bytes, inputs, entryPoint }]) => {
      /** @type {Map<string, number>} */
      const parts = new Map();
      for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
        parts.set(origin(input), (parts.get(origin(input)) ?? 0) + bytesInOutput);
      }
      const largest = [...parts].sort((a, b) => b[1] - a[1]).slice(0, 4);
      const budget = budgetOf(bundle, file);
      return {
        file: shortName(file),
        size: kB(bytes),
        loads: entryPoint === undefined || !isScript(file) ? "" : kB(loadedBytes(bundle.metafile, file)),
        budget: budget === undefined ? "" : kB(budget),
        parts: largest.map(([name, size]) => `${name} ${Math.round(size / 1000)}`).join(", "),
      };
    }),
  );
  const header = {
    file: "file",
    size: "size",
    loads: "loads",
    budget: "budget",
    parts: "largest parts in kB",
  };
  const width = (/** @type {"file" | "size" | "loads" | "budget"} */ key) =>
    Math.max(...[header, ...rows].map((row) => row[key].length));
  for (const row of [header, ...rows]) {
    console.log(
      `${row.file.padEnd(width("file"))}  ${row.size.padStart(width("size"))}  ${row.loads.padStart(width("loads"))}  ${row.budget.padStart(width("budget"))}  ${row.parts}`,
    );
  }
  const problems = overBudget(built);
  for (const problem of problems) console.error(problem);
  return problems.length === 0;
}
