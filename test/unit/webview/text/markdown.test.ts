import { describe, expect, it } from "vitest";
import { markdownHtml } from "../../../../src/webview/artifact/text/markdown.ts";

describe("Markdown as a page", () => {
  it("has headings, tables and code", () => {
    const html = markdownHtml("# Title\n\n| a |\n|---|\n| 1 |\n\n```\n<x>\n```\n");
    expect(html).toContain("<h1>Title</h1>");
    expect(html).toContain("<td>1</td>");
    expect(html).toContain("&lt;x&gt;");
  });

  it("shows HTML in it as text", () => {
    const html = markdownHtml("a <b onclick=x>b</b>\n\n<script>alert(1)</script>\n\n<img src=x onerror=y>");
    expect(html).not.toMatch(/<(b|script|img)/);
    expect(html).toContain("&#60;script&#62;");
  });
});
