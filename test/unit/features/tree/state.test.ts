import { describe, expect, it } from "vitest";
import { ServiceException } from "../../../../src/client/errors.ts";
import type { Away } from "../../../../src/features/reach.ts";
import { Row, type Look } from "../../../../src/features/tree/row.ts";
import { StateRow } from "../../../../src/features/tree/rows/state.ts";

class Root extends Row {
  readonly kind = "root";
  override look(): Look {
    return { label: "", description: "", icon: undefined, contextValue: "", spoken: "" };
  }
}

describe("the row of a service that is away", () => {
  const now = new Date(2026, 10, 26, 9, 18);
  const url = "https://metadata.example.org/prod";
  const lookOf = (why: Away["why"], sinceMs: number, { hasKey = false, readAt = now } = {}): Look => {
    const problem = why === "failing" ? "service-error" : why;
    const error = new ServiceException("Metadata request (/flows) failed", problem, {
      store: url,
      httpCode: 500,
    });
    const away = { why, error, sinceMs: now.getTime() - sinceMs, readAtMs: readAt.getTime() };
    const row = new StateRow(new Root("root"), { away, service: "metadata.example.org", hasKey });
    return row.look({ now, locale: "en", runLabel: "auto" });
  };

  it("tells since when there is no answer, and how old what is shown is", () => {
    const readAt = new Date(2026, 10, 26, 9, 14);
    expect(lookOf("unreachable", 130_000, { readAt })).toMatchObject({
      label: "Not answered for 2 min",
      description: "read at 09:14 · metadata.example.org",
      contextValue: "metaflow:state",
      spoken:
        "The metadata service at metadata.example.org does not answer., Not answered for 2 min, showing what was read at 09:14",
    });
    expect(lookOf("unreachable", 20_000).label).toBe("Not answered");
    const yesterday = new Date(2026, 10, 25, 17, 2);
    expect(lookOf("unreachable", 0, { readAt: yesterday }).description).toMatch(/read at Yesterday 17:02/);
  });

  it("tells what a service wants that refuses", () => {
    expect(lookOf("forbidden", 0)).toMatchObject({
      label: "Access refused",
      description: "wants a key · read at 09:18 · metadata.example.org",
      contextValue: "metaflow:state+forbidden",
    });
    expect(lookOf("forbidden", 0, { hasKey: true }).description).toMatch(/^wants another key · /);
  });

  it("tells errors of the service's own, and what is no service, apart", () => {
    expect(lookOf("failing", 3_600_000).label).toBe("Nothing but errors for 1 h");
    expect(lookOf("not-a-service", 0).label).toBe("No metadata service");
  });
});
