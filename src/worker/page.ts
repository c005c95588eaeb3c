import type { PyNode } from "../pickle/index.ts";
import type { Page, PageOfTextParams } from "../protocol/nodes.ts";
import { textPart } from "./textAndHex.ts";

/** Bytes of HTML that are shown as a page at most. */
const MOST_HTML = 1 << 23;
/** The same of Markdown, whose blocks are found in one go: some ten milliseconds for so many. */
const MOST_MARKDOWN = 1 << 18;

/** The beginning of a text as a page: HTML as it is, Markdown made into it. */
export async function pageOf(
  node: PyNode,
  { markdown }: Pick<PageOfTextParams, "markdown">,
  signal: AbortSignal,
): Promise<Page> {
  const most = markdown ? MOST_MARKDOWN : MOST_HTML;
  let [text, characters, next] = ["", 0, 0 as number | undefined];
  while (next !== undefined && next < most) {
    const part = await textPart(node, next, most);
    signal.throwIfAborted();
    text += part.text;
    characters += part.characters;
    next = part.next;
  }
  const whole = next === undefined;
  if (!markdown) return { html: text, characters, whole };
  const { markdownHtml } = await import("./markdown.ts");
  return { html: await markdownHtml(text, signal), characters, whole };
}
