import { describe, expect, it } from "vitest";
import { MetaflowConfig, type Environment } from "../../../../src/client/config.ts";
import { bucketUrl, isRegion } from "../../../../src/client/datastore/s3/address.ts";
import { S3Dialect } from "../../../../src/client/datastore/s3/dialect.ts";
import { readPage } from "../../../../src/client/datastore/s3/listing.ts";
import { parseRoot } from "../../../../src/client/datastore/s3/place.ts";
import { Profiles } from "../../../../src/client/datastore/s3/profiles.ts";
import { settingsOf, type S3Settings } from "../../../../src/client/datastore/s3/settings.ts";
import { sign, signerOf } from "../../../../src/client/datastore/s3/sign.ts";
import { DatastoreError, MetaflowConfigError } from "../../../../src/client/errors.ts";

/** Those of AWS's documentation. */
const KEYS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const SCOPE = { region: "us-east-1", date: new Date("2013-05-24T00:00:00Z") };

async function settings(env: Environment, files = "/nonexistent"): Promise<S3Settings> {
  const config = await MetaflowConfig.load({
    cwd: "/",
    env: { HOME: files, METAFLOW_HOME: "/nonexistent", ...env },
  });
  return settingsOf(config, await Profiles.load(config));
}

describe("a root in Amazon S3", () => {
  it("is a bucket and a prefix, with or without slashes at its ends", () => {
    expect(parseRoot("s3://bucket")).toEqual({ bucket: "bucket", prefix: "" });
    expect(parseRoot("s3://bucket/")).toEqual({ bucket: "bucket", prefix: "" });
    expect(parseRoot("s3://my.bucket_1//a/b c")).toEqual({ bucket: "my.bucket_1", prefix: "a/b c/" });
    expect(parseRoot("s3://bucket/a/")).toEqual({ bucket: "bucket", prefix: "a/" });
    expect(parseRoot("s3://bucket/a//")).toEqual({ bucket: "bucket", prefix: "a//" });
  });

  it("must name a bucket, and no host or other path", () => {
    for (const root of [
      "",
      "bucket/a",
      "gs://bucket/a",
      "s3://",
      "s3:///a",
      "s3://../a",
      "s3://u@host:80/a",
      "s3://a b/c",
    ])
      expect(() => parseRoot(root), root).toThrow(DatastoreError);
  });
});

describe("the address of a bucket", () => {
  it("names it in the host at AWS, in the path wherever else", () => {
    expect(bucketUrl("b-1", "eu-west-3", undefined, "auto")).toBe("https://b-1.s3.eu-west-3.amazonaws.com");
    expect(bucketUrl("b-1", "eu-west-3", undefined, "path")).toBe("https://s3.eu-west-3.amazonaws.com/b-1");
    expect(bucketUrl("b-1", "x", "http://minio:9000/", "auto")).toBe("http://minio:9000/b-1");
    expect(bucketUrl("b-1", "x", "https://host/base/", "auto")).toBe("https://host/base/b-1");
    expect(bucketUrl("b-1", "x", "https://host:8443", "virtual")).toBe("https://b-1.host:8443");
  });

  it("names it in the path where a certificate, an address or a host's name could not bear it", () => {
    for (const bucket of ["my.bucket", "Bucket", "a_b", "ab".repeat(40)])
      expect(bucketUrl(bucket, "us-east-1", undefined, "virtual")).toBe(
        `https://s3.us-east-1.amazonaws.com/${bucket}`,
      );
    expect(bucketUrl("b-1", "x", "http://127.0.0.1:9000", "virtual")).toBe("http://127.0.0.1:9000/b-1");
    expect(bucketUrl("b-1", "x", "http://[::1]:9000", "virtual")).toBe("http://[::1]:9000/b-1");
  });

  it("lies in the region's own partition of AWS", () => {
    expect(bucketUrl("bucket", "cn-north-1", undefined, "auto")).toBe(
      "https://bucket.s3.cn-north-1.amazonaws.com.cn",
    );
    expect(bucketUrl("bucket", "us-gov-west-1", undefined, "auto")).toBe(
      "https://bucket.s3.us-gov-west-1.amazonaws.com",
    );
  });

  it("is never made of what a store only calls a region", () => {
    expect(["eu-west-3", "us-east-1", "auto", "default"].every(isRegion)).toBe(true);
    expect(["", "evil.example.com", "a/b", "a@b", "a:1", "-a"].some(isRegion)).toBe(false);
  });
});

describe("a signature", () => {
  it("is that of AWS's published examples", async () => {
    const ask = async (query: string): Promise<string | undefined> => {
      const request = { method: "GET", url: `https://examplebucket.s3.amazonaws.com/?${query}` } as const;
      return (await sign(request, KEYS, SCOPE)).headers?.["authorization"];
    };
    const head =
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=";
    expect(await ask("lifecycle")).toBe(
      `${head}fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543`,
    );
    expect(await ask("max-keys=2&prefix=J")).toBe(
      `${head}34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7`,
    );
  });

  it("covers the token of a session, and tells whose key it is", async () => {
    const request = {
      method: "GET",
      url: "https://bucket.s3.us-east-1.amazonaws.com/key",
      headers: { range: "bytes=0-9" },
    } as const;
    const signed = await sign(request, { ...KEYS, sessionToken: "a token" }, SCOPE);
    expect(signed.headers).toMatchObject({ "x-amz-security-token": "a token", range: "bytes=0-9" });
    expect(signed.headers?.["authorization"]).toContain(
      "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,",
    );
    expect(signerOf(signed)).toBe(KEYS.accessKeyId);
    expect(signerOf(request)).toBeUndefined();
  });
});

describe("requests to Amazon S3", () => {
  const KEY = "Flow/1/a b/ü#?%&+'()*!~";
  const ESCAPED = "Flow/1/a%20b/%C3%BC%23%3F%25%26%2B%27%28%29%2A%21~";
  const BUCKET = "https://bucket.s3.us-east-1.amazonaws.com";

  async function dialect(root: string): Promise<S3Dialect> {
    return new S3Dialect(parseRoot(root), await settings({}), {
      keys: async () => Promise.resolve(KEYS),
      refused: () => undefined,
    });
  }

  it("escape whatever an address could take for something else", async () => {
    const { method, url, headers } = await (
      await dialect("s3://bucket/p q")
    ).request({ what: "get", key: KEY, range: "bytes=5-", etag: '"1"' });
    expect([method, url]).toEqual(["GET", `${BUCKET}/p%20q/${ESCAPED}`]);
    expect(headers).toMatchObject({ range: "bytes=5-", "if-match": '"1"' });
    expect(new URL(url).href).toBe(url);
  });

  it("list one level below a prefix, page by page", async () => {
    const it = await dialect("s3://bucket/p q/");
    const { url } = await it.request({ what: "list", prefix: "a+b/", after: undefined });
    expect(url).toBe(`${BUCKET}/?list-type=2&delimiter=%2F&encoding-type=url&prefix=p%20q%2Fa%2Bb%2F`);
    expect((await it.request({ what: "list", prefix: "", after: "1/+=" })).url).toMatch(
      /&continuation-token=1%2F%2B%3D$/,
    );
  });

  it("are not made for keys whose parts an address works out", async () => {
    const it = await dialect("s3://bucket/root");
    for (const key of ["../other/key", "a/./b", "..", "a/.."])
      await expect(it.request({ what: "get", key }), key).rejects.toThrow(DatastoreError);
  });
});

describe("a page of a listing", () => {
  const page = (inside: string): string =>
    `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</ListBucketResult>`;
  const read = (inside: string): ReturnType<typeof readPage> =>
    readPage(page(inside), "root/", (name) => name.slice("root/".length));

  it("gives objects and prefixes below the root, with the way to the next", () => {
    const inside =
      "<IsTruncated>true</IsTruncated><NextContinuationToken>1&amp;/+==</NextContinuationToken>" +
      "<Contents><Key>root/</Key><Size>0</Size></Contents><Contents><Key>root/ 007 </Key><Size>12</Size></Contents>" +
      "<CommonPrefixes><Prefix>root/1e3/</Prefix></CommonPrefixes>";
    expect(read(inside)).toEqual({
      entries: [
        { key: "1e3", kind: "prefix" },
        { key: " 007 ", kind: "object", sizeBytes: 12 },
      ],
      next: "1&/+==",
    });
    expect(read("<IsTruncated>false</IsTruncated><KeyCount>0</KeyCount>")).toEqual({
      entries: [],
      next: undefined,
    });
  });

  it("gives names to the letter, escaped in either way", () => {
    const keyOf = (inside: string): string | undefined =>
      read(`${inside}<IsTruncated>false</IsTruncated>`).entries[0]?.key;
    expect(keyOf("<Contents><Key>root/a&amp;lt;&#x26;&#38;&lt;+%20</Key></Contents>")).toBe("a&lt;&&<+%20");
    expect(
      keyOf("<EncodingType>url</EncodingType><Contents><Key>root/a+b%2B%26%C3%BC%00</Key></Contents>"),
    ).toBe("a b+&ü\0");
  });

  it("is refused where it is cut off, another document, or one that defines things for itself", () => {
    const whole = page("<IsTruncated>false</IsTruncated>");
    for (const xml of [
      "",
      "<html></html>",
      whole.slice(0, -3),
      "<ListBucketResult></ListBucketResult>",
      '{"kind": 1}',
    ])
      expect(() => readPage(xml, "", (name) => name), xml).toThrow();
    expect(() => read("<IsTruncated>true</IsTruncated>")).toThrow();
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>${page("<Contents><Key>root/&a;</Key></Contents>")}`;
    expect(told(() => readPage(bomb, "", (name) => name))).not.toContain("aaaa");
  });
});

/** What comes of it, in words. */
function told(read: () => unknown): string {
  try {
    return JSON.stringify(read());
  } catch (thrown) {
    return String(thrown);
  }
}

describe("the settings of Amazon S3", () => {
  it("are AWS's own where nobody has said anything", async () => {
    expect(await settings({})).toEqual({
      endpoint: undefined,
      region: "us-east-1",
      addressing: "auto",
      verify: true,
      keys: undefined,
    });
  });

  it("take the endpoint of the client's parameters before Metaflow's, and that before AWS's", async () => {
    const all = {
      METAFLOW_DATATOOLS_CLIENT_PARAMS: '{"endpoint_url": "http://params"}',
      METAFLOW_S3_ENDPOINT_URL: "http://metaflow",
      AWS_ENDPOINT_URL_S3: "http://aws-s3",
      AWS_ENDPOINT_URL: "http://aws",
    };
    for (const [name, value] of Object.entries(all)) {
      expect((await settings(all)).endpoint).toContain(/http:\/\/[\w-]+/.exec(value)?.[0]);
      all[name as keyof typeof all] = "";
    }
    expect(
      (await settings({ AWS_ENDPOINT_URL: "http://aws", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }))
        .endpoint,
    ).toBeUndefined();
  });

  it("take the region by either variable, Python's first", async () => {
    expect((await settings({ AWS_DEFAULT_REGION: "eu-west-1", AWS_REGION: "eu-west-2" })).region).toBe(
      "eu-west-1",
    );
    expect((await settings({ AWS_REGION: "eu-west-2" })).region).toBe("eu-west-2");
    expect(
      (
        await settings({
          AWS_REGION: "eu-west-2",
          METAFLOW_DATATOOLS_CLIENT_PARAMS: '{"region_name": "eu-west-3"}',
        })
      ).region,
    ).toBe("eu-west-3");
    const sandbox = { METAFLOW_AWS_SANDBOX_ENABLED: "true", METAFLOW_AWS_SANDBOX_REGION: "us-west-2" };
    expect((await settings({ ...sandbox, AWS_DEFAULT_REGION: "eu-west-1" })).region).toBe("us-west-2");
    await expect(settings({ AWS_REGION: "evil.example.com/" })).rejects.toThrow(MetaflowConfigError);
  });

  it("take certificates from where Python does", async () => {
    expect((await settings({ METAFLOW_DATATOOLS_CLIENT_PARAMS: '{"verify": false}' })).verify).toBe(false);
    expect((await settings({ METAFLOW_S3_VERIFY_CERTIFICATE: "False" })).verify).toBe(false);
    expect(
      (
        await settings({
          METAFLOW_S3_VERIFY_CERTIFICATE: "/ca.pem",
          METAFLOW_DATATOOLS_CLIENT_PARAMS: '{"verify": false}',
        })
      ).verify,
    ).toBe("/ca.pem");
    expect((await settings({ AWS_CA_BUNDLE: "/aws.pem" })).verify).toBe("/aws.pem");
  });

  it("take keys and the way of addressing from the client's parameters", async () => {
    const params = {
      aws_access_key_id: "AKIA",
      aws_secret_access_key: "s",
      config: { s3: { addressing_style: "virtual" } },
    };
    expect(await settings({ METAFLOW_DATATOOLS_CLIENT_PARAMS: JSON.stringify(params) })).toMatchObject({
      addressing: "virtual",
      keys: { accessKeyId: "AKIA", secretAccessKey: "s" },
    });
  });

  it("must be such as can be used, and are not told where they may hold a secret", async () => {
    const broken = settings({ METAFLOW_DATATOOLS_CLIENT_PARAMS: '{"aws_secret_access_key": "hidden", ' });
    await expect(broken).rejects.toThrow(/^METAFLOW_DATATOOLS_CLIENT_PARAMS must be a JSON object$/);
    for (const endpoint of [
      "minio:9000",
      "ftp://minio",
      "http://",
      "http://user:word@minio",
      "http://minio/?a=b",
    ])
      await expect(settings({ METAFLOW_S3_ENDPOINT_URL: endpoint }), endpoint).rejects.toThrow(
        MetaflowConfigError,
      );
  });
});
