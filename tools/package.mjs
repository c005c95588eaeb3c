/**
 *   npm run package      builds and packs the extension into vscode-metaflow-VERSION.vsix, and says how to install it
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { printSizes } from "./build/sizes.mjs";
import { manifest, pack, ROOT } from "./pack.mjs";

const LIMIT_BYTES = 3_000_000;

const { name, version } = await manifest();
const vsix = `${name}-${version}.vsix`;
const isWithin = printSizes(await pack(join(ROOT, vsix)));
const { size } = await stat(join(ROOT, vsix));
console.log(`\n${vsix}: ${(size / 1000).toFixed(0)} kB`);
if (size > LIMIT_BYTES) console.error(`It is larger than ${LIMIT_BYTES / 1_000_000} MB.`);
if (!isWithin || size > LIMIT_BYTES) process.exitCode = 1;
console.log(`Install it with: code --install-extension ${vsix}`);
