import { expect, it, vi } from "vitest";
import type { Profile } from "../../../../src/protocol/profile.ts";
import { GridProfiles } from "../../../../src/webview/artifact/table/profiles.ts";
import { Viewer } from "../../../../src/webview/artifact/viewer.ts";

// The page's own texts come from its head.
vi.mock(import("../../../../src/webview/kit/page.ts"), async () =>
  Promise.resolve({ headData: () => undefined }),
);
vi.stubGlobal("document", { documentElement: { lang: "en" } });

const estimate: Profile = { rows: { read: 4096, of: 10_000 }, missing: {} };

it("keeps the estimates of the columns that were seen last, and asks again for those of long ago", async () => {
  vi.useFakeTimers();
  const viewer = new Viewer({
    // The only one that is asked for are profiles.
    request: async () => Promise.resolve(Array.from({ length: 16 }, () => estimate) as never),
  });
  const profiles = new GridProfiles(
    viewer,
    () => ({ node: 1 }),
    () => undefined,
  );
  for (let column = 0; column < 5000; column += 16) {
    profiles.of(column);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(profiles.of(4999)).toBe(estimate);
  expect(profiles.of(1000)).toBe(estimate);
  expect(profiles.of(0)).toBeUndefined();
  await vi.advanceTimersByTimeAsync(100);
  expect(profiles.of(0)).toBe(estimate);
  vi.useRealTimers();
});
