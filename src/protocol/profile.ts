import type { CellKind, Missing } from "../pickle/table/table.ts";
import { count, flag, optional, record } from "./check.ts";
import { checkTablePlace, tablePlace } from "./table.ts";
import type { Range, TablePlace } from "./table.ts";
import type { Checks } from "./rpc.ts";

export type { Missing } from "../pickle/table/table.ts";

/** What a bin of a histogram holds: the values between two bounds, which are one for a bin of a single value. */
export interface Bin {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** How often values lie where; infinite ones are left out. */
export interface Histogram {
  /** In ascending order: each begins where the one before it ends. */
  readonly bins: readonly Bin[];
}

/** A value and how often it is there. */
export interface Frequent {
  readonly text: string;
  readonly kind: CellKind;
  readonly count: number;
}

/** The values that are there most often. */
export interface Top {
  /** In descending order. */
  readonly values: readonly Frequent[];
  /** Where not all different values could be counted: that so many were, the first that came. */
  readonly ofFirst?: number;
}

/** What numbers and times come to, as texts: none of them is ever rounded. */
export interface Measures {
  readonly min: string;
  readonly max: string;
  /** Python: `nan` where there is none. Of times absent where they have none, as its text. */
  readonly mean?: string;
  /** Of a sample, with one value less in the divisor. Python: `Series.std()`. */
  readonly std?: string;
  /** Of numbers alone. */
  readonly zeros?: number;
  readonly negatives?: number;
  /** Infinite ones, of both signs. */
  readonly infinite?: { readonly above: number; readonly below: number };
}

/** What the values of a column come to. */
export interface Profile {
  /** How many rows were looked at, and of how many. */
  readonly rows: { readonly read: number; readonly of: number };
  /** How many are missing in which way; those that are not there are left out. */
  readonly missing: Readonly<Partial<Record<Missing, number>>>;
  /** Kinds of values, where there is more than one, and of containers. */
  readonly kinds?: Readonly<Partial<Record<CellKind, number>>>;
  /** Different values that are not missing; `exact` is `false` where these are about so many. Absent where containers are among them. */
  readonly distinct?: { readonly count: number; readonly exact: boolean };
  /** The one value that all rows have. */
  readonly constant?: string;
  readonly measures?: Measures;
  readonly histogram?: Histogram;
  readonly top?: Top;
}

/** Which columns are profiled, and how well. */
export interface ProfileParams extends TablePlace, Range {
  readonly arrangement?: number;
  readonly exact: boolean;
}

/** What is asked of the profiles of a table. */
export interface ProfileRequests {
  /** Of the rows that an arrangement lets through, where one is given. Of the columns `from` to `to`, at least the first of them; the others as far as they were done soon enough. An estimate looks at 4,096 rows. */
  profile: { params: ProfileParams; result: readonly Profile[] };
  /** Of all elements of an array with several axes; `null`: it is none. */
  profileWhole: { params: TablePlace & { readonly exact: boolean }; result: Profile | null };
}

const isExact = record<{ exact: boolean }>({ exact: flag });

/** The checks at both borders: of the host, and of the decoding thread. */
export const profileChecks: Checks<ProfileRequests> = {
  profile: record<ProfileParams>({
    ...tablePlace,
    from: count,
    to: count,
    arrangement: optional(count),
    exact: flag,
  }),
  profileWhole: (value, at) => ({ ...checkTablePlace(value, at), ...isExact(value, at) }),
};
