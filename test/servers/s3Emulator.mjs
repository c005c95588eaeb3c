/** An emulator of Amazon S3 (moto) on loopback, over the objects that an earlier one left. It checks signatures where it is told to. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { asGroup, endWithUs, envOfGroup, lineSplitter, stopTree } from "../../tools/process.mjs";
import { ensurePython } from "../../tools/python.mjs";

export const S3_REQUIREMENTS = fileURLToPath(new URL("../fixtures/s3-requirements.txt", import.meta.url));
const SERVER = fileURLToPath(new URL("s3_server.py", import.meta.url));
export const BUCKET = "metaflow-tests";

const READY_MS = 60_000;

/** An interpreter with Metaflow, Amazon's library and the emulator. @param {(line: string) => void} [log] */
export async function s3Python(log = () => undefined) {
  return ensurePython({ log, requirements: S3_REQUIREMENTS });
}

/** What the emulator tells about itself. @typedef {{ port: number; accessKeyId: string; secretAccessKey: string; role: string }} Told */

/** One emulator with one bucket. */
export class S3Emulator {
  #python;
  #args;
  #pageSize;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;
  /** @type {Told | undefined} */
  #told;

  /**
   * @param {string} python see `s3Python`
   * @param {{ file?: string; keep?: boolean; pageSize?: number }} [options] `file`: where objects are had from; `keep`: and left at the end
   */
  constructor(python, { file, keep = false, pageSize = 1000 } = {}) {
    this.#python = python;
    this.#args = [SERVER, BUCKET, ...(file === undefined ? [] : [file]), ...(keep ? ["keep"] : [])];
    this.#pageSize = pageSize;
  }

  /** @returns {Promise<string>} its address */
  async start() {
    const child = spawn(this.#python, this.#args, {
      env: envOfGroup({ MOTO_S3_DEFAULT_MAX_KEYS: String(this.#pageSize) }),
      stdio: ["pipe", "pipe", "pipe"],
      ...asGroup,
    });
    this.#child = child;
    endWithUs(child);
    let said = "";
    child.stderr.on(
      "data",
      (/** @type {Buffer} */ chunk) => (said = (said + chunk.toString()).slice(-10_000)),
    );
    /** @type {string} */
    const line = await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the emulator does not start:\n${said}`)), READY_MS);
      const lines = lineSplitter(resolve);
      child.stdout.on("data", (/** @type {Buffer} */ chunk) => lines.push(chunk));
      child.once("exit", () => reject(new Error(`the emulator does not start:\n${said}`)));
      child.once("error", reject);
      child.stdout.once("data", () => clearTimeout(late));
    });
    this.#told = JSON.parse(line);
    return this.url;
  }

  get url() {
    return `http://127.0.0.1:${this.told.port}`;
  }

  get told() {
    if (this.#told === undefined) throw new Error("the emulator is not started");
    return this.#told;
  }

  /** From now on it refuses whoever it does not know, and signatures that are wrong. */
  async checkSignatures() {
    const answer = await fetch(`${this.url}/moto-api/reset-auth`, { method: "POST", body: "0" });
    if (!answer.ok) throw new Error(`the emulator does not check signatures: ${answer.status}`);
  }

  /** @param {string} key @param {string | Buffer} bytes @param {Record<string, string>} [headers] */
  async put(key, bytes, headers = {}) {
    const path = encodeURIComponent(key).replaceAll("%2F", "/");
    const answer = await fetch(`${this.url}/${BUCKET}/${path}`, {
      method: "PUT",
      body: new Uint8Array(Buffer.from(bytes)),
      headers,
    });
    if (!answer.ok)
      throw new Error(`the emulator does not take ${key}: ${answer.status} ${await answer.text()}`);
  }

  /** Lets it leave its objects, where it is to. */
  async stop() {
    const child = this.#child;
    if (child === undefined) return;
    const ended = once(child, "exit");
    child.stdin?.end();
    const late = setTimeout(() => void stopTree(child), 10_000);
    await ended;
    clearTimeout(late);
  }
}
