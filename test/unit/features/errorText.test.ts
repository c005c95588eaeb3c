import { describe, expect, it } from "vitest";
import {
  DatastoreError,
  MetaflowConfigError,
  MetaflowDataMissing,
  ServiceException,
} from "../../../src/client/errors.ts";
import { errorText } from "../../../src/features/errorText.ts";
import { RemoteError } from "../../../src/protocol/wire.ts";

class Elsewhere extends MetaflowDataMissing {
  override readonly code = "data-elsewhere";
}
class NoCredentials extends DatastoreError {
  override readonly code = "credentials-missing";
}

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
    const error = new Elsewhere("F/1/s/2/x has no data here", {
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
    const error = new NoCredentials(
      "there are no credentials for S3: AWS_PROFILE names x, which does not exist",
      {
        store: "s3://bucket/root",
      },
    );
    expect(errorText(error)).toBe(
      "No credentials for S3 were found: AWS_PROFILE names x, which does not exist",
    );
    const google = new NoCredentials("there are no credentials for Google Cloud: run 'gcloud auth'");
    expect(errorText(google)).toBe("No credentials for Google Cloud were found: run 'gcloud auth'");
    expect(errorText(new NoCredentials("none at all"))).toBe("none at all");
  });
});
