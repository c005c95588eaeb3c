import { Shared } from "../../base/shared.ts";
import type { CredentialSource } from "../credentials.ts";
import { MetaflowConfigError } from "../errors.ts";

/** The key of one service: the configured one, else one that is asked for. In memory alone, and hidden in whatever is told. */
export class ServiceKey {
  readonly #url: string;
  readonly #source: CredentialSource | undefined;
  readonly #asking = new Shared<string | undefined>();
  #key: string | undefined;
  #isKnown: boolean;

  constructor(url: string, configured: string | undefined, source: CredentialSource | undefined) {
    this.#url = url;
    this.#source = source;
    this.#key = configured;
    this.#isKnown = configured !== undefined || source === undefined;
  }

  /** The key to send; `undefined` where there is none. */
  async current(signal?: AbortSignal): Promise<string | undefined> {
    if (this.#isKnown) return this.#key;
    const key = await this.#ask(false, signal);
    // Another request may have been refused, and the key renewed, meanwhile.
    this.#key ??= key;
    this.#isKnown = true;
    return this.#key;
  }

  /** Another key than one that was refused; `undefined` where there is none. Asked once for all who were refused. */
  async another(refused: string | undefined, signal?: AbortSignal): Promise<string | undefined> {
    if (this.#key !== refused) return this.#key;
    const key = await this.#ask(true, signal);
    if (key === undefined || key === refused) return undefined;
    this.#key = key;
    return key;
  }

  /** A text of the service's, which may repeat the key that it was sent. */
  hide(text: string): string {
    return this.#key === undefined || this.#key === "" ? text : text.replaceAll(this.#key, "…");
  }

  async #ask(refused: boolean, signal: AbortSignal | undefined): Promise<string | undefined> {
    const source = this.#source;
    if (source === undefined) return undefined;
    const ask = async (io: AbortSignal): Promise<string | undefined> => {
      try {
        const key = await source.serviceKey({ url: this.#url, refused }, { signal: io });
        return key === "" ? undefined : key;
      } catch (cause) {
        if (io.aborted) throw cause;
        throw new MetaflowConfigError(`The key of ${this.#url} cannot be had`, { store: this.#url, cause });
      }
    };
    return this.#asking.ask(String(refused), ask, signal);
  }
}
