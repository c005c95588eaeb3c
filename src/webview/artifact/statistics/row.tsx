import type { JSX } from "preact";
import type { Profile } from "../../../protocol/profile.ts";
import type { ColumnFacts } from "../../../protocol/table.ts";
import { histogramPath, missingOf } from "../../kit/sparkline.ts";
import { visibleLine } from "../../kit/text.ts";
import { distinctText, missingText, shareOf, shortNumber } from "./text.ts";
import { say } from "../say.ts";

interface RowProps {
  readonly id: string;
  /** Its place among all rows, counted from 1, the header included. */
  readonly index: number;
  readonly top: number;
  readonly name: string;
  readonly facts: ColumnFacts | undefined;
  readonly profile: Profile | undefined;
  readonly isFocused: boolean;
  readonly onFocus: () => void;
}

/** A column in the list of the statistics. */
export function ProfileRow({
  id,
  index,
  top,
  name,
  facts,
  profile,
  isFocused,
  onFocus,
}: RowProps): JSX.Element {
  const measures = profile?.measures;
  return (
    <div
      id={id}
      class={`profile-row${isFocused ? " focused" : ""}`}
      role="row"
      aria-rowindex={index}
      aria-selected={isFocused}
      style={{ top: `${top}px` }}
      onMouseDown={onFocus}
    >
      <div role="rowheader" class="profile-name" title={name}>
        <bdi>{name}</bdi>
        <span class="dim">{facts?.dtype ?? ""}</span>
      </div>
      <div role="gridcell">{profile && <Distribution profile={profile} />}</div>
      <div role="gridcell" class="profile-missing">
        {profile && <Missing profile={profile} />}
      </div>
      <div role="gridcell">{profile && distinctText(profile)}</div>
      {[measures?.min, measures?.mean, measures?.max, measures?.std].map((text, at) => (
        <div key={at} role="gridcell" title={text}>
          {text === undefined ? "" : shortNumber(text)}
        </div>
      ))}
    </div>
  );
}

/** Where the values of a column lie: the one that it has, a histogram, or its most frequent value. */
function Distribution({ profile }: { readonly profile: Profile }): JSX.Element | null {
  const { constant, histogram, top } = profile;
  if (constant !== undefined) return <span>{say("constant", visibleLine(constant))}</span>;
  if (histogram !== undefined) {
    return (
      <svg class="histogram" viewBox="0 0 128 24" preserveAspectRatio="none" aria-hidden="true">
        <path d={histogramPath(histogram, 128, 24)} />
      </svg>
    );
  }
  const [first] = top?.values ?? [];
  return first === undefined ? null : (
    <span class="profile-bar" style={{ "--share": `${shareOf(profile, first.count)}%` }}>
      <bdi>{visibleLine(first.text)}</bdi> <span class="dim">{shareOf(profile, first.count)} %</span>
    </span>
  );
}

function Missing({ profile }: { readonly profile: Profile }): JSX.Element {
  const share = profile.rows.read === 0 ? 0 : missingOf(profile) / profile.rows.read;
  return (
    <>
      {share > 0 && <span class="missing-bar" style={{ width: `${Math.max(4, share * 100)}%` }} />}
      <span>{missingText(profile)}</span>
    </>
  );
}
