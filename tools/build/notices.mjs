/** The licences of the packages that are in the bundles, as those who get the bundles have to be told. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = "node_modules/";
/** What packages call the texts that have to be passed on. */
const TEXTS = /^(licen[cs]e|copying|notice)/i;
/** Where a package has no such file its README may hold the text below a heading. */
const IN_README = /^(?:#+ *licen[cs]e.*|licen[cs]e\n-+)\n([^]*)/im;
/** Longer than the mere name of a licence. */
const MIN_TEXT = 200;

/** @typedef {{ name: string; version: string; license: string; text: string }} Notice */

/**
 * The folders of the packages of which anything is in a bundle, sorted.
 * @param {readonly import("esbuild").Metafile[]} metafiles
 * @returns {string[]} below the project
 */
export function bundledPackages(metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).map((output) => output.inputs));
  const files = inputs.flatMap((of) => Object.keys(of).filter((file) => (of[file]?.bytesInOutput ?? 0) > 0));
  return [...new Set(files.flatMap((file) => packageOf(file) ?? []))].sort();
}

/** @param {string} file as esbuild names it */
function packageOf(file) {
  const at = file.lastIndexOf(FOLDER);
  if (at < 0) return undefined;
  const [scope = "", name = ""] = file.slice(at + FOLDER.length).split("/");
  return file.slice(0, at + FOLDER.length) + (scope.startsWith("@") ? `${scope}/${name}` : scope);
}

/**
 * @param {string} folder of a package, below the project
 * @returns {Promise<Notice>}
 */
async function noticeOf(folder) {
  const path = join(ROOT, folder);
  const { name, version, license, author } = JSON.parse(await readFile(join(path, "package.json"), "utf8"));
  if (typeof license !== "string") throw new Error(`${folder} does not tell its licence`);
  const names = await readdir(path);
  const texts = await Promise.all(
    names
      .filter((file) => TEXTS.test(file))
      .sort()
      .map(async (file) => readFile(join(path, file), "utf8")),
  );
  const readme = names.find((file) => /^readme/i.test(file));
  if (texts.length === 0 && readme !== undefined) {
    const [, text = ""] = IN_README.exec(await readFile(join(path, readme), "utf8")) ?? [];
    if (text.trim().length >= MIN_TEXT) texts.push(text);
  }
  // Some publish no text at all: their manifest then tells all that they tell.
  if (texts.length === 0) {
    const by = typeof author === "string" ? author : author?.name;
    texts.push(
      `${license}${by === undefined ? "" : `, by ${by}`}: https://spdx.org/licenses/${license}.html`,
    );
  }
  return {
    name,
    version,
    license,
    text: texts
      .map((text) => text.trim())
      .join("\n\n")
      .replaceAll("\r\n", "\n"),
  };
}

/**
 * The notices of what is in these bundles: packages with the same text share it.
 * @param {readonly import("esbuild").Metafile[]} metafiles
 * @returns {Promise<string>}
 */
export async function noticesOf(metafiles) {
  const notices = await Promise.all(bundledPackages(metafiles).map(noticeOf));
  /** @type {Map<string, string[]>} */
  const byText = new Map();
  for (const { name, version, license, text } of notices) {
    const title = `${name} ${version} (${license})`;
    const titles = byText.get(text);
    if (titles === undefined) byText.set(text, [title]);
    else titles.push(title);
  }
  const line = "-".repeat(80);
  const parts = [...byText].map(
    ([text, titles]) => `${line}\n${[...new Set(titles)].join("\n")}\n\n${text}\n`,
  );
  return `This product contains the following packages of others, each under its own licence.\n\n${parts.join("\n")}`;
}
