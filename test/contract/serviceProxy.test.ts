/** A metadata service that is reached through a proxy, as the session's environment says. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpsServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HttpClient, textOf } from "../../src/client/http/client.ts";
import { openMetaflow } from "../../src/client/index.ts";
import { makeCertificate } from "../servers/certificate.mjs";
import { ForwardProxy } from "../servers/forwardProxy.mjs";
import { listen, stop } from "../servers/loopback.mjs";
import { MetadataService } from "../servers/metadataService.mjs";
import { s3Python } from "../servers/s3Emulator.mjs";

describe("a metadata service behind a proxy", () => {
  let service: MetadataService;
  let url: string;
  let proxy: ForwardProxy;
  let address: string;

  beforeEach(async () => {
    service = new MetadataService({ apiKey: "secret" });
    service.rows.addFlow("F", {});
    service.rows.addRun("F", { user_name: "ada", tags: [], system_tags: ["user:ada"] });
    url = await service.start();
    proxy = new ForwardProxy("hidden");
    address = await proxy.start();
  });
  afterEach(async () => {
    await proxy.stop();
    await service.stop();
  });

  const open = async (env: Record<string, string>): ReturnType<typeof openMetaflow> =>
    openMetaflow({
      env: {
        METAFLOW_DEFAULT_METADATA: "service",
        METAFLOW_SERVICE_URL: url,
        METAFLOW_SERVICE_AUTH_KEY: "secret",
        METAFLOW_SERVICE_RETRY_COUNT: "1",
        ...env,
      },
      namespace: null,
    });

  it("is read and written through it, with its password", async () => {
    const metaflow = await open({ HTTP_PROXY: `http://ada:hidden@${address}` });
    const run = await metaflow.run("F/1");
    await run.addTag("kept");
    expect([...(await metaflow.run("F/1")).userTags]).toEqual(["kept"]);
    expect(proxy.requests).toContain(`GET ${url}/flows/F/runs/1`);
    expect(proxy.requests).toContain(`PATCH ${url}/flows/F/runs/1/tag/mutate`);
    expect(proxy.requests).toHaveLength(service.requests.length);
    await metaflow.close();
  });

  it("is asked directly where the environment exempts it, or names no proxy", async () => {
    for (const env of [{ http_proxy: `http://${address}`, no_proxy: "localhost,127.0.0.0/8" }, {}]) {
      const metaflow = await open(env);
      expect((await metaflow.run("F/1")).id).toBe("1");
      await metaflow.close();
    }
    expect(proxy.requests).toEqual([]);
  });

  it("is told from the proxy that wants a password, is gone, or is none", async () => {
    const problem = async (http_proxy: string): Promise<unknown> => {
      const metaflow = await open({ http_proxy });
      const error = await metaflow.run("F/1").catch((thrown: unknown) => thrown);
      await metaflow.close();
      return error;
    };
    expect(await problem(`http://${address}`)).toMatchObject({ code: "service-error", httpCode: 407 });
    expect(await problem("http://127.0.0.1:9")).toMatchObject({ code: "unreachable" });
    const none = await problem("socks5://ada:hidden@127.0.0.1:9");
    expect(none).toMatchObject({ code: "unreachable" });
    expect((none as Error).message).toContain("no HTTP proxy");
    expect((none as Error).message).not.toContain("hidden");
  });
});

describe("a host that is asked over HTTPS behind a proxy", () => {
  let server: Server;
  let url: string;
  let proxy: ForwardProxy;
  let folder: string;
  let ca: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "metaflow-proxy-"));
    const { key, cert } = await makeCertificate(await s3Python(), folder);
    ca = cert;
    server = createHttpsServer({ key, cert }, (request, response) =>
      response.end(`${request.url ?? ""} ${request.headers.host ?? ""}`),
    );
    url = `https://127.0.0.1:${await listen(server)}`;
    proxy = new ForwardProxy("hidden");
  });
  afterEach(async () => {
    await proxy.stop();
    await stop(server);
    await rm(folder, { recursive: true });
  });

  it("is reached by one tunnel, which is kept for the next request", async () => {
    const client = new HttpClient({ ca, env: { HTTPS_PROXY: `ada:hidden@${await proxy.start()}` } });
    const host = url.slice("https://".length);
    for (const path of ["/one", "/two"]) {
      const answer = await client.send({ method: "GET", url: url + path });
      expect([answer.status, await textOf(answer, 1000)]).toEqual([200, `${path} ${host}`]);
    }
    expect(proxy.requests).toEqual([`CONNECT ${host}`]);
    client.close();
  });

  it("is told nothing where its certificate is not trusted, by the tunnel neither", async () => {
    const client = new HttpClient({ env: { HTTPS_PROXY: `ada:hidden@${await proxy.start()}` } });
    const error = await client.send({ method: "GET", url }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "HttpFailure", again: undefined });
    client.close();
  });

  it("is not reached by a proxy that wants another password", async () => {
    const client = new HttpClient({ ca, env: { HTTPS_PROXY: `ada:wrong@${await proxy.start()}` } });
    const answer = await client.send({ method: "GET", url });
    expect(answer.status).toBe(407);
    client.close();
  });
});
