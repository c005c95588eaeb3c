import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixtureStore, type FixtureStore } from "../fixtures/store.mjs";

/** A copy of the contract fixtures that a test may change. Its recorded roots point at the original. */
export interface StoreCopy extends FixtureStore {
  dispose(): Promise<void>;
}

/** Copies the store that real Metaflow wrote, or some of its flows. */
export async function copyOfFixtures(flows?: readonly string[]): Promise<StoreCopy> {
  const store = await fixtureStore();
  const project = await mkdtemp(join(tmpdir(), "metaflow-copy-"));
  if (flows === undefined)
    await cp(join(store.project, ".metaflow"), join(project, ".metaflow"), { recursive: true });
  for (const flow of flows ?? []) {
    await cp(join(store.project, ".metaflow", flow), join(project, ".metaflow", flow), { recursive: true });
  }
  return { ...store, project, dispose: async () => rm(project, { recursive: true, force: true }) };
}
