import { XMLParser } from "fast-xml-parser";
import type { ListPage } from "../http.ts";
import type { Entry } from "../store.ts";
import { elementText, unescapeXml } from "../xml.ts";

/** Names are kept to the letter; no entity that a document defines is ever replaced. */
const PARSER = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  isArray: (name) => name === "Blob" || name === "BlobPrefix",
});

/** How the parser gives an element: its text, or an object where it has attributes. */
type Text = string | { readonly "#text"?: string; readonly "@Encoded"?: string };

interface Listed {
  readonly Name?: Text;
  readonly Properties?: { readonly "Content-Length"?: string; readonly ResourceType?: string } | "";
}

interface Results {
  readonly Blobs?: { readonly Blob?: readonly Listed[]; readonly BlobPrefix?: readonly Listed[] } | "";
  readonly NextMarker?: Text;
}

/**
 * A page of a container's listing. Throws what the parser throws, or SyntaxError, for what is no such page or not all of one.
 * @param prefix the name whose listing it is, as it is called in the container
 * @param keyOf makes a key of a name in the container
 */
export function readPage(xml: string, prefix: string, keyOf: (name: string) => string): ListPage {
  // The parser does not mind what is cut off.
  if (!xml.trimEnd().endsWith("</EnumerationResults>"))
    throw new SyntaxError("it is no whole listing of blobs");
  const { EnumerationResults: results } = PARSER.parse(xml) as { readonly EnumerationResults?: Results };
  if (results?.Blobs === undefined) throw new SyntaxError("it is no listing of blobs");
  const { Blob: blobs = [], BlobPrefix: prefixes = [] } = results.Blobs === "" ? {} : results.Blobs;
  const folders = prefixes.map(({ Name: name }): Entry => ({
    key: keyOf(nameOf(name).replace(/\/$/, "")),
    kind: "prefix",
  }));
  const objects = blobs
    .map((blob) => ({ blob, name: nameOf(blob.Name) }))
    // What some tools put where they want to show an empty folder, and folders that an account with a hierarchy keeps.
    .filter(({ blob, name }) => name !== prefix && propertiesOf(blob).ResourceType !== "directory")
    .map(({ blob, name }): Entry => {
      const entry: Entry = { key: keyOf(name), kind: "object" };
      const size = propertiesOf(blob)["Content-Length"];
      return size === undefined ? entry : { ...entry, sizeBytes: Number(size) };
    });
  const next = textOf(results.NextMarker);
  return { entries: [...folders, ...objects], next: next === "" ? undefined : next };
}

/** The code and the words of an error, the first line of them: then come the request's number and the time. */
export function readError(xml: string): { readonly code: string | undefined; readonly message: string } {
  const [code, message, detail] = ["Code", "Message", "AuthenticationErrorDetail"].map((name) =>
    elementText(xml, name)?.trim().split("\n", 1).join("").trim(),
  );
  return { code, message: [message, detail].filter((text) => text !== undefined && text !== "").join(" ") };
}

function propertiesOf({ Properties: properties }: Listed): Exclude<Listed["Properties"], "" | undefined> {
  return properties === undefined || properties === "" ? {} : properties;
}

function nameOf(name: Text | undefined): string {
  const text = textOf(name);
  if (text === "") throw new SyntaxError("a blob has no name");
  // What XML cannot hold comes escaped as in an address (since version 2021-02-12).
  return typeof name === "object" && name["@Encoded"] === "true" ? decodeURIComponent(text) : text;
}

function textOf(text: Text | undefined): string {
  return unescapeXml((typeof text === "object" ? text["#text"] : text) ?? "");
}
