import type { JSX } from "preact";
import type { Missing, Profile } from "../../../protocol/profile.ts";
import { formatCount } from "../../kit/format.ts";
import { histogramPath } from "../../kit/sparkline.ts";
import { visibleLine } from "../../kit/text.ts";
import { VisibleText } from "../../kit/visibleText.tsx";
import { distinctText, rowsText, shareOf } from "./text.ts";
import { say } from "../say.ts";

/** Python's own names of what is missing. */
const MISSING: Readonly<Record<Missing, string>> = {
  none: "None",
  nan: "NaN",
  na: "NA",
  nat: "NaT",
  masked: "--",
  absent: "∅",
};

interface DetailProps {
  readonly name: string;
  readonly dtype: string;
  readonly profile: Profile | undefined;
}

/** All that is known of the column that has the focus. */
export function ProfileDetail({ name, dtype, profile }: DetailProps): JSX.Element {
  return (
    <section class="profile-detail" aria-label={name} tabIndex={0}>
      <h2>
        <bdi>{name}</bdi> <span class="dim">{dtype}</span>
      </h2>
      {profile === undefined ? <p class="dim">{say("loading")}</p> : <Figures profile={profile} />}
    </section>
  );
}

function Figures({ profile }: { readonly profile: Profile }): JSX.Element {
  const { constant, histogram, top } = profile;
  const bins = histogram?.bins ?? [];
  return (
    <>
      <p class="dim">{rowsText(profile)}</p>
      {constant !== undefined && <p>{say("constant", visibleLine(constant))}</p>}
      {histogram !== undefined && bins.length > 1 && (
        <figure>
          <svg
            class="histogram large"
            viewBox="0 0 256 80"
            preserveAspectRatio="none"
            role="img"
            aria-label={say("distribution")}
          >
            <path d={histogramPath(histogram, 256, 80)} />
            {bins.map(({ from, to, count }, at) => (
              <rect key={at} class="hover" x={(at * 256) / bins.length} width={256 / bins.length} height={80}>
                <title>{`${from === to ? from : say("binRange", from, to)}: ${formatCount(count)}`}</title>
              </rect>
            ))}
          </svg>
          <figcaption>
            <span>{bins[0]?.from}</span>
            <span>{bins.at(-1)?.to}</span>
          </figcaption>
        </figure>
      )}
      <dl>
        {factsOf(profile).map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              <VisibleText text={text} />
            </dd>
          </div>
        ))}
      </dl>
      {top !== undefined && (
        <table class="profile-top">
          <caption>
            {say("mostFrequent")}
            {top.ofFirst !== undefined && ` (${say("ofFirstDistinct", formatCount(top.ofFirst))})`}
          </caption>
          <tbody>
            {top.values.map(({ text, kind, count }, at) => (
              <tr key={at}>
                <th scope="row" class={`kind-${kind}`} style={{ "--share": `${shareOf(profile, count)}%` }}>
                  <VisibleText text={text} />
                </th>
                <td>{formatCount(count)}</td>
                <td class="dim">{shareOf(profile, count)} %</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** What is told in words, each with its name; nothing of what is not there. */
function factsOf(profile: Profile): (readonly [string, string])[] {
  const { missing, kinds, measures } = profile;
  const counts = (of: object, named: (kind: string) => string): string =>
    Object.entries<number>({ ...of })
      .map(([kind, count]) => `${named(kind)} ${formatCount(count)}`)
      .join(", ");
  const infinite = measures?.infinite;
  const isInfinite = infinite !== undefined && infinite.above + infinite.below > 0;
  const facts: (readonly [string, string | undefined])[] = [
    // Of these kinds alone.
    [say("missing"), counts(missing, (kind) => MISSING[kind as Missing]) || "0"],
    [say("distinct"), distinctText(profile) || undefined],
    [say("min"), measures?.min],
    [say("mean"), measures?.mean],
    [say("max"), measures?.max],
    [say("std"), measures?.std],
    [say("zeros"), measures?.zeros === undefined ? undefined : formatCount(measures.zeros)],
    [say("negatives"), measures?.negatives === undefined ? undefined : formatCount(measures.negatives)],
    [
      say("infinite"),
      isInfinite
        ? say("infiniteCounts", formatCount(infinite.above), formatCount(infinite.below))
        : undefined,
    ],
    [say("kinds"), kinds === undefined ? undefined : counts(kinds, (kind) => kind)],
  ];
  return facts.flatMap(([term, text]) => (text === undefined ? [] : [[term, text] as const]));
}
