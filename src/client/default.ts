import type { Metaflow } from "./model/metaflow.ts";
import { openMetaflow } from "./open.ts";

let session: Promise<Metaflow> | undefined;

/** The default session, opened at its first use by environment and working directory: the only global state of the library. */
export async function defaultSession(): Promise<Metaflow> {
  if (session === undefined) {
    session = openMetaflow();
    session.catch(() => (session = undefined));
  }
  return session;
}

/** Switches the default session's namespace. Python: `namespace(ns)`. */
export async function namespace(ns: string | null): Promise<string | null> {
  const metaflow = await defaultSession();
  metaflow.setNamespace(ns);
  return metaflow.namespace;
}

/** Python: `get_namespace()`. */
export async function getNamespace(): Promise<string | null> {
  return (await defaultSession()).namespace;
}

/** Switches back to the user's namespace. Python: `default_namespace()`. */
export async function defaultNamespace(): Promise<string> {
  const metaflow = await defaultSession();
  metaflow.setNamespace(metaflow.defaultNamespace);
  return metaflow.defaultNamespace;
}

/** Switches the default session's metadata provider. Python: `metadata(ms)`. */
export async function metadata(ms: string): Promise<string> {
  return (await defaultSession()).setMetadata(ms);
}

/** Python: `get_metadata()`. */
export async function getMetadata(): Promise<string> {
  return (await defaultSession()).metadata;
}

/** Switches back to the configured provider. Python: `default_metadata()`. */
export async function defaultMetadata(): Promise<string> {
  return (await defaultSession()).resetMetadata();
}
