/** Azure Blob Storage as no emulator has it, and failing in every way there is: the right answer after it heals, the right error while it does not. */
import { describe, expect } from "vitest";
import { collect } from "../../src/base/async.ts";
import { AzureDialect } from "../../src/client/datastore/azure/dialect.ts";
import { parseRoot } from "../../src/client/datastore/azure/place.ts";
import { AccessDenied } from "../../src/client/errors.ts";
import { AzureDouble } from "../servers/azureDouble.mjs";
import { FAULTS } from "../servers/faults.mjs";
import {
  failure,
  itIsAskedLittle,
  itSurvivesFaults,
  names,
  withFailing,
  type StoreKind,
} from "./storeFaults.ts";

const CONTAINER = "container";
const FORBIDDEN =
  '<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthorizationPermissionMismatch</Code><Message>This request is not authorized to perform this operation using this permission.\nRequestId:1\nTime:2026</Message></Error>';
const AZURE: StoreKind<AzureDouble> = {
  bucket: CONTAINER,
  double: () => new AzureDouble(CONTAINER),
  dialect: (url) =>
    new AzureDialect(parseRoot(`${CONTAINER}/root`), { url, signature: undefined }, undefined),
  putKept: (double, name, bytes, attributes) => {
    double.put(name, bytes, { headers: { "x-ms-meta-metaflow_user_attributes": attributes } });
  },
  putFolder: (double, name) => {
    double.put(name, "", { isFolder: true });
  },
  says: {
    500: "<?xml version='1.0'?><Error><Code>InternalError</Code></Error>",
    503: "<?xml version='1.0'?><Error><Code>ServerBusy</Code></Error>",
  },
};

const it = withFailing(AZURE);

describe("Azure Blob Storage", () => {
  itIsAskedLittle(it, AZURE);
  itSurvivesFaults(it, AZURE);

  it("lists names that XML cannot hold", async ({ double, open }) => {
    double.put("root/odd/a\u0001 &b", "");
    expect(await collect(open().list("odd"))).toEqual([
      { key: "odd/a\u0001 &b", kind: "object", sizeBytes: 0 },
    ]);
  });

  it("that refuses says so at once, with its own words", async ({ double, proxy, open }) => {
    const store = open();
    const code = { "x-ms-error-code": "AuthorizationPermissionMismatch" };
    for (const [ask, body] of [
      [async () => store.get("large"), FORBIDDEN],
      [async () => names(store), FORBIDDEN],
      [async () => store.head("large"), ""],
    ] as const) {
      proxy.requests = 0;
      proxy.fail(FAULTS.answer(403, body, code), 9);
      const error = await failure(ask());
      proxy.heal();
      expect(proxy.requests).toBe(1);
      expect(error).toBeInstanceOf(AccessDenied);
      expect(error.message).toContain("AuthorizationPermissionMismatch");
      if (body !== "")
        expect(error.message).toContain(
          "not authorized to perform this operation using this permission. (Auth",
        );
      expect(error.message).toContain("/container/root");
    }
    expect(double.asked).toHaveLength(0);
  });
});
