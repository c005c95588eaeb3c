import type { ArtifactFacts } from "../../protocol/decoder.ts";
import type { Comparison, Difference } from "../../protocol/compare.ts";
import { t } from "../text.ts";

/** An artifact that is compared. */
export type Side = Pick<ArtifactFacts, "pathspec" | "sha">;

/** What differs between two artifacts, in the form of a diff, which editors colour: a place, then what stands on either side. */
export function comparisonText(left: Side, right: Side, comparison: Comparison, locale = "en"): string {
  const { differences, count, stopped } = comparison;
  const places = differences.filter(({ kind }) => kind !== "cells").length;
  const lines = [
    summary(comparison, locale),
    `--- ${left.pathspec}  SHA ${left.sha.slice(0, 7)}`,
    `+++ ${right.pathspec}  SHA ${right.sha.slice(0, 7)}`,
    ...differences.flatMap((difference) => linesOf(difference, locale)),
  ];
  if (count > places)
    lines.push("", t("{0} more differences are not listed.", (count - places).toLocaleString(locale)));
  if (stopped) lines.push("", t("The values have more parts than are compared; the rest was not looked at."));
  return `${lines.join("\n")}\n`;
}

function summary({ count, stopped }: Comparison, locale: string): string {
  if (count === 0 && stopped) return t("No difference in what was looked at");
  if (count === 0) return t("The values are equal; only their pickled bytes differ");
  return count === 1 ? t("1 difference") : t("{0} differences", count.toLocaleString(locale));
}

function linesOf(difference: Difference, locale: string): readonly string[] {
  const { kind, left, right, count = 0, of = 0, most } = difference;
  const place = difference.path === "" ? t("the value itself") : difference.path;
  if (kind === "cells") {
    const counted = t(
      "{0}: {1} of {2} cells differ",
      place,
      count.toLocaleString(locale),
      of.toLocaleString(locale),
    );
    return ["", `@@ ${most === undefined ? counted : t("{0}, by at most {1}", counted, most)} @@`];
  }
  const note = {
    value: "",
    type: t("another type"),
    size: t("another size"),
    left: t("only in the first"),
    right: t("only in the second"),
  };
  const head = note[kind] === "" ? place : t("{0}: {1}", place, note[kind]);
  return [
    "",
    `@@ ${head} @@`,
    ...(left === undefined ? [] : [`-${left}`]),
    ...(right === undefined ? [] : [`+${right}`]),
  ];
}
