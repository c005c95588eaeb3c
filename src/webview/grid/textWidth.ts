const context = document.createElement("canvas").getContext("2d");
let font = "";

/** Pixels that a text takes in the editor's font, as cells have it. Only the beginning of a long one is measured. */
export function textWidth(text: string): number {
  if (context === null) return text.length * 8;
  if (font === "") {
    const style = getComputedStyle(document.documentElement);
    const size = style.getPropertyValue("--vscode-editor-font-size") || "13px";
    const family = style.getPropertyValue("--vscode-editor-font-family") || "monospace";
    font = `${size} ${family}`;
    context.font = font;
  }
  return context.measureText(text.slice(0, 80)).width;
}
