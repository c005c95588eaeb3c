/** Where the tests' own servers listen: on loopback alone. */

/**
 * Has a server listen.
 * @param {import("node:net").Server} server
 * @param {number} [port] a free one, unless one is named
 * @returns {Promise<number>} its port
 */
export async function listen(server, port = 0) {
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  return portOf(server);
}

/** The port on which a server listens. @param {import("node:net").Server} server */
export function portOf(server) {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  return address.port;
}

/** Ends a server with all its connections. @param {import("node:http").Server | import("node:https").Server} server */
export async function stop(server) {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(() => resolve(undefined)));
}
