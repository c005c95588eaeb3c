/** Makes the reference of the library from its declarations, by typedoc. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Application, Converter, Logger, LogLevel, ReflectionKind } from "typedoc";
import { load as markdown } from "typedoc-plugin-markdown";
import { bundleTypes } from "../build/types.mjs";
import { writePages } from "./pages.mjs";

/** Keeps what typedoc complains of. */
class Complaints extends Logger {
  /** @type {string[]} */
  list = [];

  /** @override @param {string} message @param {LogLevel} level */
  log(message, level) {
    if (level < LogLevel.Warn) return;
    // The members of a union's variants are told of by the variant.
    if (/\.__type\b.* does not have any documentation/.test(message)) return;
    this.list.push(message.replace(/, defined in \S+client\.d\.ts,/, ""));
  }
}

/**
 * Writes the reference as Markdown. It is made of the declarations that are published: these are one file, which is quick to read, and what is not
 * for consumers is not in them.
 * @param {string} target emptied first
 * @param {string} work a folder for what is needed on the way, below the repository
 * @returns {Promise<readonly string[]>} what is wrong: a public declaration without a doc comment, a link to nowhere
 */
export async function writeReference(target, work) {
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  await bundleTypes(join(work, "client.d.ts"));
  const entryPoints = await writePages(work);
  const compilerOptions = {
    target: "ES2022",
    moduleResolution: "Bundler",
    module: "Preserve",
    types: ["node"],
  };
  await writeFile(join(work, "tsconfig.json"), JSON.stringify({ compilerOptions, files: entryPoints }));
  const app = await Application.bootstrapWithPlugins({
    name: "vscode-metaflow/client",
    entryPoints,
    tsconfig: join(work, "tsconfig.json"),
    basePath: work,
    plugin: [markdown],
    outputs: [{ name: "markdown", path: target }],
    readme: "none",
    logLevel: "Warn",
    // `npm run check` sees to the types; here they are only read.
    skipErrorChecking: true,
    disableSources: true,
    disableGit: true,
    excludeExternals: true,
    excludePrivate: true,
    excludeProtected: true,
    validation: { invalidLink: true, notDocumented: true, notExported: true },
    ...LAYOUT,
  });
  const complaints = new Complaints();
  app.logger = complaints;
  // The library makes the objects of its classes; what typedoc shows as their constructors is what is left without them.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const made of project.getReflectionsByKind(ReflectionKind.Constructor))
      project.removeReflection(made);
  });
  const project = await app.convert();
  if (project === undefined)
    throw new Error(`typedoc could not read the declarations: ${complaints.list.join("\n")}`);
  app.validate(project);
  await rm(target, { recursive: true, force: true });
  await app.generateOutputs(project);
  return complaints.list;
}

/** One file a page, tables instead of lists. */
const LAYOUT = /** @type {Partial<import("typedoc").TypeDocOptions>} */ ({
  router: "module",
  hideBreadcrumbs: true,
  hidePageHeader: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  typeDeclarationFormat: "table",
  propertyMembersFormat: "table",
});
