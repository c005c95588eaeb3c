import { t } from "./text.ts";

/** A namespace as the status bar shows it; the global one is `null`. */
export function namespaceLabel(namespace: string | null): string {
  return namespace ?? t("all namespaces");
}
