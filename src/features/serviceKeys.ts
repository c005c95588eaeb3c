import type * as vscode from "vscode";
import type { CredentialSource, KeyQuestion } from "../client/index.ts";
import type { ServiceKeyOf } from "../protocol/session.ts";

/** What of the editor's store of secrets is needed. */
type Secrets = Pick<vscode.SecretStorage, "get" | "store" | "delete" | "onDidChange">;

const PREFIX = "serviceKey:";

/**
 * The keys of metadata services, in the editor's store of secrets under the origin of each. They are typed by a person, and given to that
 * service alone.
 */
export class ServiceKeys implements CredentialSource {
  readonly #secrets: Secrets;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  /** Calls when a key was set or forgotten, here or in another window. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange(({ key }) => {
      if (key.startsWith(PREFIX)) listener();
    });
  }

  /** Asks nobody: the view that shows a refusal offers to set a key. */
  async serviceKey({ url }: KeyQuestion): Promise<string | undefined> {
    return this.get(url);
  }

  async get(url: string): Promise<string | undefined> {
    return this.#secrets.get(nameOf(url));
  }

  async set(url: string, key: string): Promise<void> {
    await this.#secrets.store(nameOf(url), key);
  }

  async forget(url: string): Promise<void> {
    await this.#secrets.delete(nameOf(url));
  }

  /** The key of the service that metadata are read from, for the decoding thread; nothing of other metadata. */
  async of(metadata: string): Promise<ServiceKeyOf | undefined> {
    const url = serviceUrl(metadata);
    const key = url === undefined ? undefined : await this.get(url);
    return url === undefined || key === undefined ? undefined : { url, key };
  }
}

/** The address in `service@http://host`; `undefined` for other metadata. */
export function serviceUrl(metadata: string): string | undefined {
  return metadata.startsWith("service@") ? metadata.slice("service@".length) : undefined;
}

/** The host of an address, as people call a service; what is no address as it is. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function nameOf(url: string): string {
  return PREFIX + (URL.canParse(url) ? new URL(url).origin : url);
}
