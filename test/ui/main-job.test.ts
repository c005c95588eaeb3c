import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { useSession } from "./session.ts";

const run = promisify(execFile);

/** Rows of the sample's TrainFlow by their accessible names. */
const FAILED = /run \d+, failed/;
const BEST = /run \d+, completed, .*tag best/;

describe("a project with runs", () => {
  const open = useSession();

  /** What Metaflow's own client says of a run's tags. */
  async function tagsOf(pathspec: string): Promise<string[]> {
    const { python, folder, env } = open();
    const program = `from metaflow import Run, namespace; namespace(None); print("\\n".join(Run("${pathspec}").user_tags))`;
    const { stdout } = await run(python, ["-c", program], {
      cwd: folder,
      env: { ...process.env, ...env, METAFLOW_DEFAULT_METADATA: "local" },
    });
    return stdout.split("\n").filter((line) => line !== "");
  }

  it("shows its runs, and of a failed one where it failed", async () => {
    const { workbench, shot } = open();
    await workbench.openContainer();
    await workbench.row("TrainFlow").waitFor();
    await workbench.expand(FAILED);
    await workbench.expand(/^train\b.*failed/);
    await workbench.row(/^\[1\].*failed/).waitFor();
    await workbench.row(/^end, step, not reached/).waitFor();
    await shot("sidebar");
    await workbench.collapse(FAILED);
  });

  it("opens records as a grid", async () => {
    const { workbench, shot } = open();
    await workbench.expand(BEST);
    await workbench.expand(/^train\b/);
    await workbench.expand(/^\[0\]/);
    await workbench.click(/^candidates, artifact/);
    const frame = await workbench.webview('[role="grid"]');
    await frame.locator('[role="gridcell"]').nth(1).waitFor();
    expect(await workbench.activeTab()).toContain("candidates");
    await shot("artifact");
    await workbench.collapse(BEST);
  });

  it("adds a tag that Metaflow sees, and takes it back by Undo", async () => {
    const { workbench, shot } = open();
    const name = (await workbench.row(BEST).getAttribute("aria-label")) ?? "";
    const pathspec = `TrainFlow/${/run (\d+)/.exec(name)?.[1] ?? ""}`;
    const before = await tagsOf(pathspec);
    await workbench.contextMenu(BEST, "Add Tags to Run…");
    await workbench.type("seen-in-a-browser", { accept: true });
    await workbench.toast("Added").waitFor();
    await workbench.row(/run \d+, completed, .*tag seen-in-a-browser/).waitFor();
    expect(await tagsOf(pathspec)).toContain("seen-in-a-browser");
    await shot("tag-added", "current");
    await workbench.answerToast("Added", "Undo");
    await workbench.toast("Removed").waitFor();
    await workbench.row(/tag seen-in-a-browser/).waitFor({ state: "hidden" });
    expect((await tagsOf(pathspec)).sort()).toEqual(before.sort());
  });

  it("opens the source that a step was made from, at the step", async () => {
    const { workbench, shot } = open();
    await workbench.expand(FAILED);
    await workbench.contextMenu(/^train\b.*failed/, "Open Flow Source");
    await workbench.editorShows("def train(self)");
    expect(await workbench.activeTab()).toContain("train_flow.py");
    await shot("source");
  });

  it("streams the log of a task into an output channel", async () => {
    const { workbench, shot } = open();
    await workbench.expand(/^train\b.*failed/);
    await workbench.contextMenu(/^\[1\].*failed/, "Stream Task Log");
    await workbench.outputShows("has ended");
    expect(await workbench.output()).toContain("Diverged");
    await shot("log-stream");
    await workbench.command("View: Hide Panel");
  });

  it("goes to a pathspec segment by segment", async () => {
    const { workbench, shot } = open();
    await workbench.command("Metaflow: Go to Pathspec…");
    await workbench.picks.filter({ hasText: "EvalFlow" }).first().waitFor();
    await shot("go-to-pathspec", "current");
    await workbench.page.keyboard.press("Escape");
  });

  it("switches the namespace at once", async () => {
    const { workbench, shot } = open();
    await workbench.collapse(FAILED);
    await workbench.status("user:ada").click();
    await workbench.pick("Switch Namespace…");
    await workbench.picks.filter({ hasText: "user:lin" }).first().waitFor();
    await shot("namespace-picker", "current");
    await workbench.pick("user:lin");
    await workbench.status("user:lin").waitFor();
    await workbench.row(/run \d+, .*\blin\b/).waitFor();
    await shot("namespace");
  });
});
