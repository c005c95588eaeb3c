import type { Profile, ProfileParams } from "../../../protocol/profile.ts";
import type { Range } from "../../../protocol/table.ts";
import { formatCount } from "../../kit/format.ts";
import { missingOf, sparkline } from "../../kit/sparkline.ts";
import { say } from "../say.ts";
import type { Viewer } from "../viewer.ts";

/** Columns that are asked about at once. */
const PAGE = 16;
/** Columns whose estimates are kept: far more than a screen has. */
const MOST_KEPT = 4096;
/** Milliseconds until what comes on the screen is asked about: who scrolls on does not want it. */
const REST_MS = 60;

/** The table, and the rows of it, that are profiled. */
type Profiled = Omit<ProfileParams, keyof Range | "exact">;

/** The lines under the headers of a grid: estimates, of the columns that are on the screen. */
export class GridProfiles {
  readonly #viewer: Viewer;
  readonly #place: () => Profiled;
  readonly #onChange: () => void;
  readonly #profiles = new Map<number, Profile>();
  readonly #drawn = new WeakMap<HTMLElement, Profile>();
  /** `undefined`: not asked for yet. */
  #whole: { readonly profile: Profile | undefined } | undefined;
  #wanted = new Set<number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort = new AbortController();
  #isAsking = false;
  #filter = "";

  /** @param onChange called when more is known */
  constructor(viewer: Viewer, place: () => Profiled, onChange: () => void) {
    this.#viewer = viewer;
    this.#place = place;
    this.#onChange = onChange;
  }

  /** What is known of a column; where nothing is, it is asked for. */
  of(column: number): Profile | undefined {
    const profile = this.#profiles.get(column);
    if (profile !== undefined) return profile;
    this.#wanted.add(column);
    this.#timer ??= setTimeout(() => void this.#ask(), REST_MS);
    return undefined;
  }

  /** The same of all elements of an array with several axes. */
  whole(): Profile | undefined {
    if (this.#whole === undefined) {
      const { node } = this.#place();
      this.#whole = { profile: undefined };
      const { signal } = this.#abort;
      this.#viewer.ask("profileWhole", { node, exact: false }, signal).then(
        (profile) => {
          if (signal.aborted || profile === null) return;
          this.#whole = { profile };
          this.#onChange();
        },
        // The view of the statistics says what hinders.
        () => undefined,
      );
    }
    return this.#whole.profile;
  }

  /** Draws what is known of a column. */
  draw(column: number, slot: HTMLElement): void {
    const profile = this.of(column);
    if (profile === undefined || this.#drawn.get(slot) === profile) return;
    this.#drawn.set(slot, profile);
    slot.replaceChildren(sparkline(profile, saidOf(profile)));
  }

  /** Forgets all where the rows are of another filter. */
  filtered(filter: string): void {
    if (filter === this.#filter) return;
    this.#filter = filter;
    this.clear();
  }

  /** Forgets all, such as when there are other rows. */
  clear(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#profiles.clear();
    this.#whole = undefined;
    this.#wanted.clear();
    this.#isAsking = false;
  }

  async #ask(): Promise<void> {
    this.#timer = undefined;
    // What was wanted of columns that are gone from the screen meanwhile is asked for again when they come back.
    const [first] = [...this.#wanted].sort((one, other) => one - other);
    this.#wanted = new Set();
    if (first === undefined || this.#isAsking) return;
    this.#isAsking = true;
    const { signal } = this.#abort;
    const range = { from: first, to: first + PAGE, exact: false };
    // Without its estimate a column has its cells, and the view of the statistics says what hinders.
    const profiles = await this.#viewer
      .ask("profile", { ...this.#place(), ...range }, signal)
      .catch(() => []);
    if (signal.aborted) return;
    this.#isAsking = false;
    for (const [index, profile] of profiles.entries()) this.#profiles.set(first + index, profile);
    for (const oldest of this.#profiles.keys()) {
      if (this.#profiles.size <= MOST_KEPT) break;
      this.#profiles.delete(oldest);
    }
    if (profiles.length > 0) this.#onChange();
  }
}

/** Of numbers how many are missing, of others how many differ. */
function saidOf(profile: Profile): string {
  const { histogram, distinct, rows } = profile;
  const about = rows.read === rows.of ? "" : "~";
  const missing = missingOf(profile);
  // An estimate that met none knows of none: that is no count.
  if (missing > 0)
    return say("missingCount", `${about}${formatCount(Math.round((missing / rows.read) * rows.of))}`);
  if (histogram !== undefined || distinct === undefined) return "";
  return say(
    "distinctCount",
    rows.read === rows.of ? formatCount(distinct.count) : `≥ ${formatCount(distinct.count)}`,
  );
}
