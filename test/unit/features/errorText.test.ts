import { describe, expect, it } from "vitest";
import {
  CredentialsMissing,
  DataElsewhere,
  DatastoreError,
  MetaflowConfigError,
  ServiceException,
} from "../../../src/client/errors.ts";
import { errorText } from "../../../src/features/errorText.ts";
import { RemoteError } from "../../../src/protocol/wire.ts";

describe("what is said of an error", () => {
  const url = "http://metadata.example.org:8080/prod";

  it("is its message where nothing is known that helps more", () => {
    expect(errorText(new DatastoreError("cannot read x"))).toBe("cannot read x");
    expect(errorText("thrown")).toBe("thrown");
  });

  it("names the service that does not answer, refuses, fails, or is none", () => {
    const said = (["unreachable", "forbidden", "not-a-service"] as const).map((problem) =>
      errorText(new ServiceException("Metadata request (/flows) failed", problem, { store: url })),
    );
    expect(said).toEqual([
      "The metadata service at metadata.example.org:8080 does not answer.",
      "The metadata service at metadata.example.org:8080 refuses access.",
      "What answers at metadata.example.org:8080 is no metadata service.",
    ]);
    const failing = new ServiceException("x", "service-error", { store: url, httpCode: 503 });
    const expected = "The metadata service at metadata.example.org:8080 answers with an error (503).";
    expect(errorText(new MetaflowConfigError("wrapped", { cause: failing }))).toBe(expected);
  });

  it("says on which machine data are", () => {
    const error = new DataElsewhere("F/1/s/2/x has no data here", {
      store: "local@/home/bob/.metaflow",
      key: "F/d",
    });
    expect(errorText(error)).toBe("Its data are on another machine: /home/bob/.metaflow");
    const remote = {
      name: "DataElsewhere",
      message: "none",
      code: "data-elsewhere",
      place: "local@/home/bob",
    };
    expect(errorText(new RemoteError(remote))).toBe("Its data are on another machine: /home/bob");
  });

  it("says which credentials were not found, and where they were looked for", () => {
    const message = "there are no credentials for Amazon S3: AWS_PROFILE names x, which does not exist";
    expect(errorText(new CredentialsMissing(message, { store: "s3://bucket/root" }))).toBe(message);
  });
});
