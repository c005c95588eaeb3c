/** The library's declarations, bundled into one file that needs no other. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/**
 * @param {string} file where the declarations go
 */
export async function bundleTypes(file) {
  const input = join(ROOT, "src/client/index.ts");
  if (!existsSync(input)) return;
  const [{ rollup }, { dts }] = await Promise.all([import("rollup"), import("rollup-plugin-dts")]);
  const bundle = await rollup({
    input,
    // What is marked `@internal` is for the extension alone: its types would bring half of the sources along.
    plugins: [dts({ tsconfig: join(ROOT, "tsconfig.json"), compilerOptions: { stripInternal: true } })],
    external: [/^node:/],
    onwarn: ({ message }) => console.warn(message),
  });
  await bundle.write({ file, format: "es" });
  await bundle.close();
}
