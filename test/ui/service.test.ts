import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { glob } from "../../tools/files.mjs";
import { serviceStore } from "../fixtures/serviceStore.mjs";
import { MetadataService } from "../servers/metadataService.mjs";
import { Rows } from "../servers/rows.mjs";
import { useSession } from "./session.ts";

const KEY = "s3cr3t-key";
const RUN = /^\d+, completed/;

describe("a metadata service that wants a key", () => {
  let home = "";
  let rows = "";
  let service: MetadataService;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "metaflow-home-"));
    ({ rows } = await serviceStore((line: string) => {
      console.log(line);
    }));
    service = new MetadataService({ apiKey: KEY, rows: Rows.parse(rows) });
    await service.start();
    // The window's extension host is told of its home when it starts, and looks into it when it is asked to.
    env["METAFLOW_HOME"] = join(home, "metaflow");
    await mkdir(join(home, "metaflow"));
  }, 600_000);
  const env: Record<string, string> = {};
  const open = useSession({ project: "empty", env });
  afterAll(async () => {
    await service.stop();
    await rm(home, { recursive: true, force: true });
  });

  const wait = async (text: string | RegExp): Promise<void> => {
    const { workbench } = open();
    await workbench.row(text).waitFor();
  };

  it("is connected to from an empty window: its address, its key, its runs", async () => {
    const { workbench, shot } = open();
    await workbench.openContainer();
    const welcome = workbench.page.locator(".part.sidebar .welcome-view-content");
    await welcome.getByRole("button", { name: "Connect to a Metadata Service…" }).click();
    await workbench.type("metadata.example.org");
    await workbench.page.getByText("An address begins with http:// or https://").waitFor();
    await shot("service-address", "current");
    await workbench.type(service.url, { accept: true });
    await workbench.page.getByText("sent to 127.0.0.1", { exact: false }).first().waitFor();
    expect(await workbench.input.getAttribute("type")).toBe("password");
    await workbench.type("not the key", { accept: true });
    await workbench.page.getByText("In place of the key that is kept.", { exact: false }).first().waitFor();
    await shot("service-key", "current");
    await workbench.type(KEY, { accept: true });
    await workbench.status("127.0.0.1").waitFor();
    await workbench.command("Metaflow: Switch Namespace…");
    await workbench.pick("all namespaces");
    await wait("TrainFlow");
    await wait(RUN);
    await shot("service");
  });

  it("shows a run down to an artifact, which the decoding thread reads", async () => {
    const { workbench } = open();
    // The newest flow is open at first: its run would be the first one.
    await workbench.collapse("CardsFlow");
    await workbench.expand("TrainFlow");
    await workbench.expand(RUN);
    await workbench.expand(/^start\b/);
    await workbench.click(/^epochs/);
    const frame = await workbench.webview("header");
    await frame.getByText("epochs").first().waitFor();
    await workbench.closeEditors();
    await workbench.collapse(RUN);
  });

  it("that stops leaves what was shown, says since when, and is read again by itself", async () => {
    const { workbench, shot } = open();
    const { port } = new URL(service.url);
    await service.stop();
    await workbench.command("Metaflow: Refresh Runs");
    await wait(/does not answer\., Not answered.*showing what was read at \d\d:\d\d/);
    await wait("TrainFlow");
    await wait(RUN);
    const status = workbench.status("127.0.0.1");
    expect(await status.getAttribute("class")).toContain("warning");
    await shot("service-away");
    await status.click();
    await workbench.picks.filter({ hasText: "Retry" }).first().waitFor();
    await shot("service-away-pick", "current");
    await workbench.page.keyboard.press("Escape");
    await service.start(Number(port));
    await workbench.row(/Not answered/).waitFor({ state: "detached" });
    await wait(RUN);
  });

  it("that changes its key refuses, and is read once the new one is set", async () => {
    const { workbench, shot } = open();
    const { port } = new URL(service.url);
    await service.stop();
    service = new MetadataService({ apiKey: "another-key", rows: Rows.parse(rows) });
    await service.start(Number(port));
    await workbench.command("Metaflow: Refresh Runs");
    await wait(/Access refused/);
    await wait("TrainFlow");
    await shot("service-refuses");
    await workbench.click(/Access refused/);
    await workbench.page.getByText("In place of the key that is kept.", { exact: false }).first().waitFor();
    await workbench.type("wrong again", { accept: true });
    await workbench.toast("refuses this key, too").waitFor();
    await workbench.answerToast("refuses this key, too", "Set Key…");
    await workbench.type("another-key", { accept: true });
    await workbench.row(/Access refused/).waitFor({ state: "detached" });
    await wait(RUN);
  });

  it("is one of the places that the profile picker lists, and is switched to and fro", async () => {
    const { workbench, folder, shot } = open();
    const profile = { METAFLOW_DEFAULT_METADATA: "service", METAFLOW_SERVICE_URL: service.url };
    await writeFile(
      join(home, "metaflow/config_prod.json"),
      JSON.stringify({ ...profile, METAFLOW_SERVICE_AUTH_KEY: "another-key" }),
    );
    await writeFile(join(home, "metaflow/config_broken.json"), "{");
    await mkdir(join(folder, ".metaflow"));
    await workbench.command("Metaflow: Switch Profile…");
    await workbench.picks.filter({ hasText: "prod" }).first().waitFor();
    await shot("profile-picker", "current");
    await workbench.pick("prod");
    await workbench.status("prod · all namespaces").waitFor();
    await wait("TrainFlow");
    await workbench.command("Metaflow: Switch Profile…");
    await workbench.pick("Automatic");
    await workbench.page.locator(".part.sidebar .welcome-view-content").waitFor();
    await workbench.status("churn").waitFor();
  });

  it("has its keys written into no log, no setting and no other file of the editor", async () => {
    const { folder, said } = open();
    const files = await glob(join(folder, "../vscode/data"), /./);
    const texts = await Promise.all(files.map(async (file) => readFile(file, "utf8")));
    expect(texts.some((text) => text.includes("failed (code 403)"))).toBe(true);
    for (const text of [said(), ...texts])
      for (const key of [KEY, "another-key", "not the key", "wrong again"]) expect(text).not.toContain(key);
  });
});

describe("a workspace that nobody trusts and that names a metadata service", () => {
  let service: MetadataService;
  const open = useSession({
    settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
  });
  beforeAll(async () => {
    service = new MetadataService();
    await service.start();
    const config = { METAFLOW_DEFAULT_METADATA: "service", METAFLOW_SERVICE_URL: service.url };
    await writeFile(join(open().folder, ".metaflow/config.json"), JSON.stringify(config));
  });
  afterAll(async () => service.stop());

  it("is read from its folder, and the service is not asked before the workspace is trusted", async () => {
    const { workbench } = open();
    await workbench.openContainer();
    await workbench.status("Restricted Mode").waitFor();
    await workbench.row("TrainFlow").waitFor();
    await workbench.command("Metaflow: Refresh Runs");
    await workbench.row("TrainFlow").waitFor();
    expect(service.requests).toEqual([]);
    await workbench.command("Workspaces: Manage Workspace Trust");
    await workbench.page.getByRole("button", { name: "Trust", exact: true }).first().click();
    await workbench.status("Restricted Mode").waitFor({ state: "detached" });
    await expect.poll(() => service.requests.length).toBeGreaterThan(0);
  });
});
