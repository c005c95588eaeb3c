/** What libraries pickle, looked at while it arrives: that must neither throw nor change what is there in the end, which is what the library says. */
import { describe, expect, it } from "vitest";
import { openPickle, type PyNode } from "../../src/pickle/index.ts";
import { randomNumbers } from "../helpers/random.ts";
import { slow } from "../unit/pickle/slow.ts";
import { libraryCases, STACKS, type LibraryCase } from "./libraryCases.ts";

/** How many nodes are looked at each time. */
const LOOKS = 40;
/** Into how many pieces a pickle is cut. */
const PIECES = 5;

describe.each(STACKS)("what the %s libraries pickle", (stack) => {
  it("can be looked at between any two of its bytes, and is the same afterwards", async () => {
    const wrong: string[] = [];
    const random = randomNumbers(stack.length);
    for (const one of await libraryCases(stack)) {
      try {
        const why = await lookWhileItArrives(Buffer.from(one.data, "base64"), random);
        if (why !== undefined) wrong.push(`${told(one)}: ${why}`);
      } catch (error) {
        wrong.push(`${told(one)}: ${String(error)}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 600_000);
});

async function lookWhileItArrives(data: Uint8Array, random: () => number): Promise<string | undefined> {
  const cuts = Array.from({ length: PIECES - 1 }, () => Math.floor(random() * data.length));
  const { source, give, end } = slow();
  const opening = openPickle(source);
  let from = 0;
  for (const to of [...cuts.sort((a, b) => a - b), data.length]) {
    give(data.subarray(from, to));
    from = to;
    const document = await Promise.race([opening, turns(4)]);
    if (document === undefined) continue; // nothing can be shown yet
    await turns(4);
    await lookAt(document.root);
  }
  end();
  const document = await opening;
  await document.complete;
  const whole = await openPickle(data);
  const [answer, truth] = [await document.root.tagged(), await whole.root.tagged()];
  if (JSON.stringify(answer) !== JSON.stringify(truth))
    return `${JSON.stringify(answer).slice(0, 300)} is not ${JSON.stringify(truth).slice(0, 300)}`;
  return document.root.preview === whole.root.preview ? undefined : document.root.preview;
}

/** Looks at what is there, without waiting for the rest. */
async function lookAt(root: PyNode): Promise<void> {
  const waiting = [root];
  for (let looks = 0; looks < LOOKS; looks++) {
    const node = waiting.shift();
    if (node === undefined) return;
    if (node.type === "" || node.preview === "" || (node.length ?? 0) < 0)
      throw new Error("a node of nothing");
    const children = await Promise.race([
      node.children({ from: 0, to: Math.min(9, node.childCount) }),
      turns(2),
    ]);
    for (const { key, value } of children ?? [])
      waiting.push(value, ...(typeof key === "object" ? [key] : []));
  }
}

/** Lets others have so many turns. */
async function turns(count: number): Promise<undefined> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function told({ family, name, protocol, pickler }: LibraryCase): string {
  return `${family}: ${name}, protocol ${protocol}, ${pickler} pickler`;
}
