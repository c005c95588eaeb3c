/** The examples of a Markdown page, as modules. */

/** What the examples under one heading are together. */
export interface Example {
  readonly heading: string;
  readonly source: string;
  /** False for what needs a place that a test does not have; its types are checked all the same. */
  readonly runs: boolean;
}

interface Block {
  readonly heading: string;
  readonly info: string;
  readonly text: string;
}

/**
 * The examples of a page: its first block of TypeScript goes ahead of all others, those under one heading go on from each other, and
 * what is marked `no-run` stands alone. The only block of a page is its one example.
 */
export function examplesOf(page: string): readonly Example[] {
  const [first, ...blocks] = blocksOf(page);
  if (first === undefined) return [];
  if (blocks.length === 0) return [{ heading: first.heading, source: first.text, runs: true }];
  const isRun = ({ info }: Block): boolean => !info.includes("no-run");
  const after = (...own: readonly Block[]): string => [first, ...own].map(({ text }) => text).join("\n");
  const headings = [...new Set(blocks.filter(isRun).map(({ heading }) => heading))];
  const together = headings.map((heading) => {
    const own = blocks.filter((block) => isRun(block) && block.heading === heading);
    return { heading, source: after(...own), runs: true };
  });
  const alone = blocks.filter((block) => !isRun(block));
  return [
    ...together,
    ...alone.map((block) => ({ heading: block.heading, source: after(block), runs: false })),
  ];
}

function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let heading = "";
  for (const part of page.matchAll(/^## (.*)$|^```ts(.*)\n([\s\S]*?)^```$/gm)) {
    const [, title, info, text] = part;
    if (title !== undefined) heading = title;
    else blocks.push({ heading, info: info ?? "", text: text ?? "" });
  }
  return blocks;
}
