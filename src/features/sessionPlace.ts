import { homedir } from "node:os";
import { basename } from "node:path";
import type { Environment } from "../client/config.ts";
import type { SessionSource } from "../protocol/session.ts";
import { datastoreIn, findDatastore, NoDatastore } from "./discovery.ts";
import { hostOf } from "./serviceKeys.ts";
import { t } from "./text.ts";

/** What a person chose to see in this workspace. */
export type Choice =
  /** The nearest `.metaflow`, else what the configuration names. */
  | { readonly kind: "automatic" }
  /** A folder that holds `.metaflow`. */
  | { readonly kind: "folder"; readonly root: string }
  /** The example, until the workspace has a datastore of its own. */
  | { readonly kind: "example"; readonly root: string }
  /** A profile by its name; empty for the default one. */
  | { readonly kind: "profile"; readonly name: string }
  /** A metadata service by its address. */
  | { readonly kind: "address"; readonly url: string };

/** Where a session reads, and how it is opened. */
export interface Place {
  readonly kind: Exclude<Choice["kind"], "automatic">;
  readonly source: SessionSource;
  /** The folder that holds the `.metaflow`, where it is one. */
  readonly root?: string;
  /** As people call it: `churn`, `prod`, `metadata.example.org`. */
  readonly label: string;
}

/** What decides where a session reads. */
export interface Circumstances {
  readonly choice: Choice;
  /** The setting `metaflow.datastore.root`; empty when not set. */
  readonly root: string;
  /** The setting `metaflow.profile.name`; empty when not set. */
  readonly profile: string;
  /** The workspace's folders. */
  readonly folders: readonly string[];
  /** Where it is not, nothing of the workspace chooses a host or a credential: then a person's own profiles and choices count alone. */
  readonly trusted: boolean;
  readonly env: Environment;
}

/** Throws NoDatastore where there is nothing to read, and MetaflowConfigError or AccessDenied where what was named cannot be. */
export async function findPlace(circumstances: Circumstances): Promise<Place> {
  const { choice, profile } = circumstances;
  switch (choice.kind) {
    case "automatic":
      return automatic(circumstances);
    case "folder":
      return folder(await datastoreIn(choice.root), circumstances);
    case "example":
      return exampleUnlessOwn(choice.root, circumstances);
    case "profile":
      return ofProfile(choice.name, circumstances);
    case "address":
      return {
        kind: "address",
        source: { ...base(circumstances), ...named(profile), metadata: `service@${choice.url}` },
        label: hostOf(choice.url),
      };
  }
}

async function automatic(circumstances: Circumstances): Promise<Place> {
  const { root, profile, folders } = circumstances;
  if (root.trim() === "" && (await projectNamesService(circumstances)))
    return ofProfile(profile === "" ? undefined : profile, circumstances);
  try {
    return folder(await findDatastore({ setting: root, folders }), circumstances);
  } catch (error) {
    if (!(error instanceof NoDatastore) || !(await configurationNamesService(circumstances))) throw error;
    return ofProfile(profile === "" ? undefined : profile, circumstances);
  }
}

async function exampleUnlessOwn(root: string, circumstances: Circumstances): Promise<Place> {
  try {
    return await automatic(circumstances);
  } catch (error) {
    if (!(error instanceof NoDatastore)) throw error;
    return { ...folder(await datastoreIn(root), circumstances), kind: "example", label: t("example") };
  }
}

function folder(root: string, { trusted, profile }: Circumstances): Place {
  return {
    kind: "folder",
    source: { cwd: root, project: trusted, ...named(profile), metadata: `local@${root}` },
    root,
    label: basename(root),
  };
}

/** @param name `undefined`: the profile that the environment names */
function ofProfile(name: string | undefined, circumstances: Circumstances): Place {
  const inUse = name ?? circumstances.env["METAFLOW_PROFILE"] ?? "";
  return {
    kind: "profile",
    source: { ...base(circumstances), ...(name !== undefined && { profile: name }) },
    label: inUse === "" ? t("default profile") : inUse,
  };
}

/** In a workspace that nobody trusts nothing is looked for in its folders. */
function base({ folders, trusted }: Circumstances): Pick<SessionSource, "cwd" | "project"> {
  return { cwd: (trusted ? folders[0] : undefined) ?? homedir(), project: trusted };
}

function named(profile: string): { readonly profile?: string } {
  return profile === "" ? {} : { profile };
}

/** Whether the project itself says that its runs are at a service, whatever lies in its folder. */
async function projectNamesService(circumstances: Circumstances): Promise<boolean> {
  const { trusted, folders, env } = circumstances;
  if (!trusted || folders.length === 0) return false;
  const { MetaflowConfig } = await import("../client/config.ts");
  const config = await MetaflowConfig.load({ ...base(circumstances), env, ...named(circumstances.profile) });
  return config.layerOf("DEFAULT_METADATA") === "project" && config.get("DEFAULT_METADATA") === "service";
}

async function configurationNamesService(circumstances: Circumstances): Promise<boolean> {
  const { configuredPlaces } = await import("../client/profiles.ts");
  const { env, profile } = circumstances;
  const places = await configuredPlaces({ ...base(circumstances), env, ...named(profile) });
  return places.metadata === "service" && places.serviceUrl !== undefined;
}
