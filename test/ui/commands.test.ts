import { describe, expect, it } from "vitest";
import { useSession } from "./session.ts";

const BEST = /run \d+, completed, .*tag best/;
const FAILED = /run \d+, failed/;

describe("commands from the palette, without anything selected", () => {
  const open = useSession();

  it("go to a pathspec part by part, with the keyboard alone", async () => {
    const { workbench, shot } = open();
    const { keyboard } = workbench.page;
    await workbench.openContainer();
    await workbench.row("TrainFlow").waitFor();
    await workbench.command("Metaflow: Go to Pathspec…");
    await workbench.picks.filter({ hasText: "TrainFlow" }).first().waitFor();
    await workbench.type("Train");
    await workbench.accept("TrainFlow");
    await workbench.picks.filter({ hasText: "this flow" }).first().waitFor();
    await workbench.input.pressSequentially("best");
    await workbench.picks.filter({ hasText: "this flow" }).waitFor({ state: "hidden" });
    await workbench.accept("best");
    await workbench.picks.filter({ hasText: "evaluate" }).first().waitFor();
    await workbench.input.pressSequentially("train");
    await workbench.picks.filter({ hasText: "this run" }).waitFor({ state: "hidden" });
    await workbench.accept("train");
    await workbench.picks.filter({ hasText: "completed" }).first().waitFor();
    await shot("go-to-task", "current");
    await keyboard.press("ArrowDown");
    await workbench.accept("completed");
    await workbench.picks.filter({ hasText: "stdout" }).first().waitFor();
    await workbench.pick("stdout");
    await workbench.editorShows("epoch  1/10");
    expect(await workbench.activeTab()).toContain("stdout.log");
    await shot("log-document");
  });

  it("say that a typed pathspec does not exist, and where", async () => {
    const { workbench } = open();
    await workbench.command("Metaflow: Go to Pathspec…");
    await workbench.type("Run('TrainFlow/77')");
    await workbench.pick("As typed");
    await workbench.toast("TrainFlow/77 does not exist in local@").waitFor();
    await workbench.command("Notifications: Clear All Notifications");
  });

  it("compare the source that ran with the workspace's", async () => {
    const { workbench, shot } = open();
    await workbench.click(BEST);
    await workbench.command("Metaflow: Compare Flow Source with Workspace");
    await workbench.page.locator(".monaco-diff-editor .view-lines").first().waitFor();
    expect(await workbench.activeTab()).toContain("workspace");
    await shot("source-diff");
  });

  it("say when Metaflow kept no code, and open the workspace's file instead", async () => {
    const { workbench } = open();
    await workbench.click(FAILED);
    await workbench.command("Metaflow: Open Flow Source");
    await workbench.toast("Metaflow kept no code package").waitFor();
    await workbench.editorShows("class TrainFlow");
    await workbench.command("Notifications: Clear All Notifications");
  });

  it("refuse a tag that is too long before anything is written", async () => {
    const { workbench } = open();
    await workbench.click(BEST);
    await workbench.command("Metaflow: Add Tags to Run…");
    await workbench.type("x".repeat(501));
    await workbench.picks.filter({ hasText: "501 characters, Metaflow's limit is 500" }).waitFor();
    await workbench.input.press("Enter");
    await workbench.toast("Could not add").waitFor();
    await workbench.command("Notifications: Clear All Notifications");
  });

  it("replace a tag with the keyboard alone", async () => {
    const { workbench } = open();
    const { keyboard } = workbench.page;
    await workbench.click(BEST);
    await workbench.command("Metaflow: Replace Tags of Run…");
    await workbench.page.getByText("Replace Which Tags of TrainFlow").waitFor();
    await workbench.picks.filter({ hasText: "candidate" }).first().waitFor();
    await workbench.type("cand");
    await workbench.picks.filter({ hasText: "best" }).waitFor({ state: "hidden" });
    await keyboard.press("ArrowDown");
    await workbench.focusedPick("candidate").waitFor();
    await keyboard.press("Space");
    await workbench.page.getByText("1 Selected").waitFor();
    await keyboard.press("Enter");
    await workbench.page.getByText("by…").first().waitFor();
    await workbench.type("shortlist", { accept: true });
    await workbench.toast("Replaced 'candidate' by 'shortlist' on TrainFlow/").waitFor();
    await workbench.answerToast("Replaced", "Undo");
    await workbench.toast("Replaced 'shortlist' by 'candidate' on TrainFlow/").waitFor();
    await workbench.command("Notifications: Clear All Notifications");
  });

  it("tag several selected runs at once, and remove the tag from all of them", async () => {
    const { workbench, shot } = open();
    await workbench.click(BEST);
    await workbench.row(FAILED).click({ modifiers: ["Control"] });
    await workbench.contextMenu(BEST, "Add Tags to Run…");
    await workbench.page.getByText("Add Tags to 2 runs").waitFor();
    await workbench.type("both of them", { accept: true });
    await workbench.toast("Added 'both of them' to 2 runs.").waitFor();
    await workbench.row(/failed.*tag both of them/).waitFor();
    await shot("tag-bulk", "current");
    await workbench.answerToast("Added", "Undo");
    await workbench.toast("Removed 'both of them' from 2 runs.").waitFor();
  });
});

describe("a workspace that is not trusted", () => {
  const open = useSession({
    settings: { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" },
  });

  it("can be read, and asks before a tag is written", async () => {
    const { workbench, shot } = open();
    await workbench.openContainer();
    await workbench.status("Restricted Mode").waitFor();
    await workbench.row(BEST).waitFor();
    await workbench.contextMenu(BEST, "Add Tags to Run…");
    await workbench.type("risky", { accept: true });
    const dialog = workbench.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain(
      "This workspace is not trusted. Really add 'risky' to TrainFlow/",
    );
    await shot("untrusted", "current");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(await workbench.row(/tag risky/).count()).toBe(0);
    await workbench.contextMenu(BEST, "Add Tags to Run…");
    await workbench.type("risky", { accept: true });
    await dialog.getByRole("button", { name: "Edit Tags" }).click();
    await workbench.toast("Added 'risky'").waitFor();
    await workbench.row(/tag risky/).waitFor();
  });
});
