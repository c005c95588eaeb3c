import { XMLParser } from "fast-xml-parser";
import type { ListPage } from "../http.ts";
import type { Entry } from "../store.ts";
import { unescapeXml } from "../xml.ts";

/** Names are kept to the letter; no entity that a document defines is ever replaced. */
const PARSER = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  isArray: (name) => name === "Contents" || name === "CommonPrefixes",
});

interface Result {
  readonly EncodingType?: string;
  readonly IsTruncated?: string;
  readonly NextContinuationToken?: string;
  readonly Contents?: readonly { readonly Key?: string; readonly Size?: string }[];
  readonly CommonPrefixes?: readonly { readonly Prefix?: string }[];
}

/**
 * A page of a bucket's listing (ListObjectsV2). Throws what the parser throws, or SyntaxError, for what is no such page or not all of one.
 * @param prefix the name whose listing it is, as it is called in the bucket
 * @param keyOf makes a key of a name in the bucket
 */
export function readPage(xml: string, prefix: string, keyOf: (name: string) => string): ListPage {
  // The parser does not mind what is cut off.
  if (!xml.trimEnd().endsWith("</ListBucketResult>"))
    throw new SyntaxError("it is no whole listing of a bucket");
  const { ListBucketResult: result } = PARSER.parse(xml) as { readonly ListBucketResult?: Result | "" };
  if (result === undefined || result === "") throw new SyntaxError("it is no listing of a bucket");
  const { Contents: objects = [], CommonPrefixes: prefixes = [] } = result;
  const nameOf = (text: string | undefined): string => decode(text, result.EncodingType);
  const folders = prefixes.map(({ Prefix: name }): Entry => ({
    key: keyOf(nameOf(name).replace(/\/$/, "")),
    kind: "prefix",
  }));
  const found = objects
    .map(({ Key: key, Size: size }) => ({ name: nameOf(key), size }))
    // What some tools put where they want to show an empty folder.
    .filter(({ name }) => name !== prefix)
    .map(({ name, size }): Entry => {
      const entry: Entry = { key: keyOf(name), kind: "object" };
      return size === undefined ? entry : { ...entry, sizeBytes: Number(size) };
    });
  return { entries: [...folders, ...found], next: nextOf(result) };
}

function nextOf({ IsTruncated: isTruncated, NextContinuationToken: token }: Result): string | undefined {
  if (isTruncated !== "true") return undefined;
  if (token === undefined || token === "") throw new SyntaxError("it does not tell how to go on");
  return unescapeXml(token);
}

/** Names that XML cannot hold are asked for as in an address, with `+` for a space; some stores do not heed it, and say so. */
function decode(text: string | undefined, encoding: string | undefined): string {
  if (text === undefined || text === "") throw new SyntaxError("an object has no name");
  const name = unescapeXml(text);
  return encoding === "url" ? decodeURIComponent(name.replaceAll("+", " ")) : name;
}
