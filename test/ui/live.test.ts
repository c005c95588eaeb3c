import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { useSession } from "./session.ts";

describe("a run that somebody starts in a terminal", () => {
  let stopRun: () => void = () => undefined;
  const open = useSession();
  afterAll(() => {
    stopRun();
  });

  it("appears, shows its task, streams its log and ends, without a click on refresh", async () => {
    const { workbench, folder, python, env, shot } = open();
    await workbench.openContainer();
    await workbench.row("TrainFlow").waitFor();

    const go = join(folder, "go");
    await copyFile(join(import.meta.dirname, "flows/patient_flow.py"), join(folder, "patient_flow.py"));
    const run = spawn(python, ["patient_flow.py", "run"], {
      cwd: folder,
      env: { ...process.env, ...env, PATIENT_FLOW_GO: go },
      stdio: "ignore",
    });
    stopRun = () => run.kill("SIGKILL");
    const ended = once(run, "exit");

    const live = /run \d+, running/;
    await workbench.row("PatientFlow").waitFor();
    await workbench.expand("PatientFlow");
    await workbench.row(live).waitFor();
    await workbench.expand(live);
    await workbench.row(/^wait\b.*running/).waitFor();
    await shot("live");

    await workbench.expand(/^wait\b.*running/);
    await workbench.contextMenu(/^stdout, log/, "Stream Task Log");
    await workbench.page.locator(".part.panel .view-lines").waitFor();
    await writeFile(go, "");
    await workbench.outputShows("heard the word");
    await shot("live-log");
    expect(await ended).toEqual([0, null]);
    await workbench.row(/run \d+, completed/).waitFor();
    await workbench.row(/^end\b.*completed/).waitFor();
  });
});
