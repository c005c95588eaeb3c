/** An HTTP proxy on loopback: passes on requests whose line has a whole URL, and makes tunnels for CONNECT. */
import { createServer, request as send } from "node:http";
import { connect } from "node:net";
import { listen, stop } from "./loopback.mjs";

/** Passes on whatever comes from whoever knows its password, if it has one. */
export class ForwardProxy {
  /** `GET http://host/path`, `CONNECT host:port`, in order. @type {string[]} */
  requests = [];
  #password;
  /** @type {Set<import("node:net").Socket>} */
  #tunnels = new Set();
  #server = createServer((request, response) => this.#pass(request, response)).on(
    "connect",
    (request, socket) => this.#tunnel(request, /** @type {import("node:net").Socket} */ (socket)),
  );

  /** @param {string} [password] of the user `ada` */
  constructor(password) {
    this.#password = password;
  }

  async start() {
    return `127.0.0.1:${await listen(this.#server)}`;
  }

  async stop() {
    for (const socket of this.#tunnels) socket.destroy();
    await stop(this.#server);
  }

  /** @param {import("node:http").IncomingMessage} request */
  #isAllowed(request) {
    if (this.#password === undefined) return true;
    const wanted = `Basic ${Buffer.from(`ada:${this.#password}`).toString("base64")}`;
    return request.headers["proxy-authorization"] === wanted;
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  #pass(request, response) {
    this.requests.push(`${request.method} ${request.url}`);
    if (!this.#isAllowed(request)) {
      response.writeHead(407).end("Proxy Authentication Required");
      return;
    }
    const { "proxy-authorization": _password, "proxy-connection": _kept, ...headers } = request.headers;
    const passed = send(request.url ?? "", { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.writeHead(502).end("Bad Gateway"));
    request.pipe(passed);
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:net").Socket} socket */
  #tunnel(request, socket) {
    this.requests.push(`${request.method} ${request.url}`);
    socket.on("error", () => undefined);
    if (!this.#isAllowed(request)) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const other = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      other.pipe(socket).pipe(other);
    });
    other.on("error", () => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    this.#tunnels.add(socket).add(other);
  }
}
