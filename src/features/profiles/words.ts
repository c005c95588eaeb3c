import { basename } from "node:path";
import type { Profile } from "../../client/index.ts";
import { t } from "../text.ts";

/** What a profile reads, on one line. */
export function profileText({ places, problem, file }: Profile): string {
  // Where it is written is told beside it.
  if (places === undefined) return problem?.message.replace(file, basename(file)) ?? "";
  const { metadata, serviceUrl, datastore } = places;
  const where =
    metadata === "service"
      ? (serviceUrl ?? t("a metadata service without an address"))
      : t("the nearest .metaflow folder");
  const { root } = datastore;
  return root === undefined ? t("reads {0}", where) : t("reads {0}, stores data in {1}", where, root);
}

/** What a profile is called. */
export function profileName({ kind, name }: Profile): string {
  switch (kind) {
    case "default":
      return t("default profile");
    case "named":
      return name ?? "";
    case "project":
      return t("this project's configuration");
  }
}

/** What is wrong with an address that a person types; `undefined` where nothing is. */
export function addressProblem(text: string): string | undefined {
  const address = text.trim();
  if (!/^https?:\/\//i.test(address)) return t("An address begins with http:// or https://");
  if (!URL.canParse(address)) return t("This is no address");
  const { username, password, search, hash } = new URL(address);
  if (username !== "" || password !== "") return t("A key is asked for apart: leave out the part before @");
  return search === "" && hash === "" ? undefined : t("An address ends before ? and #");
}
