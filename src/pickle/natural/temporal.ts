import { reprParts } from "./repr.ts";
import type { ReprPart } from "./repr.ts";
import { isoDate, isoOffset, isoTime, pad } from "./time.ts";
import type { DateFields, TimeFields } from "./time.ts";

/** Python: `datetime.date`. */
export class PyDate {
  /** 1 to 9999. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;

  /** @internal */
  constructor(date: DateFields) {
    this.year = date.year;
    this.month = date.month;
    this.day = date.day;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return [`datetime.date(${this.year}, ${this.month}, ${this.day})`];
  }

  /** Python: `isoformat()`: `2024-01-31`. */
  isoformat(): string {
    return isoDate(this);
  }

  /** Python: `str`. */
  toString(): string {
    return isoDate(this);
  }
}

/** Python: `datetime.time`. `offset` in microseconds, `undefined` for a naive time. */
export class PyTime {
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute: number;
  /** 0 to 59. */
  readonly second: number;
  /** 0 to 999,999. */
  readonly microsecond: number;
  /** From UTC, in microseconds; `undefined` for a naive time. */
  readonly offset: number | undefined;

  /** @internal */
  constructor(time: TimeFields, offset?: number) {
    this.hour = time.hour;
    this.minute = time.minute;
    this.second = time.second;
    this.microsecond = time.microsecond;
    this.offset = offset;
  }

  /** @internal */
  [reprParts](): ReprPart[] {
    return [`datetime.time(${this.isoformat()})`];
  }

  /** Python: `isoformat()`: `12:30:00`. */
  isoformat(): string {
    return isoTime(this) + (this.offset === undefined ? "" : isoOffset(this.offset));
  }

  /** Python: `str`. */
  toString(): string {
    return this.isoformat();
  }
}

/** A naive `datetime.datetime`: no instant, so never a `Date`. */
export class PyDateTime {
  /** 1 to 9999. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute: number;
  /** 0 to 59. */
  readonly second: number;
  /** 0 to 999,999. */
  readonly microsecond: number;
  /** Which of two equal wall clock times at the end of summer time: 0 or 1. */
  readonly fold: number;

  /** @internal */
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

  /** @internal */
  [reprParts](): ReprPart[] {
    return [`datetime.datetime(${this.toString()})`];
  }

  /** Python: `isoformat()`: `2024-01-31T12:30:00`. */
  isoformat(): string {
    return `${isoDate(this)}T${isoTime(this)}`;
  }

  /** Python: `str`: with a space for the `T`. */
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

  /** @internal */
  constructor(epochMillis: number, microsecond: number, offset: number, iso: string) {
    super(epochMillis);
    this.microsecond = microsecond;
    this.offset = offset;
    this.#iso = iso;
  }

  /** @internal */
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
  /** May be negative. */
  readonly days: number;
  /** 0 to 86,399. */
  readonly seconds: number;
  /** 0 to 999,999. */
  readonly microseconds: number;

  /** @internal */
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

  /** @internal */
  [reprParts](): ReprPart[] {
    return [`datetime.timedelta(seconds=${this.exactSeconds()})`];
  }

  /** Python: `str`: `1 day, 2:00:00`. */
  toString(): string {
    const time = `${Math.floor(this.seconds / 3600)}:${pad(Math.floor(this.seconds / 60) % 60, 2)}:${pad(this.seconds % 60, 2)}`;
    const fraction = this.microseconds === 0 ? "" : `.${pad(this.microseconds, 6)}`;
    const days = this.days === 0 ? "" : `${this.days} day${Math.abs(this.days) === 1 ? "" : "s"}, `;
    return days + time + fraction;
  }
}
