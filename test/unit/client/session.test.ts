import { describe, expect, it } from "vitest";
import { MetaflowConfig } from "../../../src/client/config.ts";
import { AccessDenied } from "../../../src/client/errors.ts";
import { LocalMetadata } from "../../../src/client/metadata/local.ts";
import { Session } from "../../../src/client/session.ts";

const ENV = { METAFLOW_HOME: "/nonexistent" };

async function sessionOn(project: boolean): Promise<Session> {
  const config = await MetaflowConfig.load({ cwd: "/nonexistent", env: ENV, project });
  return new Session(config, new LocalMetadata("/nonexistent/.metaflow", "local@/nonexistent"));
}

describe("the datastore that a record in a folder names", () => {
  it.each(["s3", "azure", "gs"])(
    "is not opened over the network (%s) where nobody trusts the folder",
    async (type) => {
      const session = await sessionOn(false);
      await expect(session.store(type, "s3://bucket/prefix")).rejects.toThrow(AccessDenied);
      expect((await session.store("local", "/nonexistent/.metaflow")).description).toMatch(/^local@/);
    },
  );

  it("is opened where it is trusted", async () => {
    const store = await (await sessionOn(true)).store("s3", "s3://bucket/prefix");
    expect(store.description).toBe("s3://bucket/prefix");
    store.close?.();
  });
});
