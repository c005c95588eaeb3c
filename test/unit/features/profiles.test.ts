import { describe, expect, it } from "vitest";
import { MetaflowConfigError } from "../../../src/client/errors.ts";
import type { Profile } from "../../../src/client/index.ts";
import { addressProblem, profileName, profileText } from "../../../src/features/profiles/words.ts";

const PROFILE: Profile = {
  kind: "named",
  name: "prod",
  file: "/home/ada/.metaflowconfig/config_prod.json",
  places: {
    metadata: "service",
    serviceUrl: "https://metadata.example.org",
    datastore: { type: "s3", root: "s3://bucket/root" },
  },
  problem: undefined,
};

describe("a profile", () => {
  it("is told with what it reads", () => {
    expect([profileName(PROFILE), profileText(PROFILE)]).toEqual([
      "prod",
      "reads https://metadata.example.org, stores data in s3://bucket/root",
    ]);
    const local = {
      metadata: "local",
      serviceUrl: undefined,
      datastore: { type: "local", root: undefined },
    } as const;
    const plain: Profile = { ...PROFILE, kind: "default", name: "", places: local };
    expect([profileName(plain), profileText(plain)]).toEqual([
      "default profile",
      "reads the nearest .metaflow folder",
    ]);
  });

  it("is told with why it cannot be used", () => {
    const problem = new MetaflowConfigError(`cannot be read: ${PROFILE.file} is not valid JSON`);
    expect(profileText({ ...PROFILE, places: undefined, problem })).toBe(
      "cannot be read: config_prod.json is not valid JSON",
    );
  });
});

describe("an address that is typed", () => {
  it.each(["http://127.0.0.1:8080", "https://metadata.example.org/prod/ "])("may be %s", (text) => {
    expect(addressProblem(text)).toBeUndefined();
  });

  it.each([
    "metadata.example.org",
    "ftp://x",
    "http://",
    "https://ada:pw@host",
    "http://host?x=1",
    "http://host#x",
  ])("may not be %s", (text) => {
    expect(addressProblem(text)).toMatch(/^\w/);
  });
});
