/** Azurite on loopback, over a folder, by https with a certificate of its own: Azure's clients send tokens over nothing else. */
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureAzurite } from "../../tools/azurite.mjs";
import { asGroup, endWithUs, envOfGroup, freePort, stopTree } from "../../tools/process.mjs";
import { ensurePython } from "../../tools/python.mjs";
import { AzureTokens } from "./azureTokens.mjs";
import { makeCertificate } from "./certificate.mjs";

const REQUIREMENTS = fileURLToPath(new URL("../fixtures/azure-requirements.txt", import.meta.url));
export const CONTAINER = "metaflow-tests";
/** Azurite's account; its key is written in Microsoft's documentation. */
const ACCOUNT = "devstoreaccount1";

const READY_MS = 60_000;

/** An interpreter with Metaflow and Azure's libraries. @param {(line: string) => void} [log] */
export async function azurePython(log = () => undefined) {
  return ensurePython({ log, requirements: REQUIREMENTS });
}

/** One emulator with one container, and who gives out tokens for it. */
export class Azurite {
  tokens = new AzureTokens();
  /** Of its certificate and of what it holds; taken away when it stops. */
  #folder = "";
  #from;
  #data = "";
  #url = "";
  #ca = "";
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;

  /** @param {{ from?: string; data?: string }} [where] `from`: a folder that another one left, of which a copy is served; `data`: a folder that is kept */
  constructor({ from, data = "" } = {}) {
    this.#from = from;
    this.#data = data;
  }

  /** Its address, with the account. */
  get url() {
    return this.#url;
  }

  /** The environment in which Metaflow, Python's or ours, reaches it. @returns {Record<string, string>} */
  get env() {
    return {
      ...this.tokens.env,
      METAFLOW_AZURE_STORAGE_BLOB_SERVICE_ENDPOINT: this.#url,
      REQUESTS_CA_BUNDLE: join(this.#folder, "certificate.pem"),
    };
  }

  async start() {
    const program = await ensureAzurite();
    this.#folder = await mkdtemp(join(tmpdir(), "metaflow-azurite-"));
    const data = this.#data === "" ? join(this.#folder, "data") : this.#data;
    await mkdir(data, { recursive: true });
    if (this.#from !== undefined) await cp(this.#from, data, { recursive: true });
    const { cert, file, keyFile } = await makeCertificate(await azurePython(), this.#folder);
    this.#ca = cert;
    await this.tokens.start();
    const port = await freePort();
    this.#url = `https://127.0.0.1:${port}/${ACCOUNT}`;
    const args = ["--blobHost", "127.0.0.1", "--blobPort", String(port), "--location", data];
    args.push("--cert", file, "--key", keyFile, "--oauth", "basic");
    args.push("--skipApiVersionCheck", "--disableTelemetry", "--silent");
    await this.#spawn(program, args);
    const { status } = await this.send("PUT", `/${CONTAINER}?restype=container`);
    if (status !== 201 && status !== 409) throw new Error(`the emulator makes no container: ${status}`);
  }

  async stop() {
    if (this.#child !== undefined) await stopTree(this.#child);
    await this.tokens.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Writes a blob. @param {string} name @param {Buffer} bytes @param {Record<string, string>} [headers] */
  async put(name, bytes, headers = {}) {
    const path = `/${CONTAINER}/${name.split("/").map(encodeURIComponent).join("/")}`;
    const { status } = await this.send("PUT", path, { "x-ms-blob-type": "BlockBlob", ...headers }, bytes);
    if (status !== 201) throw new Error(`the emulator does not take ${name}: ${status}`);
  }

  /**
   * A request by one who may do everything.
   * @param {string} method @param {string} path below the account @param {Record<string, string>} [headers] @param {Buffer} [body]
   * @returns {Promise<{ status: number; headers: import("node:http").IncomingHttpHeaders; body: string }>}
   */
  async send(method, path, headers = {}, body = Buffer.of()) {
    const all = {
      authorization: `Bearer ${this.tokens.give()}`,
      "x-ms-version": "2021-12-02",
      "content-length": String(body.length),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#url}${path}`, { method, headers: all, ca: this.#ca }, (answer) => {
        let text = "";
        answer.on("data", (/** @type {Buffer} */ chunk) => (text += chunk.toString()));
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
        );
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** @param {string} program @param {readonly string[]} args */
  async #spawn(program, args) {
    const child = spawn(process.execPath, [program, ...args], {
      env: envOfGroup({}),
      stdio: ["ignore", "pipe", "pipe"],
      ...asGroup,
    });
    this.#child = child;
    endWithUs(child);
    let said = "";
    await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the emulator does not start:\n${said}`)), READY_MS);
      const hear = (/** @type {Buffer} */ chunk) => {
        said += chunk.toString();
        if (!/successfully listen/i.test(said)) return;
        clearTimeout(timer);
        resolve(undefined);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("exit", () => reject(new Error(`the emulator ended:\n${said}`)));
    });
  }
}
