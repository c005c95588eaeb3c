import * as vscode from "vscode";
import { Command } from "../commands.ts";
import { awayText } from "../errorText.ts";
import { namespaceLabel } from "../namespaceLabel.ts";
import { serviceUrl } from "../serviceKeys.ts";
import type { Services } from "../services.ts";
import type { Opened } from "../session.ts";
import type { Place } from "../sessionPlace.ts";
import { t } from "../text.ts";

const ICONS = {
  folder: "folder",
  example: "beaker",
  profile: "server",
  address: "server",
} as const satisfies Record<Place["kind"], string>;

/** `$(server) prod · user:alice`: where runs are read from, and in which namespace; yellow with the reason while that cannot be read. */
export class SessionStatus implements vscode.Disposable {
  readonly #services: Services;
  readonly #item: vscode.StatusBarItem;
  readonly #subscriptions: vscode.Disposable;
  /** Of a session that could not be opened: where it would read. */
  #place: Place | undefined;

  constructor(services: Services) {
    this.#services = services;
    this.#item = vscode.window.createStatusBarItem("metaflow.session", vscode.StatusBarAlignment.Left, 10);
    this.#item.name = t("Metaflow Profile and Namespace");
    this.#item.command = Command.SwitchSession;
    const { session, reach } = services;
    this.#subscriptions = vscode.Disposable.from(
      this.#item,
      session.onDidOpen(() => {
        this.#paint();
      }),
      session.onDidChange(() => {
        this.#place = undefined;
        this.#paint();
      }),
      reach.onDidChange(() => void this.#onReach()),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #onReach(): Promise<void> {
    const { session } = this.#services;
    if (session.place === undefined) this.#place = await session.findPlace().catch(() => undefined);
    this.#paint();
  }

  /** Opens nothing: until somebody has asked for a session there is nothing to say of one. */
  #paint(): void {
    const { session, reach } = this.#services;
    const place = session.place ?? this.#place;
    if (place === undefined) {
      this.#item.hide();
      return;
    }
    const { current } = session;
    const names = [place.label, ...(current === undefined ? [] : [namespaceLabel(current.namespace)])];
    const { away } = reach;
    const text = names.join(" · ");
    const icon = away === undefined ? ICONS[place.kind] : away.why === "forbidden" ? "lock" : "warning";
    this.#item.text = `$(${icon}) ${text}`;
    this.#item.backgroundColor =
      away === undefined ? undefined : new vscode.ThemeColor("statusBarItem.warningBackground");
    const lines = [
      ...(away === undefined ? [] : [awayText(away.why, away.error)]),
      ...(current === undefined ? [] : whatIsShown({ metaflow: current, place })),
      t("Click to switch the profile or the namespace."),
    ];
    this.#item.tooltip = lines.join("\n\n");
    const state = away === undefined ? [] : [awayText(away.why, away.error)];
    this.#item.accessibilityInformation = {
      label: [t("Metaflow: {0}", names.join(", ")), ...state].join(". "),
      role: "button",
    };
    this.#item.show();
  }
}

function whatIsShown({ metaflow, place }: Opened): readonly string[] {
  const { metadata, namespace } = metaflow;
  const from = serviceUrl(metadata) ?? place.root ?? metadata;
  return [
    place.kind === "profile"
      ? t("Metaflow's runs are read from {0}, by the profile {1}.", from, place.label)
      : t("Metaflow's runs are read from {0}.", from),
    namespace === null
      ? t("The runs of all namespaces are shown.")
      : t("Only runs that have the tag {0} are shown.", namespace),
  ];
}
