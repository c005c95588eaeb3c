import { appendFile } from "node:fs/promises";
import Mocha from "mocha";
import { specs } from "virtual:specs";

/** One line of the results file, read by `tools/host.mjs`. */
interface Line {
  readonly state: "passed" | "failed" | "pending" | "end";
  readonly title: string;
  readonly error?: string;
  readonly durationMs?: number;
}

/** The results are told line by line below; mocha's own reporters print to a console that nobody sees. */
class Silent extends Mocha.reporters.Base {}

/** Called by VS Code inside the extension host: runs every spec, tells each result as it comes, throws when one failed. */
export async function run(): Promise<void> {
  const results = process.env["VSCODE_METAFLOW_RESULTS"];
  let written = Promise.resolve();
  const tell = (line: Line): void => {
    if (results !== undefined)
      written = written.then(async () => appendFile(results, `${JSON.stringify(line)}\n`));
  };
  const mocha = new Mocha({ ui: "bdd", timeout: 180_000, reporter: Silent });
  const grep = process.env["VSCODE_METAFLOW_GREP"];
  if (grep !== undefined && grep !== "") mocha.grep(grep);
  for (const [file, load] of Object.entries(specs)) {
    mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, file, mocha);
    await load();
  }
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Mocha.Runner.constants;
    runner.on(EVENT_TEST_PASS, (test) => {
      tell({ state: "passed", title: test.fullTitle(), durationMs: test.duration ?? 0 });
    });
    runner.on(EVENT_TEST_FAIL, (test, error: Error) => {
      tell({ state: "failed", title: test.fullTitle(), error: error.stack ?? error.message });
    });
    runner.on(EVENT_TEST_PENDING, (test) => {
      tell({ state: "pending", title: test.fullTitle() });
    });
  });
  tell({ state: "end", title: "" });
  await written;
  if (failures > 0) throw new Error(`${failures} failed`);
}
