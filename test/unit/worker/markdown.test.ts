import { describe, expect, it } from "vitest";
import { markdownHtml } from "../../../src/worker/markdown.ts";

describe("Markdown as a page", () => {
  it("has headings, tables, lists and code", async () => {
    const html = await markdownHtml(
      "# Title\r\n\r\n| a |\n|---|\n| **1** |\n\n- one\n\n- *two*\n\n```\n<x>\n```\n",
    );
    expect(html).toContain("<h1>Title</h1>");
    expect(html).toContain("<td><strong>1</strong></td>");
    expect(html).toContain("<em>two</em>");
    expect(html).toContain("&lt;x&gt;");
  });

  it("has links whose addresses stand elsewhere", async () => {
    expect(await markdownHtml("[a][1]\n\nb\n\n[1]: https://example.org\n")).toContain(
      '<a href="https://example.org">a</a>',
    );
  });

  it("shows HTML in it as text", async () => {
    const html = await markdownHtml(
      "a <b onclick=x>b</b>\n\n<script>alert(1)</script>\n\n<img src=x onerror=y>",
    );
    expect(html).not.toMatch(/<(b|script|img)/);
    expect(html).toContain("&#60;script&#62;");
  });

  it("says that it is nested too deeply", async () => {
    await expect(markdownHtml(`${"> ".repeat(50_000)}x`)).rejects.toMatchObject({ code: "too-deep" });
  });

  it("stops when nobody wants it any more", async () => {
    const text = "Some *text* with `code`.\n\n".repeat(5000);
    await expect(markdownHtml(text, AbortSignal.abort())).rejects.toThrow();
  });
});
