import { Lexer, Marked, Parser } from "marked";
import { Slices } from "../base/slices.ts";

const { defaults: OPTIONS } = new Marked({
  gfm: true,
  renderer: {
    // HTML in it is shown as what was written.
    html: ({ text }) => escaped(text),
  },
});

/** Markdown that is nested beyond what its parser, which recurses, can follow. */
export class TooDeepMarkdown extends Error {
  readonly code = "too-deep";

  constructor(cause: unknown) {
    super("The Markdown is nested too deeply to be shown as a page. Its text shows all of it", { cause });
    this.name = "TooDeepMarkdown";
  }
}

/** Markdown as HTML; HTML in it is text. Blocks are found in one go, what is in them in slices. */
export async function markdownHtml(text: string, signal?: AbortSignal): Promise<string> {
  const slices = new Slices({ signal });
  try {
    const lexer = new Lexer(OPTIONS);
    const blocks = lexer.blockTokens(text.replace(/\r\n?/g, "\n"), lexer.tokens);
    // It grows while it is gone through.
    for (const { src, tokens } of lexer.inlineQueue) {
      if (slices.areDue) await slices.pause();
      lexer.inlineTokens(src, tokens);
    }
    let html = "";
    for (const block of blocks) {
      if (slices.areDue) await slices.pause();
      html += Parser.parse([block], OPTIONS);
    }
    return html;
  } catch (thrown) {
    throw thrown instanceof RangeError ? new TooDeepMarkdown(thrown) : thrown;
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
