/**
 * A process that does what `tagger.py` does, by this client. Arguments: metadata, pathspec, name, rounds, batch. It takes no turns: nothing that it or
 * another one like it wrote may be lost.
 */
import { once } from "node:events";
import { openMetaflow } from "../../src/client/index.ts";

const [metadata = "", pathspec = "", name = "", rounds = "", batch = ""] = process.argv.slice(2);
const metaflow = await openMetaflow({ metadata, namespace: null });
console.log("ready");
await once(process.stdin, "data");
process.stdin.destroy();
let mine: string[] = [];
let lost = 0;
for (let number = 0; number < Number(rounds); number++) {
  const wanted = Array.from({ length: Number(batch) }, (_, index) => `${name}-${number}-${index}`);
  const run = await metaflow.run(pathspec);
  const found = [...run.userTags].filter((tag) => tag.startsWith(`${name}-`));
  if (found.sort().join() !== [...mine].sort().join()) lost++;
  await (found.length > 0 ? run.replaceTags(found, wanted) : run.addTags(wanted));
  mine = wanted;
}
console.log(JSON.stringify({ left: mine, lost, refused: 0 }));
await metaflow.close();
