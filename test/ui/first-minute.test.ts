import { describe, expect, it } from "vitest";
import { useSession } from "./session.ts";

describe("a folder without runs", () => {
  const open = useSession({ project: "empty" });

  it("is told so, with what to do next", async () => {
    const { workbench, shot } = open();
    await workbench.openContainer();
    const welcome = workbench.page.locator(".part.sidebar .welcome-view-content");
    await welcome.waitFor();
    expect(await welcome.innerText()).toContain("No Metaflow runs found");
    expect(await welcome.getByRole("button").allInnerTexts()).toContain("Open Datastore Folder…");
    await shot("welcome");
  });
});
