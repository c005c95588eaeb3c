/** What a reader of buckets may do. */
export const SCOPE = "https://www.googleapis.com/auth/devstorage.read_only";

/** Something that gives access tokens: an account's file, or the machine. It keeps a token until it expires. */
export interface TokenSource {
  /** For messages: where it was found. */
  readonly description: string;
  /** The project that is billed and whose quota is used, where it is another one than the bucket's. */
  readonly quotaProject: string | undefined;
  /** Throws AccessDenied where the account is refused, and StoreUnreachable where nobody answers. */
  token(signal?: AbortSignal): Promise<string>;
}
