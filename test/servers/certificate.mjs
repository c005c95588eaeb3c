/** A key and a certificate for 127.0.0.1 that nobody vouches for, made anew each time: no key lies in the repository. */
import { generateKeyPairSync, sign } from "node:crypto";

/** The tags of DER that a certificate needs. */
const TAG = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  text: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
};
/** What stands in `[n]`. @param {number} n */
const context = (n) => 0xa0 + n;
const OID = {
  ecdsaWithSha256: Buffer.from("2a8648ce3d040302", "hex"),
  commonName: Buffer.from("550403", "hex"),
  subjectAltName: Buffer.from("551d11", "hex"),
};
const YEAR_MS = 365 * 24 * 3600_000;

/** @returns {{ key: string; cert: string }} both as PEM */
export function loopbackCertificate() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der(TAG.sequence, der(TAG.oid, OID.ecdsaWithSha256));
  const commonName = der(TAG.sequence, der(TAG.oid, OID.commonName), der(TAG.text, Buffer.from("127.0.0.1")));
  const name = der(TAG.sequence, der(TAG.set, commonName));
  const addresses = der(TAG.sequence, der(0x87, Buffer.from([127, 0, 0, 1])));
  const extension = der(TAG.sequence, der(TAG.oid, OID.subjectAltName), der(TAG.octets, addresses));
  const signed = der(
    TAG.sequence,
    der(context(0), der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, Buffer.from([1])),
    algorithm,
    name,
    der(TAG.sequence, time(Date.now() - YEAR_MS), time(Date.now() + YEAR_MS)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(context(3), der(TAG.sequence, extension)),
  );
  const signature = der(TAG.bits, Buffer.from([0]), sign("sha256", signed, privateKey));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: pem(der(TAG.sequence, signed, algorithm, signature)),
  };
}

/** @param {number} tag @param {readonly Buffer[]} parts */
function der(tag, ...parts) {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

/** @param {number} ms */
function time(ms) {
  const digits = new Date(ms).toISOString().replaceAll(/\D/g, "").slice(2, 14);
  return der(TAG.time, Buffer.from(`${digits}Z`));
}

/** @param {Buffer} bytes */
function pem(bytes) {
  const lines = bytes.toString("base64").replaceAll(/.{64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
