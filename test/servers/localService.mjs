/** `metaflow-local-service`, a metadata service of other people that keeps its rows in a `.metaflow` folder: started on loopback, ended by its id. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { metaflowEnv, until } from "../../samples/run.mjs";
import { freePort } from "../../tools/process.mjs";
import { ensurePython } from "../../tools/python.mjs";

const REQUIREMENTS = fileURLToPath(new URL("../fixtures/local-service.txt", import.meta.url));

/**
 * Starts the service on the rows below a folder, which may be empty.
 * @param {string} root
 * @returns {Promise<{ url: string; stop: () => Promise<void> }>}
 */
export async function startLocalService(root) {
  const python = await ensurePython({ requirements: REQUIREMENTS });
  const port = await freePort();
  const args = ["-m", "metaflow_local_service.daemon", "--port", String(port), "--metaflow-root", root];
  // It notes its port below HOME, where another one may have done the same.
  const child = spawn(python, args, {
    cwd: root,
    env: { ...metaflowEnv(python, "ada"), HOME: root },
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  const answers = async () =>
    fetch(`${url}/ping`).then(
      ({ ok }) => ok,
      () => child.exitCode !== null,
    );
  await until(answers, "metaflow-local-service to answer");
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { url, stop };
}
