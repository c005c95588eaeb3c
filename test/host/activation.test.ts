import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";

const ID = "metaflow-tools.vscode-metaflow";

interface Manifest {
  readonly version: string;
  readonly contributes: { readonly commands?: readonly { readonly command: string }[] };
}

describe("activation", () => {
  const extension = vscode.extensions.getExtension(ID);

  it("succeeds", async () => {
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it("has a text for every key of its manifest", () => {
    assert.ok(extension);
    const keys = JSON.stringify(extension.packageJSON).match(/"%[^%"]+%"/g);
    assert.equal(keys, null);
  });

  it("registers every command that the manifest declares", async () => {
    assert.ok(extension);
    await extension.activate();
    const manifest = JSON.parse(
      readFileSync(join(extension.extensionPath, "package.json"), "utf8"),
    ) as Manifest;
    const declared = manifest.contributes.commands?.map(({ command }) => command) ?? [];
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      declared.filter((command) => !registered.has(command)),
      [],
    );
  });
});
