import { messageOf } from "../client/errors.ts";
import { serviceException, whyAway, type WhyAway } from "./outOfReach.ts";
import { hostOf } from "./serviceKeys.ts";
import { t } from "./text.ts";

/** What is said of an error to a person: its message, and kinder words where nothing is broken and something can be done. */
export function errorText(error: unknown): string {
  const why = whyAway(error);
  if (why !== undefined) return awayText(why, error);
  const message = messageOf(error);
  return codeOf(error) === "data-elsewhere"
    ? t("Its data are on another machine: {0}", placeOf(error) ?? message)
    : message;
}

/** Why a service cannot be read, as one sentence. */
export function awayText(why: WhyAway, error: unknown): string {
  const found = serviceException(error);
  const url = found?.context.store;
  const host = url === undefined ? t("its address") : hostOf(url);
  switch (why) {
    case "unreachable":
      return t("The metadata service at {0} does not answer.", host);
    case "failing":
      return t("The metadata service at {0} answers with an error ({1}).", host, found?.httpCode ?? "");
    case "not-a-service":
      return t("What answers at {0} is no metadata service.", host);
    case "forbidden":
      return t("The metadata service at {0} refuses access.", host);
  }
}

/** Of an error here, and of one in the decoding thread: both have a code. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The store that an error names, without the word for its kind where it is a folder. */
function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const context: unknown = "context" in error ? error.context : undefined;
  const store =
    typeof context === "object" && context !== null && "store" in context
      ? context.store
      : "place" in error
        ? error.place
        : undefined;
  return typeof store === "string" ? store.replace(/^local@/, "") : undefined;
}
