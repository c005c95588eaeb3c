import "@vscode/codicons/dist/codicon.css";
import "./artifact.css";
import { render } from "preact";
import type { ArtifactEvents, ArtifactRequests } from "../../protocol/artifact.ts";
import { Peer } from "../../protocol/rpc.ts";
import type { Nothing } from "../../protocol/rpc.ts";
import { viewStateOf } from "../../protocol/viewState.ts";
import { headData, onHostMessage, vscode } from "../kit/page.ts";
import { App } from "./app.tsx";
import { firstWindow } from "./firstWindow.ts";
import { loadView } from "./loadedView.tsx";
import { Viewer } from "./viewer.ts";

const peer = new Peer<ArtifactRequests, Nothing, Nothing, ArtifactEvents>({
  post: (message) => {
    vscode.postMessage(message);
  },
  handlers: {},
  checks: {},
  onEvent: {
    changed: ({ state, first }) => void viewer.changed(state, first),
    lost: (problem) => {
      viewer.lost(problem);
    },
    copyFocused: ({ what }) => void viewer.copyFocused(what),
  },
});
const viewer = new Viewer(peer);
onHostMessage((data) => {
  peer.receive(data);
});

/** What the host wrote into the head of this page, and what this page wrote into its own state. */
const { name, pathspec } = headData("metaflow-artifact") as {
  readonly name: string;
  readonly pathspec: string;
};
const saved = viewStateOf(vscode.getState());

viewer.onChange(keepState);
// A grid changes without the rest: by the wheel, by keys, by the mouse.
for (const type of ["scroll", "wheel", "keyup", "pointerup"]) window.addEventListener(type, keepState, true);
render(<App viewer={viewer} name={name} pathspec={pathspec} />, document.body);
void viewer.open({
  again: false,
  first: firstWindow({ width: innerWidth, height: innerHeight }, saved),
  saved,
});
// What is not to be seen at once is a table more often than not: the code of its view comes while the value is read.
void loadView(saved?.shown ?? "grid").catch(() => undefined);

let keeping = false;
function keepState(): void {
  if (keeping) return;
  keeping = true;
  requestAnimationFrame(() => {
    keeping = false;
    const state = viewer.state();
    if (state !== undefined) vscode.setState(state);
  });
}
