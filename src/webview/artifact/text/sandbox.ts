import { themed } from "../draw/canvas.ts";

/** What a page of a stranger may do: be seen. Nothing is loaded and nothing runs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

/** A document for a frame without any rights, which shows HTML that is not believed. @param isPlain whether it has no colours of its own */
export function sandboxed(html: string, isPlain: boolean): string {
  // The policy comes first: what stands before it would not be bound by it.
  const head = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  return `<!DOCTYPE html>${head}${isPlain ? `<style>${themeStyle()}</style>` : ""}${html}`;
}

/** The theme, which a frame does not inherit. */
function themeStyle(): string {
  const [text, background] = [
    themed("--vscode-foreground", "black"),
    themed("--vscode-editor-background", "white"),
  ];
  const border = themed("--vscode-panel-border", themed("--vscode-contrastBorder", "gray"));
  return `
    html { color: ${text}; background: ${background}; font: 14px/1.55 ${themed("--vscode-font-family", "sans-serif")}; }
    body { max-width: 860px; margin: 0; padding: 4px 24px 24px; overflow-wrap: break-word; }
    a { color: ${themed("--vscode-textLink-foreground", text)}; }
    pre, code { font-family: ${themed("--vscode-editor-font-family", "monospace")}; font-size: 0.95em; }
    pre { overflow: auto; padding: 10px 14px; border: 1px solid ${border}; }
    table { border-collapse: collapse; }
    th, td { padding: 4px 12px; border: 1px solid ${border}; text-align: left; }
    blockquote { margin: 0; padding-left: 14px; border-left: 3px solid ${border}; }
    img { max-width: 100%; }`;
}
