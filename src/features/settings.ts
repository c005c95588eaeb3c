/** Every setting with its default. `package.json` contributes exactly these (held by a unit test). */
export const Setting = {
  /** A folder that holds `.metaflow`, or the `.metaflow` folder itself; empty: looked for above the workspace's folders. */
  DatastoreRoot: "metaflow.datastore.root",
  /** METAFLOW_PROFILE, where no profile was chosen for the workspace; empty: the environment's. */
  ProfileName: "metaflow.profile.name",
  /** How a run of the local scheduler is called: see `RunLabelStyle`. */
  RunLabel: "metaflow.runs.label",
} as const satisfies Record<string, `metaflow.${string}.${string}`>;

/** `auto`: local 16-digit ids by their time, every other id as it is. */
export type RunLabelStyle = "auto" | "id" | "time";

/** The type of each setting's value. */
export interface SettingValues {
  readonly "metaflow.datastore.root": string;
  readonly "metaflow.profile.name": string;
  readonly "metaflow.runs.label": RunLabelStyle;
}

/** The id of one of this extension's settings. */
export type SettingId = keyof SettingValues;

/** What holds where nobody set anything. */
export const SETTING_DEFAULTS: SettingValues = {
  "metaflow.datastore.root": "",
  "metaflow.profile.name": "",
  "metaflow.runs.label": "auto",
};
