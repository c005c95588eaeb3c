// A decoding thread for tests: it answers in the protocol of the real one and does, on demand, what a thread must not.
import { parentPort } from "node:worker_threads";

const port = parentPort ?? process.exit(1);
const state = {
  root: { id: 1, type: "int", preview: "1" },
  settled: true,
  progress: { decodedBytes: 1 },
  warnings: [],
};
const open = new Set();

port.on("message", ({ kind, id, method, params }) => {
  if (kind !== "request") return;
  const wish = method === "open" ? params.source.pathspec : "";
  if (wish === "crash") throw new Error("out of order");
  if (wish === "leave") process.exit(3);
  if (wish === "hang") return;
  if (wish === "fail") {
    port.postMessage({
      kind: "error",
      id,
      error: { name: "MetaflowNotFound", message: "no such artifact", code: "not-found" },
    });
    return;
  }
  if (method === "open") open.add(params.document);
  if (method === "close") open.delete(params.document);
  /** @type {Record<string, unknown>} */
  const results = {
    open: { facts: { pathspec: wish }, state },
    state: { ...state, open: open.size },
    close: undefined,
  };
  port.postMessage({ kind: "result", id, result: results[method] });
  if (wish === "grows")
    port.postMessage({ kind: "event", name: "changed", data: { document: params.document, state } });
});
