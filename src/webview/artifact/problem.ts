import type { Problem } from "../../protocol/nodes.ts";
import { RemoteError } from "../../protocol/wire.ts";

/** What was thrown, in words for a person. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof RemoteError) {
    const { code, message, place, causes } = thrown;
    return { code, message, ...(place !== undefined && { place }), causes };
  }
  return { code: "error", message: thrown instanceof Error ? thrown.message : String(thrown) };
}
