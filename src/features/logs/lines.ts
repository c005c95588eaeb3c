import type { LogStream } from "../targets.ts";
import { terminalText } from "../terminalText.ts";

/** A line as it arrives from one of a task's two logs. */
export interface StreamedLine {
  readonly stream: LogStream;
  readonly time: Date | undefined;
  readonly text: string;
}

/** A line as the output channel shows it: `09:14:03.120 out  loading data`. Times are local; standard error is `err`. */
export function channelLine({ stream, time, text }: StreamedLine): string {
  const clock = time === undefined ? "            " : clockText(time);
  return `${clock} ${stream === "stdout" ? "out" : "err"}  ${terminalText(text)}`;
}

/** Puts lines that came together from two logs in the order in which they were captured; a line without time stays behind the one before it. */
export function inOrder(lines: readonly StreamedLine[]): readonly StreamedLine[] {
  const last = { stdout: Number.NEGATIVE_INFINITY, stderr: Number.NEGATIVE_INFINITY };
  const timed = lines.map((line) => {
    last[line.stream] = Math.max(last[line.stream], line.time?.getTime() ?? Number.NEGATIVE_INFINITY);
    return { line, at: last[line.stream] };
  });
  return timed.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at)).map(({ line }) => line);
}

function clockText(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const ms = String(time.getMilliseconds()).padStart(3, "0");
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${ms}`;
}
