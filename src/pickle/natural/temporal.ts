import { reprParts } from "./repr.ts";
import type { ReprPart } from "./repr.ts";
import { isoDate, isoOffset, isoTime, pad } from "./time.ts";
import type { DateFields, TimeFields } from "./time.ts";

/** Python: `datetime.date`. */
export class PyDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;

  constructor(date: DateFields) {
    this.year = date.year;
    this.month = date.month;
    this.day = date.day;
  }

  [reprParts](): ReprPart[] {
    return [`datetime.date(${this.year}, ${this.month}, ${this.day})`];
  }

  isoformat(): string {
    return isoDate(this);
  }

  toString(): string {
    return isoDate(this);
  }
}

/** Python: `datetime.time`. `offset` in microseconds, `undefined` for a naive time. */
export class PyTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly offset: number | undefined;

  constructor(time: TimeFields, offset?: number) {
    this.hour = time.hour;
    this.minute = time.minute;
    this.second = time.second;
    this.microsecond = time.microsecond;
    this.offset = offset;
  }

  [reprParts](): ReprPart[] {
    return [`datetime.time(${this.isoformat()})`];
  }

  isoformat(): string {
    return isoTime(this) + (this.offset === undefined ? "" : isoOffset(this.offset));
  }

  toString(): string {
    return this.isoformat();
  }
}

/** A naive `datetime.datetime`: no instant, so never a `Date`. */
export class PyDateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly fold: number;

  constructor(date: DateFields, time: TimeFields, fold = 0) {
    this.year = date.year;
    this.month = date.month;
    this.day = date.day;
    this.hour = time.hour;
    this.minute = time.minute;
    this.second = time.second;
    this.microsecond = time.microsecond;
    this.fold = fold;
  }

  [reprParts](): ReprPart[] {
    return [`datetime.datetime(${this.toString()})`];
  }

  isoformat(): string {
    return `${isoDate(this)}T${isoTime(this)}`;
  }

  toString(): string {
    return `${isoDate(this)} ${isoTime(this)}`;
  }
}

/** An aware `datetime.datetime`: a `Date` that also knows what a `Date` cannot hold, the microseconds and the offset. */
export class PyAwareDateTime extends Date {
  /** Microseconds of the second, 0 to 999,999. */
  readonly microsecond: number;
  /** Offset from UTC, in microseconds. */
  readonly offset: number;
  readonly #iso: string;

  constructor(epochMillis: number, microsecond: number, offset: number, iso: string) {
    super(epochMillis);
    this.microsecond = microsecond;
    this.offset = offset;
    this.#iso = iso;
  }

  [reprParts](): ReprPart[] {
    return [`datetime.datetime(${this.#iso})`];
  }

  /** Python: `isoformat()`, with the offset that the value was written with. */
  isoformat(): string {
    return this.#iso;
  }
}

/** Python: `datetime.timedelta`, normalized as Python does: only `days` can be negative. */
export class PyTimeDelta {
  readonly days: number;
  readonly seconds: number;
  readonly microseconds: number;

  constructor(days: number, seconds: number, microseconds: number) {
    this.days = days;
    this.seconds = seconds;
    this.microseconds = microseconds;
  }

  /** Python: `total_seconds()`. */
  totalSeconds(): number {
    return this.days * 86_400 + this.seconds + this.microseconds / 1e6;
  }

  /** The seconds as exact decimal text, such as `-0.5`. */
  exactSeconds(): string {
    const micros =
      (BigInt(this.days) * 86_400n + BigInt(this.seconds)) * 1_000_000n + BigInt(this.microseconds);
    const size = micros < 0n ? -micros : micros;
    const fraction = (size % 1_000_000n).toString().padStart(6, "0").replace(/0+$/, "");
    return `${micros < 0n ? "-" : ""}${size / 1_000_000n}${fraction === "" ? "" : `.${fraction}`}`;
  }

  [reprParts](): ReprPart[] {
    return [`datetime.timedelta(seconds=${this.exactSeconds()})`];
  }

  toString(): string {
    const time = `${Math.floor(this.seconds / 3600)}:${pad(Math.floor(this.seconds / 60) % 60, 2)}:${pad(this.seconds % 60, 2)}`;
    const fraction = this.microseconds === 0 ? "" : `.${pad(this.microseconds, 6)}`;
    const days = this.days === 0 ? "" : `${this.days} day${Math.abs(this.days) === 1 ? "" : "s"}, `;
    return days + time + fraction;
  }
}
