/** An emulator of Google Cloud Storage (gcp-storage-emulator) on loopback, over a folder. It knows no credentials, pages or ETags: see `gsDouble.mjs`. */
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asGroup, endWithUs, envOfGroup, freePort, stopTree } from "../../tools/process.mjs";
import { ensurePython } from "../../tools/python.mjs";

export const GS_REQUIREMENTS = fileURLToPath(new URL("../fixtures/gs-requirements.txt", import.meta.url));
export const BUCKET = "metaflow-tests";

const READY_MS = 30_000;

/** An interpreter with Metaflow, Google's library and the emulator. @param {(line: string) => void} [log] */
export async function gsPython(log = () => undefined) {
  return ensurePython({ log, requirements: GS_REQUIREMENTS });
}

/** One emulator with one bucket. */
export class GsEmulator {
  #python;
  #folder;
  /** Taken away when the emulator stops. @type {string | undefined} */
  #copy;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;
  #url = "";

  /** @param {string} python see `gsPython` @param {string} folder where objects are kept */
  constructor(python, folder) {
    this.#python = python;
    this.#folder = folder;
  }

  /** An emulator over a copy of what another one left. @param {string} python @param {string} folder */
  static async ofCopy(python, folder) {
    const copy = await mkdtemp(join(tmpdir(), "metaflow-gs-"));
    await cp(folder, copy, { recursive: true });
    const emulator = new GsEmulator(python, copy);
    emulator.#copy = copy;
    return emulator;
  }

  /** @returns {Promise<string>} its address */
  async start() {
    const port = await freePort();
    const url = (this.#url = `http://127.0.0.1:${port}`);
    await this.#moveTo(url);
    const args = ["-m", "gcp_storage_emulator", "-d", this.#folder, "start", "--quiet"];
    args.push("--host", "127.0.0.1", "--port", String(port), "--default-bucket", BUCKET);
    const child = spawn(this.#python, args, {
      env: envOfGroup({}),
      stdio: ["ignore", "ignore", "pipe"],
      ...asGroup,
    });
    this.#child = child;
    endWithUs(child);
    let said = "";
    child.stderr.on("data", (/** @type {Buffer} */ chunk) => (said += chunk.toString()));
    for (const end = Date.now() + READY_MS; ;) {
      const answer = await fetch(url).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.ok === true) return url;
      if (Date.now() > end || child.exitCode !== null)
        throw new Error(`the emulator does not start:\n${said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Uploads an object as Google's library does. @param {string} name @param {Buffer} bytes */
  async put(name, bytes) {
    const meta = JSON.stringify({ name }).replaceAll(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    const head = `--part\r\nContent-Type: application/json\r\n\r\n${meta}\r\n--part\r\nContent-Type: application/octet-stream\r\n\r\n`;
    const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from("\r\n--part--\r\n")]);
    const answer = await fetch(`${this.#url}/upload/storage/v1/b/${BUCKET}/o?uploadType=multipart`, {
      method: "POST",
      headers: { "content-type": "multipart/related; boundary=part" },
      body,
    });
    if (!answer.ok)
      throw new Error(`the emulator does not take ${name}: ${answer.status} ${await answer.text()}`);
  }

  async stop() {
    if (this.#child !== undefined) await stopTree(this.#child);
    if (this.#copy !== undefined) await rm(this.#copy, { recursive: true, force: true });
  }

  /** It keeps with each object the address under which it was written, and Google's library follows it. @param {string} url */
  async #moveTo(url) {
    const file = join(this.#folder, ".cloudstorage/.meta");
    await mkdir(this.#folder, { recursive: true });
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text !== undefined) await writeFile(file, text.replaceAll(/http:\/\/127\.0\.0\.1:\d+(?=\/)/g, url));
  }
}
