import type { Profile } from "../../client/index.ts";
import { messageOf } from "../../client/errors.ts";
import { t } from "../text.ts";

/** What a profile reads, on one line. */
export function profileText({ places, problem }: Profile): string {
  if (places === undefined) return problem === undefined ? "" : messageOf(problem);
  const { metadata, serviceUrl, datastore } = places;
  const where =
    metadata === "service"
      ? (serviceUrl ?? t("a metadata service without an address"))
      : t("the nearest .metaflow folder");
  const data = [datastore.type, datastore.root].filter((part) => part !== undefined).join(" ");
  return t("runs of {0}, data in {1}", where, data);
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
