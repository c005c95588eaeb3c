import { MetaflowError, messageOf } from "../../client/errors.ts";
import { oneLine } from "./format.ts";

/** What went wrong, on one line that begins with what tells most: of the place only its name, the rest is in the tooltip. */
export function problemText(error: unknown): string {
  const message = messageOf(error);
  const place = error instanceof MetaflowError ? error.context.key : undefined;
  const name = place?.split(/[\\/]/).at(-1);
  return oneLine(place === undefined || !name ? message : message.replaceAll(place, () => name), 300);
}
