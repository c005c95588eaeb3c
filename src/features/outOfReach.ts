import { ServiceException } from "../client/errors.ts";

/** Why nothing at all can be read from a metadata service, as against one object of it. */
export type WhyAway =
  /** It does not answer, or not all of it. */
  | "unreachable"
  /** It answers with errors of its own, as while its database is down. */
  | "failing"
  /** What answers is no metadata service. */
  | "not-a-service"
  /** It wants a key, or another one. */
  | "forbidden";

const DEEPEST = 5;

/** Why an error says that a metadata service cannot be read; `undefined` for errors about one object, and about anything else. */
export function whyAway(error: unknown): WhyAway | undefined {
  const found = serviceException(error);
  if (found === undefined) return undefined;
  if (found.code !== "service-error") return found.code;
  const { httpCode = 0 } = found;
  return httpCode >= 500 || httpCode === 429 ? "failing" : undefined;
}

/** What a service said, or that it said nothing; an error that wraps it may be what was thrown. */
export function serviceException(error: unknown): ServiceException | undefined {
  let at = error;
  for (let depth = 0; at instanceof Error && depth < DEEPEST; depth++) {
    if (at instanceof ServiceException) return at;
    at = at.cause;
  }
  return undefined;
}
