import { useEffect, useState } from "preact/hooks";
import { RequestFailed } from "../../protocol/rpc.ts";
import { problemOf } from "./problem.ts";

/** What was answered last, and what hinders the latest question. */
export interface Answered<T> {
  /** Of an older question while the latest is under way. */
  readonly answer: T | undefined;
  readonly problem: string | undefined;
}

/** Asks whenever the inputs change: the latest wins, older questions are given up. */
export function useAnswer<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
): Answered<T> {
  const [answered, setAnswered] = useState<Answered<T>>({ answer: undefined, problem: undefined });
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    ask(signal).then(
      (answer) => {
        if (!signal.aborted) setAnswered({ answer, problem: undefined });
      },
      (thrown: unknown) => {
        if (signal.aborted || (thrown instanceof RequestFailed && thrown.code !== "timeout")) return;
        setAnswered((before) => ({ ...before, problem: problemOf(thrown).message }));
      },
    );
    return () => {
      controller.abort();
    };
  }, inputs);
  return answered;
}
