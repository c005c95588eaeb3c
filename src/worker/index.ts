import { constants, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { decoderChecks } from "../protocol/decoder.ts";
import type { DecoderEvents, DecoderRequests } from "../protocol/decoder.ts";
import { Peer } from "../protocol/rpc.ts";
import type { Nothing } from "../protocol/rpc.ts";
import { Documents } from "./documents.ts";

// The decoding thread of a window: reads and decodes artifacts, so that the extension host never waits for a value.
const port = parentPort;
if (port === null) throw new Error("this is a worker thread's entry, not a program");

const documents = new Documents({
  changed: (event) => {
    peer.emit("changed", event);
  },
  exported: (event) => {
    peer.emit("exported", event);
  },
});
const peer = new Peer<Nothing, DecoderRequests, DecoderEvents, Nothing>({
  post: (message) => {
    port.postMessage(message);
  },
  handlers: documents.handlers,
  checks: decoderChecks,
});
port.on("message", (data: unknown) => {
  peer.receive(data);
});

// Where the cores are few, decoding must not keep the thread waiting that draws and types. On Linux alone a priority is that of one thread.
if (process.platform === "linux") {
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A sandbox may forbid it: then the system shares the cores as it likes.
  }
}
