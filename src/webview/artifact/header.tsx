import type { ComponentChildren, JSX } from "preact";
import { COPYABLE } from "../../protocol/artifact.ts";
import type { ArtifactFacts, FileFacts } from "../../protocol/decoder.ts";
import type { DocumentState, Imports } from "../../protocol/nodes.ts";
import { formatBytes, formatCount, formatTime } from "../kit/format.ts";
import { Icon } from "../kit/icon.tsx";
import { MenuButton } from "../kit/menu.tsx";
import type { MenuItem } from "../kit/menuItem.ts";
import { VisibleText } from "../kit/visibleText.tsx";
import { ICON_OF, lengthOf } from "./describe.ts";
import { say } from "./say.ts";
import type { Screen } from "./screen.ts";
import type { Viewer } from "./viewer.ts";

interface HeaderProps {
  readonly viewer: Viewer;
  readonly screen: Screen;
  readonly name: string;
  readonly pathspec: string;
}

/** What the artifact is, before what is in it. */
export function Header({ viewer, screen, name, pathspec }: HeaderProps): JSX.Element {
  const { view } = screen;
  // Of an artifact its task, of a file its folder.
  const task = pathspec.replace(/[/\\][^/\\]*$/, "");
  const copy = (id: string): void => {
    const what = COPYABLE.find((each) => each === id);
    if (what !== undefined) void viewer.copy(what, []);
  };
  return (
    <header class="header">
      <div class="title-row">
        <h1 class="title">
          <button
            type="button"
            class="link task"
            title={say("revealInSidebar")}
            onClick={() => {
              void viewer.reveal();
            }}
          >
            <VisibleText text={task} />
          </button>
          <Icon name="chevron-right" />
          <span class="name">
            <VisibleText text={name} />
          </span>
        </h1>
        {view?.kind === "value" && (
          <>
            <MenuButton
              label={say("copy")}
              icon="copy"
              items={copyItems("file" in view.facts)}
              onPick={copy}
            />
            <ActionButton
              icon="export"
              label={say("exportValue")}
              onClick={() => void viewer.exportValue()}
            />
            {!("file" in view.facts) && (
              <ActionButton
                icon="diff"
                label={say("compare")}
                title={say("compareHint")}
                onClick={() => void viewer.compare()}
              />
            )}
            <ActionButton
              icon="play"
              label={say("openInPython")}
              title={say("openInPythonHint")}
              onClick={() => void viewer.copy("snippet", [])}
            />
          </>
        )}
      </div>
      {view?.kind === "value" && <Facts facts={view.facts} state={view.state} viewer={viewer} />}
      {(view === undefined || (view.kind === "value" && !view.state.settled)) && (
        <div class="progress-line" />
      )}
    </header>
  );
}

function Facts(props: {
  readonly facts: ArtifactFacts | FileFacts;
  readonly state: DocumentState;
  readonly viewer: Viewer;
}): JSX.Element {
  const { facts, state, viewer } = props;
  const length = lengthOf(state.root);
  return (
    <ul class="facts">
      <Fact icon={ICON_OF[state.root.family]}>
        <span class="type">
          <VisibleText text={state.root.type} />
        </span>
        {length !== "" && <span>, {length}</span>}
      </Fact>
      {facts.sizeBytes !== undefined && (
        <Fact icon="database" title={say("bytes", formatCount(facts.sizeBytes))}>
          {formatBytes(facts.sizeBytes)}
        </Fact>
      )}
      {"file" in facts ? (
        <Fact icon="calendar">{`${say("modified")} ${formatTime(facts.modifiedAtMs)}`}</Fact>
      ) : (
        <RecordedFacts facts={facts} viewer={viewer} />
      )}
      <ImportFacts imports={state.imports} />
      {!state.settled && (
        <Fact icon="sync" spin class="late">
          {progressText(state)}
        </Fact>
      )}
    </ul>
  );
}

/** What Python would import to load the value: said where that is more than harmless. */
function ImportFacts({ imports }: { readonly imports: Imports | undefined }): JSX.Element | null {
  if (imports === undefined || imports.known.length + imports.unknown.length === 0) return null;
  const { known, unknown } = imports;
  const names = [...unknown, ...known];
  const shown = names.slice(0, MOST_IMPORTS);
  const more = names.length - shown.length;
  return (
    <Fact
      icon={unknown.length > 0 ? "warning" : "shield"}
      title={say(unknown.length > 0 ? "importsUnknown" : "importsHint")}
    >
      {`${say("imports")} `}
      <VisibleText text={shown.join(", ")} />
      {more > 0 && ` ${say("moreNames", more)}`}
    </Fact>
  );
}

const MOST_IMPORTS = 4;

/** What only an artifact has. */
function RecordedFacts({
  facts,
  viewer,
}: {
  readonly facts: ArtifactFacts;
  readonly viewer: Viewer;
}): JSX.Element {
  return (
    <>
      <Fact icon="git-commit" title={`${say("sha")} ${facts.sha}`}>
        {say("sha")} <code>{facts.sha.slice(0, 7)}</code>
        <button
          type="button"
          class="icon-button"
          aria-label={`${say("copy")} ${say("sha")}`}
          title={`${say("copy")} ${say("sha")} ${facts.sha}`}
          onClick={() => {
            void viewer.copy("sha", []);
          }}
        >
          <Icon name="copy" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={say("whereFrom")}
          title={say("whereFromHint")}
          onClick={() => {
            void viewer.showWhereFrom();
          }}
        >
          <Icon name="references" />
        </button>
      </Fact>
      {facts.attempt !== undefined && <Fact icon="history">{`${say("attempt")} ${facts.attempt}`}</Fact>}
      <Fact icon="calendar">{`${say("created")} ${formatTime(facts.createdAtMs)}`}</Fact>
    </>
  );
}

interface ActionProps {
  readonly icon: string;
  readonly label: string;
  readonly title?: string;
  readonly onClick: () => void;
}

function ActionButton({ icon, label, title, onClick }: ActionProps): JSX.Element {
  return (
    <button type="button" class="button secondary" title={title} onClick={onClick}>
      <Icon name={icon} />
      {label}
    </button>
  );
}

interface FactProps {
  readonly icon: string;
  readonly title?: string;
  readonly spin?: boolean;
  readonly class?: string;
  readonly children: ComponentChildren;
}

function Fact({ icon, title, spin, class: extra, children }: FactProps): JSX.Element {
  return (
    <li class={`fact ${extra ?? ""}`} title={title}>
      <Icon name={icon} spin={spin === true} />
      <span>{children}</span>
    </li>
  );
}

function progressText({ progress }: DocumentState): string {
  const { decodedBytes, totalBytes } = progress;
  if (totalBytes === undefined || totalBytes === 0) return say("decodedBytes", formatBytes(decodedBytes));
  return say("decodedPercent", Math.min(99, Math.floor((100 * decodedBytes) / totalBytes)));
}

/** A file has no key, and its path for a pathspec. */
function copyItems(isFile: boolean): readonly MenuItem[] {
  return [
    { id: "json", label: say("copyJson") },
    { id: "typedJson", label: say("copyTypedJson"), hint: say("copyTypedJsonHint") },
    { id: "value", label: say("copyValue") },
    { id: "snippet", label: say("copySnippet") },
    { id: "pathspec", label: say(isFile ? "copyPath" : "copyPathspec") },
    ...(isFile ? [] : [{ id: "sha", label: say("copySha") }]),
  ];
}
