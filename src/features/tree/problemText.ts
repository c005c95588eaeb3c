import { MetaflowError, type ErrorContext } from "../../client/errors.ts";
import { errorText } from "../errorText.ts";
import { oneLine } from "./format.ts";

/** What went wrong, on one line that begins with what tells most: places by their names alone, the rest is in the tooltip. */
export function problemText(error: unknown): string {
  const context = error instanceof MetaflowError ? error.context : {};
  return oneLine(withoutFolders(errorText(error), context), 300);
}

function withoutFolders(message: string, { key, store }: ErrorContext): string {
  const folder =
    key === undefined ? "" : key.slice(0, Math.max(key.lastIndexOf("/"), key.lastIndexOf("\\")) + 1);
  // A store calls itself `local@/home/ada`.
  const root = store?.slice(store.indexOf("@") + 1) ?? "";
  const withoutRoot = root === "" ? message : message.replaceAll(`${root}/`, "");
  return folder === "" ? withoutRoot : withoutRoot.replaceAll(folder, "");
}
