/** A proxy that misbehaves on demand: stands on loopback in front of another server and passes on, or does what the test says. */
import { createServer, request as send } from "node:http";
import { listen, stop } from "./loopback.mjs";

/**
 * What happens to a request instead of its being passed on.
 * @typedef {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse, pass: () => Promise<Passed>) => Promise<void>} Fault
 * What the server behind answered. @typedef {{ status: number; headers: import("node:http").IncomingHttpHeaders; body: Buffer }} Passed
 */

/** The usual misdeeds. */
export const FAULTS = {
  /** @type {Fault} */
  reset: async (request) => void request.socket.destroy(),
  /** Half of the body, then nothing more. @type {Fault} */
  resetInBody: async (_request, response, pass) => {
    const { status, headers, body } = await pass();
    response.writeHead(status, { ...headers, "content-length": body.length });
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  },
  /** @param {number} ms @returns {Fault} */
  slowFirstByte: (ms) => async (_request, response, pass) => {
    const { status, headers, body } = await pass();
    await new Promise((resolve) => setTimeout(resolve, ms));
    response.writeHead(status, headers).end(body);
  },
  /** A few bytes at a time. @param {number} pieces @param {number} ms between two @returns {Fault} */
  drip: (pieces, ms) => async (_request, response, pass) => {
    const { status, headers, body } = await pass();
    response.writeHead(status, headers);
    const size = Math.ceil(body.length / pieces);
    for (let at = 0; at < body.length; at += size) {
      response.write(body.subarray(at, at + size));
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    response.end();
  },
  /** Takes the request and never answers. @type {Fault} */
  stall: async () => undefined,
  /** Begins to answer and stops. @type {Fault} */
  stallInBody: async (_request, response, pass) => {
    const { status, headers, body } = await pass();
    response.writeHead(status, headers).write(body.subarray(0, body.length >> 1));
  },
  /** @param {number} status @param {string} [body] @param {Record<string, string>} [headers] @returns {Fault} */
  answer:
    (status, body = "", headers = {}) =>
    async (_request, response) =>
      void response.writeHead(status, headers).end(body),
  /** A whole answer whose JSON is not. @type {Fault} */
  truncatedJson: async (_request, response, pass) => {
    const { status, headers, body } = await pass();
    const { "content-length": _length, ...others } = headers;
    response.writeHead(status, others).end(body.subarray(0, body.length - 3));
  },
  /** Says that more comes than does. @type {Fault} */
  wrongLength: async (_request, response, pass) => {
    const { status, headers, body } = await pass();
    const { "transfer-encoding": _encoding, ...others } = headers;
    response.writeHead(status, { ...others, "content-length": body.length + 10 });
    response.write(body, () => setTimeout(() => response.destroy(), 20));
  },
};

/** The proxy. Faults are used up one a request, in their order; without any it passes on. */
export class FaultProxy {
  /** How many requests came. */
  requests = 0;
  #target;
  /** @type {{ fault: Fault; times: number; matches: RegExp }[]} */
  #faults = [];
  #server = createServer((request, response) => void this.#serve(request, response));

  /** @param {string} target address of the server behind */
  constructor(target) {
    this.#target = target;
  }

  async start() {
    return `http://127.0.0.1:${await listen(this.#server)}`;
  }

  async stop() {
    await stop(this.#server);
  }

  /** @param {Fault} fault @param {number} [times] @param {RegExp} [matches] which requests, by `METHOD path` */
  fail(fault, times = 1, matches = /./) {
    this.#faults.push({ fault, times, matches });
  }

  /** Passes on from now on. */
  heal() {
    this.#faults = [];
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #serve(request, response) {
    this.requests++;
    const pass = async () => this.#pass(request);
    const next = this.#faults.find(
      ({ matches, times }) => times > 0 && matches.test(`${request.method} ${request.url}`),
    );
    response.on("error", () => undefined);
    if (next !== undefined) {
      next.times--;
      await next.fault(request, response, pass);
      return;
    }
    const { status, headers, body } = await pass();
    response.writeHead(status, headers).end(body);
  }

  /** @param {import("node:http").IncomingMessage} request @returns {Promise<Passed>} */
  async #pass(request) {
    return new Promise((resolve, reject) => {
      const { host: _host, ...headers } = request.headers;
      const passed = send(
        new URL(request.url ?? "/", this.#target),
        { method: request.method, headers },
        (answer) => {
          /** @type {Buffer[]} */
          const chunks = [];
          answer.on("data", (/** @type {Buffer} */ chunk) => chunks.push(chunk));
          answer.on("error", reject);
          answer.on("end", () =>
            resolve({
              status: answer.statusCode ?? 500,
              headers: answer.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      passed.on("error", reject);
      request.pipe(passed);
    });
  }
}
