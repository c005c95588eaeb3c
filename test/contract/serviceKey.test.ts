/** A metadata service behind a gateway that wants a key: who is asked for it, where it goes, and where it never goes. */
import { createServer, type Server } from "node:http";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ServiceException } from "../../src/client/errors.ts";
import {
  openMetaflow,
  type KeyQuestion,
  type Metaflow,
  type MetaflowOptions,
} from "../../src/client/index.ts";
import { MetadataService } from "../servers/metadataService.mjs";

const KEY = "s3cr3t-key";

describe("a metadata service that wants a key", () => {
  let service: MetadataService;
  let url: string;
  let home: string;
  let questions: KeyQuestion[];
  let keys: (string | undefined)[];
  const opened: Metaflow[] = [];

  beforeEach(async () => {
    service = new MetadataService({ apiKey: KEY });
    service.rows.addFlow("F", {});
    service.rows.addRun("F", { user_name: "ada", tags: [], system_tags: ["user:ada"] });
    url = await service.start();
    home = await mkdtemp(join(tmpdir(), "metaflow-key-"));
    questions = [];
    keys = [];
  });
  afterEach(async () => {
    for (const metaflow of opened.splice(0)) await metaflow.close();
    await service.stop();
    await rm(home, { recursive: true });
  });

  /** Gives the keys one after the other, the last of them from then on. */
  const credentials = {
    serviceKey: async (about: KeyQuestion): Promise<string | undefined> => {
      questions.push(about);
      return Promise.resolve(keys.length > 1 ? keys.shift() : keys[0]);
    },
  };
  const open = async (options: MetaflowOptions = {}, env = {}): Promise<Metaflow> => {
    const metaflow = await openMetaflow({
      cwd: home,
      env: {
        METAFLOW_HOME: home,
        METAFLOW_DEFAULT_METADATA: "service",
        METAFLOW_SERVICE_URL: url,
        ...env,
      },
      namespace: null,
      credentials,
      ...options,
    });
    opened.push(metaflow);
    return metaflow;
  };
  const refusal = async (asked: Promise<unknown>): Promise<ServiceException> => {
    const error: unknown = await asked.catch((thrown: unknown) => thrown);
    if (error instanceof ServiceException) return error;
    throw new Error(`no ServiceException but ${String(error)}`);
  };

  it("gets the configured one, and nobody is asked", async () => {
    const metaflow = await open({}, { METAFLOW_SERVICE_AUTH_KEY: KEY });
    expect((await metaflow.flow("F")).id).toBe("F");
    expect(questions).toEqual([]);
  });

  it("gets the one that the source has, asked for once", async () => {
    keys = [KEY];
    const metaflow = await open();
    await Promise.all([metaflow.flow("F"), metaflow.run("F/1"), metaflow.has("F")]);
    expect(questions).toEqual([{ url, refused: false }]);
  });

  it("gets another one where it refuses, and is asked the same again once", async () => {
    keys = ["wrong", KEY];
    const metaflow = await open();
    expect((await metaflow.run("F/1")).id).toBe("1");
    expect(questions.map(({ refused }) => refused)).toEqual([false, true]);
    expect(service.requests).toEqual(["GET /flows/F/runs/1", "GET /flows/F/runs/1"]);
  });

  it("gets another one for all requests that it refused at the same time", async () => {
    const metaflow = await open({}, { METAFLOW_SERVICE_AUTH_KEY: "old" });
    keys = [KEY];
    await Promise.all([metaflow.run("F/1"), metaflow.has("F"), metaflow.has("G")]);
    expect(questions).toEqual([{ url, refused: true }]);
  });

  it("gets another one for a change, too", async () => {
    keys = [KEY];
    const run = await (await open()).run("F/1");
    const other = new MetadataService({ apiKey: "newer", rows: service.rows });
    const { port } = new URL(url);
    await service.stop();
    service = other;
    await service.start(Number(port));
    keys = ["newer"];
    await run.addTag("kept");
    expect([...run.userTags]).toEqual(["kept"]);
  });

  it("says that it refuses where there is no other, after one request, and is fine when there is", async () => {
    keys = ["wrong"];
    const metaflow = await open();
    expect(await refusal(metaflow.flow("F"))).toMatchObject({ code: "forbidden", context: { store: url } });
    expect(service.requests).toHaveLength(1);
    keys = [KEY];
    expect((await metaflow.flow("F")).id).toBe("F");
  });

  it("has its key told in no error, whatever the service repeats of it", async () => {
    const gateway = createServer((request, response) => {
      response.writeHead(403).end(`the key ${String(request.headers["x-api-key"])} is not known`);
    });
    const at = await listening(gateway);
    const metaflow = await open({}, { METAFLOW_SERVICE_URL: at, METAFLOW_SERVICE_AUTH_KEY: KEY });
    const error = await refusal(metaflow.flow("F"));
    gateway.close();
    expect(error.message).toContain("the key … is not known");
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(KEY);
  });

  it("whose source fails says which key could not be had", async () => {
    const broken = { serviceKey: async () => Promise.reject(new Error("the keyring is locked")) };
    const metaflow = await open({ credentials: broken });
    await expect(metaflow.flow("F")).rejects.toMatchObject({ code: "config-error", context: { store: url } });
    expect(service.requests).toEqual([]);
  });

  it("is the only one that is sent it: not the place that it redirects to", async () => {
    const seen: unknown[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers["x-api-key"]);
      response.writeHead(200).end("{}");
    });
    const elsewhere = await listening(other);
    const redirecting = createServer((_request, response) => {
      response.writeHead(302, { location: `${elsewhere}/flows/F` }).end();
    });
    const at = await listening(redirecting);
    const metaflow = await open({}, { METAFLOW_SERVICE_URL: at, METAFLOW_SERVICE_AUTH_KEY: KEY });
    await refusal(metaflow.flow("F"));
    other.close();
    redirecting.close();
    expect(seen).toEqual([]);
  });

  describe("that a profile names", () => {
    let seen: unknown[];
    let other: Server;
    let elsewhere: string;
    beforeEach(async () => {
      seen = [];
      other = createServer((request, response) => {
        seen.push([request.headers["x-api-key"], request.headers["x-team"]]);
        response.writeHead(404).end("{}");
      });
      elsewhere = await listening(other);
      const profile = {
        METAFLOW_DEFAULT_METADATA: "service",
        METAFLOW_SERVICE_URL: url,
        METAFLOW_SERVICE_AUTH_KEY: KEY,
        METAFLOW_SERVICE_HEADERS: { "X-Team": "churn" },
      };
      await writeFile(join(home, "config_prod.json"), JSON.stringify(profile));
    });
    afterEach(() => {
      other.close();
    });

    it("gets what stands beside its address", async () => {
      const metaflow = await open({ profile: "prod", env: { METAFLOW_HOME: home } });
      expect((await metaflow.flow("F")).id).toBe("F");
    });

    it("is not mixed up with one whose address is typed", async () => {
      const typed = { profile: "prod", env: { METAFLOW_HOME: home }, metadata: `service@${elsewhere}` };
      await (await open(typed)).has("F");
      expect(new Set(seen.map(String))).toEqual(new Set([","]));
    });

    it("is not mixed up with one that a project names", async () => {
      await mkdir(join(home, "work/.metaflow"), { recursive: true });
      await writeFile(
        join(home, "work/.metaflow/config.json"),
        JSON.stringify({ METAFLOW_SERVICE_URL: elsewhere }),
      );
      const inProject = { cwd: join(home, "work"), profile: "prod", env: { METAFLOW_HOME: home } };
      const metaflow = await open(inProject);
      await metaflow.has("F");
      expect(seen.map(String)).toEqual([","]);
      const untrusted = await open({ ...inProject, project: false });
      expect(untrusted.metadata).toBe(`service@${url}`);
    });

    it("gets it also at an address of the person's own environment, such as a tunnel to it", async () => {
      const env = { METAFLOW_HOME: home, METAFLOW_SERVICE_URL: elsewhere };
      await (await open({ profile: "prod", env })).has("F");
      expect(seen).toEqual([[KEY, "churn"]]);
    });
  });
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  return `http://127.0.0.1:${address.port}`;
}
