/** What placing steps needs to know of a recorded graph. */
export interface Node {
  readonly name: string;
  readonly type: string;
  readonly next: readonly string[];
}

/** Where a step stands in a run that may not have reached it. */
export type Place = "started" | "pending" | "skipped" | "unreached";

export interface PlacedStep {
  readonly name: string;
  readonly place: Place;
}

/**
 * The steps of a run in the order of its graph, those that were not started included. Without a graph: the started ones in the
 * order of their start.
 * @param started the names of the steps that have a record, in the order of their start
 * @param over whether nothing more will be started
 */
export function placeSteps(
  graph: readonly Node[] | undefined,
  started: readonly string[],
  over: boolean,
  completed: boolean,
): readonly PlacedStep[] {
  const reached = new Set(started);
  const placed: PlacedStep[] = [];
  const skipped = new Set<string>();
  for (const node of graph ?? []) {
    const isSkipped =
      !reached.has(node.name) && (completed || isBypassed(node.name, graph ?? [], reached, skipped));
    if (isSkipped) skipped.add(node.name);
    const place = reached.has(node.name) ? "started" : isSkipped ? "skipped" : over ? "unreached" : "pending";
    placed.push({ name: node.name, place });
  }
  const known = new Set(placed.map(({ name }) => name));
  const unknown = started.filter((name) => !known.has(name));
  return [...placed, ...unknown.map((name) => ({ name, place: "started" as const }))];
}

/** Whether every way to a step was given up: a switch went elsewhere, or what leads to it was bypassed itself. */
function isBypassed(
  step: string,
  graph: readonly Node[],
  reached: ReadonlySet<string>,
  skipped: ReadonlySet<string>,
): boolean {
  const before = graph.filter(({ next }) => next.includes(step));
  return (
    before.length > 0 &&
    before.every((node) => {
      if (skipped.has(node.name)) return true;
      if (node.type !== "split-switch") return false;
      // A way that leads back to the switch may still end here: that is how recursion is written.
      return node.next.some(
        (other) => other !== step && reached.has(other) && !leadsTo(other, node.name, graph),
      );
    })
  );
}

function leadsTo(from: string, to: string, graph: readonly Node[]): boolean {
  const next = new Map(graph.map((node) => [node.name, node.next]));
  const seen = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...(next.get(at) ?? []));
  }
  return false;
}
