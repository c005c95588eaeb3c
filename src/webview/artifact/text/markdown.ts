import { Marked } from "marked";

const marked = new Marked({
  gfm: true,
  renderer: {
    // HTML in it is shown as what was written.
    html: ({ text }) => escaped(text),
  },
});

/** Markdown as HTML; HTML in it is text. */
export function markdownHtml(text: string): string {
  return marked.parse(text, { async: false });
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
