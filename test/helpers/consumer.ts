/** A project that has the library from npm's package and nothing else. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { list } from "tar";
import { mustRun } from "../../tools/process.mjs";

const ROOT = join(import.meta.dirname, "../..");
const BIN = join(ROOT, "node_modules/.bin");

/** What the compiler is told beside the way in which it finds modules. */
const STRICT = {
  target: "ES2022",
  lib: ["ES2023"],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  // The library's declarations are what is checked.
  skipLibCheck: false,
  types: ["node"],
  typeRoots: [join(ROOT, "node_modules/@types")],
};

/** How a project finds its modules. */
export type Resolution = "bundler" | "node16";

export class Consumer {
  readonly folder: string;
  /** The files of the package, sorted. */
  readonly packed: readonly string[];

  private constructor(folder: string, packed: readonly string[]) {
    this.folder = folder;
    this.packed = packed;
  }

  /** Packs this repository and installs the package into an empty project, without a network. */
  static async make(): Promise<Consumer> {
    const folder = await mkdtemp(join(tmpdir(), "metaflow-consumer-"));
    await mustRun("npm", ["pack", "--pack-destination", folder], { cwd: ROOT, timeoutMs: 300_000 });
    const tarball = join(folder, "vscode-metaflow-0.1.0.tgz");
    const packed: string[] = [];
    await list({ file: tarball, onReadEntry: ({ path }) => packed.push(path.replace(/^package\//, "")) });
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "consumer", type: "module" }));
    const install = ["install", "--offline", "--cache", join(folder, ".npm"), tarball];
    await mustRun("npm", install, { cwd: folder, timeoutMs: 120_000 });
    return new Consumer(folder, packed.sort());
  }

  /** Writes modules and checks their types; the scripts that they become lie beside them. Throws with the compiler's words. */
  async compile(resolution: Resolution, modules: Readonly<Record<string, string>>): Promise<string> {
    const folder = join(this.folder, resolution);
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(modules)) await writeFile(join(folder, `${name}.ts`), text);
    const found =
      resolution === "node16"
        ? { module: "Node16", moduleResolution: "Node16" }
        : { module: "ESNext", moduleResolution: "Bundler" };
    const files = Object.keys(modules).map((name) => `${name}.ts`);
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...STRICT, ...found }, files }),
    );
    await mustRun(join(BIN, "tsc"), ["-p", folder], { cwd: folder, timeoutMs: 120_000 });
    return folder;
  }

  /** Runs a script in the project's folder. Gives what it prints; throws with it where it fails. */
  async run(script: string, env: Readonly<Record<string, string>>): Promise<string> {
    const { output } = await mustRun(process.execPath, [script], {
      cwd: this.folder,
      env,
      timeoutMs: 60_000,
    });
    return output;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
