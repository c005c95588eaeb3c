import { collect } from "../../src/base/async.ts";
import type { OpenObject } from "../../src/client/datastore/store.ts";

/** All bytes of an object that is on the way; none of one that is missing. */
export async function bytesOf(object: OpenObject | undefined): Promise<Buffer> {
  return object === undefined ? Buffer.of() : Buffer.concat(await collect(object.bytes));
}
