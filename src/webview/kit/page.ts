/** What VS Code gives to a page, once. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The page's way to the host and its memory over a reload. */
export const vscode: VsCodeApi = acquireVsCodeApi();

/** Data that the host put into the page's head: `<meta name="…" content="JSON">`. No script, so the page's policy lets it through. */
export function headData(name: string): unknown {
  const content = document.querySelector(`meta[name="${name}"]`)?.getAttribute("content");
  return content === null || content === undefined ? undefined : JSON.parse(content);
}

/** Calls back with every message that the host sends. */
export function onHostMessage(listener: (data: unknown) => void): void {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    listener(event.data);
  });
}
