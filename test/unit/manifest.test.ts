import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Command } from "../../src/features/commands.ts";
import { ContextKey, VIEW_STATES } from "../../src/features/contextKeys.ts";
import { Setting, SETTING_DEFAULTS } from "../../src/features/settings.ts";

interface Manifest {
  readonly displayName: string;
  readonly description: string;
  readonly engines: { readonly vscode: string };
  readonly icon?: string;
  readonly main: string;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly capabilities?: {
    readonly untrustedWorkspaces?: {
      readonly supported: unknown;
      readonly restrictedConfigurations?: readonly string[];
    };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category?: string;
    }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<
          string,
          { readonly default: unknown; readonly description?: string; readonly markdownDescription?: string }
        >
      >;
    };
    readonly menus: Readonly<
      Record<string, readonly { readonly command?: string; readonly when?: string }[]>
    >;
    readonly viewsWelcome: readonly { readonly when: string; readonly contents: string }[];
  };
}

/** The properties of the manifest whose values VS Code shows. */
const SHOWN = new Set([
  "title",
  "category",
  "name",
  "contextualTitle",
  "displayName",
  "contents",
  "description",
  "markdownDescription",
  "enumDescriptions",
  "markdownEnumDescriptions",
]);

const ROOT = join(import.meta.dirname, "../..");
const text = readFileSync(join(ROOT, "package.json"), "utf8");
/** The English texts that stand for the `%key%`s of the manifest. */
const texts = JSON.parse(readFileSync(join(ROOT, "package.nls.json"), "utf8")) as Readonly<
  Record<string, string>
>;
const written = JSON.parse(text) as Manifest;
/** The manifest as VS Code shows it. */
const manifest = JSON.parse(text, (_name, value: unknown) =>
  typeof value === "string" ? localized(value) : value,
) as Manifest;
const { commands, configuration, menus, viewsWelcome } = manifest.contributes;

/** As VS Code does it: a value that is a key and nothing else is replaced. */
function localized(value: string): string {
  return texts[/^%([^%]+)%$/.exec(value)?.[1] ?? ""] ?? value;
}

const sorted = (values: Iterable<string>): string[] => [...values].sort();

/** Every `when` of the manifest without its regular expressions: those speak of rows, not of keys. */
const conditions = [...text.matchAll(/"(?:when|enablement)": "((?:[^"\\]|\\.)*)"/g)].map(([, when = ""]) =>
  when.replaceAll(/=~ \/.*?\/\w*(?= |\)|$)/g, ""),
);

describe("the manifest", () => {
  it("declares the commands that the code knows, each once", () => {
    expect(sorted(commands.map(({ command }) => command))).toEqual(sorted(Object.values(Command)));
  });

  it("gives every command a title in one category", () => {
    for (const { command, title, category } of commands) {
      expect(category, command).toBe("Metaflow");
      expect(title, command).toMatch(/^[A-Z]/);
      expect(title, `${command} spells its ellipsis as one character`).not.toContain("...");
    }
  });

  it("has a text for every key that it names, and none that it does not", () => {
    const named = new Set([...text.matchAll(/"%([^%"]+)%"/g)].map(([, key = ""]) => key));
    expect(sorted(Object.keys(texts))).toEqual(sorted(named));
  });

  it("leaves every text that people read to a translator", () => {
    const { contributes, capabilities, displayName, description } = written;
    const shown: unknown[] = [];
    JSON.stringify({ contributes, capabilities, displayName, description }, (property, value: unknown) => {
      if (SHOWN.has(property)) shown.push(...[value].flat());
      return value;
    });
    expect(shown.filter((value) => !/^%[^%]+%$/.test(String(value)))).toEqual([]);
  });

  it("names a text after the command or setting that it is of", () => {
    const { commands, configuration } = written.contributes;
    expect(commands.map(({ title }) => title)).toEqual(commands.map(({ command }) => `%${command}%`));
    for (const [setting, { markdownDescription }] of Object.entries(configuration.properties))
      expect(markdownDescription).toBe(`%${setting}%`);
  });

  it("refers to no command that it does not declare", () => {
    const declared = new Set(commands.map(({ command }) => command));
    const inMenus = Object.values(menus).flatMap((items) => items.flatMap(({ command }) => command ?? []));
    const inTexts = [
      ...Object.values(texts)
        .join("\n")
        .matchAll(/command:(metaflow\.[\w.]+)/g),
    ].map(([, command = ""]) => command);
    expect(inTexts.length).toBeGreaterThan(0);
    expect([...inMenus, ...inTexts].filter((command) => !declared.has(command))).toEqual([]);
  });

  it("declares the settings that the code knows, with the same defaults and a description", () => {
    const { properties } = configuration;
    expect(sorted(Object.keys(properties))).toEqual(sorted(Object.values(Setting)));
    const defaults: Readonly<Record<string, unknown>> = { ...SETTING_DEFAULTS };
    for (const [setting, property] of Object.entries(properties)) {
      expect(property.default, setting).toEqual(defaults[setting]);
      expect(property.markdownDescription ?? property.description, setting).toMatch(/\.$/);
    }
  });

  it("asks for the context keys that the code sets, and for all of them", () => {
    const used = new Set(conditions.flatMap((when) => when.match(/metaflow:\w+/g) ?? []));
    expect(sorted(used)).toEqual(sorted(Object.values(ContextKey)));
  });

  it("has a welcome text for every state in which the sidebar shows no runs", () => {
    const welcomed = viewsWelcome.map(({ when }) => /metaflow:view == (\w+)/.exec(when)?.[1] ?? "");
    const silent = new Set<string>(["loading", "runs"]);
    expect(sorted(new Set(welcomed))).toEqual(sorted(VIEW_STATES.filter((state) => !silent.has(state))));
  });

  it("names files that exist", () => {
    const files = [...text.matchAll(/"(media\/[^"]+)"/g)].map(([, file = ""]) => file);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it("is typed against the oldest VS Code that it allows", () => {
    expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies["@types/vscode"] ?? ""}`);
  });

  it("brings nothing along at run time: everything is bundled", () => {
    expect(manifest.dependencies ?? {}).toEqual({});
  });

  it("works in an untrusted workspace, where no setting of the workspace says what is read", () => {
    const { untrustedWorkspaces } = manifest.capabilities ?? {};
    expect(untrustedWorkspaces?.supported).toBe("limited");
    expect(untrustedWorkspaces?.restrictedConfigurations).toEqual([
      Setting.DatastoreRoot,
      Setting.ProfileName,
    ]);
  });
});
