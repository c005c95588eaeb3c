import { defineConfig } from "vitest/config";

/** The tests of the object stores: as many as all others that compare, so that they have a lane of their own. */
const STORES = "test/contract/{gs,azure,s3}*.test.ts";

/** For what a test waits for: a deadline for what never comes, not a measure, because other suites have the cores at the same time. */
const expect = { poll: { timeout: 60_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          exclude: [STORES],
          expect,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "stores",
          include: [STORES],
          expect,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "ui",
          include: ["test/ui/**/*.test.ts"],
          globalSetup: ["test/ui/setup.ts"],
          // One browser and one VS Code at a time: scenarios are told apart by their folders, not by haste.
          fileParallelism: false,
          expect,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
