/** Amazon's part of what is built: in a bundle AWS's library for keys is another kind of module than in the sources. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundles } from "../../tools/build/bundles.mjs";
import { buildModules, buildSplit } from "../../tools/build/split.mjs";
import { mustRun } from "../../tools/process.mjs";
import { AwsKeys } from "../servers/awsKeys.mjs";
import { S3Double } from "../servers/s3Double.mjs";

/** What is run in a plain Node: prints the text of an object and how it was come by, once for each environment. */
const READ = `
for (const [name, env] of Object.entries(JSON.parse(process.argv[1]))) {
  const config = { env: { ...process.env, ...env }, cwd: "/", get: (name) => process.env["METAFLOW_" + name] };
  const store = await openS3("s3://bucket/root", config);
  console.log(name, Buffer.from(await store.get("key")).toString());
  store.close();
}
`;

describe("what is built reads Amazon S3 with keys of every source", () => {
  const double = new S3Double("bucket");
  const givers = new AwsKeys({ accessKeyId: "AKIA", secretAccessKey: "any", sessionToken: "token" });
  let outdir: string;
  let home: string;
  let env: Record<string, string>;
  let sources: Record<string, Record<string, string>>;

  beforeAll(async () => {
    outdir = await mkdtemp(join(tmpdir(), "metaflow-bundles-"));
    home = await mkdtemp(join(tmpdir(), "metaflow-aws-"));
    double.put("root/key", "a text");
    const url = await givers.start();
    env = {
      HOME: home,
      METAFLOW_S3_ENDPOINT_URL: await double.start(),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
      AWS_ENDPOINT_URL_STS: url,
      AWS_ENDPOINT_URL_SSO: url,
    };
    await writeProfiles();
    sources = {
      environment: { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "any" },
      profile: { AWS_PROFILE: "keys" },
      "single sign-on": { AWS_PROFILE: "sso" },
      "web identity": {
        AWS_WEB_IDENTITY_TOKEN_FILE: join(home, "token"),
        AWS_ROLE_ARN: "arn:aws:iam::1:role/r",
      },
      container: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/container`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: "container",
      },
      instance: {},
    };
  });
  afterAll(async () => {
    await Promise.all([double.stop(), givers.stop()]);
    await rm(outdir, { recursive: true });
    await rm(home, { recursive: true });
  });

  async function writeProfiles(): Promise<void> {
    const start = "https://start.example";
    const sso = ["sso_region = eu-west-1", "sso_account_id = 1", "sso_role_name = r"].join("\n");
    const keys = "aws_access_key_id = AKIA\naws_secret_access_key = any";
    const file = `${createHash("sha1").update(start).digest("hex")}.json`;
    const token = { accessToken: "sso", expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
    await mkdir(join(home, ".aws/sso/cache"), { recursive: true });
    await writeFile(
      join(home, ".aws/config"),
      `[profile keys]\n${keys}\n[profile sso]\nsso_start_url = ${start}\n${sso}\n`,
    );
    await writeFile(join(home, ".aws/sso/cache", file), JSON.stringify(token));
    await writeFile(join(home, "token"), "pod");
  }
  async function readBy(script: string): Promise<void> {
    const args = ["--input-type=module", "-e", script + READ, JSON.stringify(sources)];
    const { output } = await mustRun(process.execPath, args, { env, timeoutMs: 60_000 });
    expect(output.trim().split("\n")).toEqual(Object.keys(sources).map((name) => `${name} a text`));
  }
  const optionsOf = (name: string): Parameters<typeof buildSplit>[0] => {
    const plan = bundles({ outdir, minify: true }).find((one) => one.name === name);
    if (plan === undefined) throw new Error(`nothing is called ${name}`);
    return plan.options;
  };

  it("in the extension", async () => {
    await buildSplit(optionsOf("host"));
    const chunks = (await readdir(join(outdir, "chunks"))).filter((name) => name.startsWith("open-"));
    const paths = chunks.map((name) => join(outdir, "chunks", name));
    await readBy(`
      import { createRequire } from "node:module";
      const found = ${JSON.stringify(paths)}.map(createRequire(import.meta.url)).find((chunk) => "openS3" in chunk);
      const { openS3 } = found;`);
  });

  it("in the library, whose entry loads none of it", async () => {
    const { outputs } = await buildModules(optionsOf("library"));
    const entry = Object.values(outputs).find(({ entryPoint }) => entryPoint === "src/client/index.ts");
    for (const { path, kind } of entry?.imports ?? [])
      if (kind === "import-statement")
        expect(Object.keys(outputs[path]?.inputs ?? {}).join()).not.toMatch(/aws|smithy/);
    const files = (await readdir(outdir)).filter((name) => name.startsWith("client-open-"));
    await readBy(`
      const parts = await Promise.all(${JSON.stringify(files.map((name) => join(outdir, name)))}.map((path) => import(path)));
      const { openS3 } = parts.find((part) => "openS3" in part);`);
  });
});
