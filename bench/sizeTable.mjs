/** The sizes of the extension, beside their limits. */
import { mkdtemp, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadedBytes } from "../tools/build/sizes.mjs";
import { removeFolder } from "../tools/files.mjs";
import { pack } from "../tools/pack.mjs";
import { verdict } from "./words.mjs";

const KB = 1000;

/** What is loaded at once and what is downloaded, against their limits. */
export async function sizeTable() {
  const folder = await mkdtemp(join(tmpdir(), "metaflow-sizes-"));
  try {
    const vsix = join(folder, "metaflow.vsix");
    const bundles = await pack(vsix, { folder: join(folder, "package") });
    const entries = bundles.flatMap(({ metafile }) =>
      Object.entries(metafile.outputs)
        .filter(([file]) => /(?:extension\.cjs|worker\.cjs|webview\/\w+\.js)$/.test(file))
        .map(([file]) => ({
          name: file.replace(/^.*dist\//, ""),
          bytes: loadedBytes(metafile, file),
          atMost: 300 * KB,
        })),
    );
    const packed = { name: "VSIX", bytes: (await stat(vsix)).size, atMost: 3_000 * KB };
    const lines = [...entries, packed].map(
      ({ name, bytes, atMost }) =>
        `| ${name} | ${(bytes / KB).toFixed(0)} kB | <= ${atMost / KB} kB | ${verdict(bytes <= atMost)} |`,
    );
    return ["| loaded at once | size | goal | |", "|---|--:|---|---|", ...lines].join("\n");
  } finally {
    await removeFolder(folder);
  }
}
