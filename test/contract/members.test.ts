/** That every member of the client's contract is there, on objects of a real store. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as client from "../../src/client/index.ts";
import { fixtureStore } from "../fixtures/store.mjs";

/** What is known when an object exists. A question mark: may be `undefined`. */
type Properties = string;
/** What reads, or changes. */
type Methods = string;

const SHARED: Properties = "kind id pathspec pathComponents attempt? tags userTags systemTags createdAt";
const SHARED_METHODS: Methods = "isInNamespace parent originPathspec get has";

/** As in the contract, class by class, with what goes beyond Python in the second line of each. */
const MEMBERS: Record<string, readonly [Properties, Methods]> = {
  Metaflow: [
    "namespace? defaultNamespace metadata defaultMetadata",
    `setNamespace setMetadata flows get has flow run step task artifact object inspectSpin close
     page watch tagsSeen`,
  ],
  Flow: [
    SHARED,
    `${SHARED_METHODS} latestRun latestSuccessfulRun runs
     page`,
  ],
  Run: [
    SHARED,
    `${SHARED_METHODS} data successful finished finishedAt code endTask trigger steps
     addTag addTags removeTag removeTags replaceTag replaceTags
     page status firstFailure mergedLog compare graph`,
  ],
  Step: [
    SHARED,
    `${SHARED_METHODS} task tasks controlTask controlTasks finishedAt environmentInfo parentSteps childSteps
     page status mergedLog`,
  ],
  Task: [
    SHARED,
    `${SHARED_METHODS} metadata metadataDict index data artifacts successful finished exception finishedAt runtimeName
     stdout stderr stdoutSize stderrSize loglines currentAttempt code environmentInfo
     parentTasks childTasks parentTaskPathspecs childTaskPathspecs
     status attempts followLog cards`,
  ],
  DataArtifact: [
    `${SHARED} sha`,
    `${SHARED_METHODS} data size finishedAt
     open`,
  ],
  MetaflowData: ["names", "has get"],
  MetaflowCode: ["path info flowspec scriptName", "tarball extract"],
  Trigger: ["event events", "run runs get has"],
  Card: ["id? type hash", "html data watch"],
  PyDocument: ["root complete problem?", "close"],
  PyNode: ["type length preview", "children toValue tagged"],
};
const ITERATED = ["Metaflow", "Flow", "Run", "Step", "Task", "DataArtifact"];
const FUNCTIONS = `openMetaflow openPickle
  namespace getNamespace defaultNamespace metadata getMetadata defaultMetadata`;
const ERRORS = `MetaflowError MetaflowNotFound MetaflowNamespaceMismatch MetaflowInvalidPathspec MetaflowInternalError
  MetaflowDataMissing MetaflowTaggingError MetaflowUnknownUser MetaflowKeyError ServiceException PickleError`;

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");
const isOptional = (name: string): boolean => name.endsWith("?");

describe("the client", () => {
  const objects = new Map<string, object>();
  let mf: client.Metaflow;

  beforeAll(async () => {
    const { project, runs } = await fixtureStore();
    mf = await client.openMetaflow({ cwd: project, namespace: null, env: { METAFLOW_USER: "ada" } });
    const run = await mf.run(runs["train"] ?? "");
    const task = await run.endTask();
    const artifact = await task!.get("_graph_info");
    const triggered = await mf.run(runs["triggered"] ?? "");
    const document = await artifact.open();
    const [card] = (await (await (await mf.step(`${runs["cards"] ?? ""}/start`)).task())?.cards()) ?? [];
    const all = {
      Metaflow: mf,
      Flow: await run.parent(),
      Run: run,
      Step: await task!.parent(),
      Task: task,
      DataArtifact: artifact,
      MetaflowData: await task!.data(),
      MetaflowCode: await run.code(),
      Trigger: await triggered.trigger(),
      Card: card,
      PyDocument: document,
      PyNode: document.root,
    };
    for (const [name, object] of Object.entries(all)) if (object !== undefined) objects.set(name, object);
    document.close();
  }, 300_000);
  afterAll(async () => mf.close());

  for (const [name, [properties, methods]] of Object.entries(MEMBERS)) {
    it(`has all members of ${name}`, () => {
      const object = objects.get(name) as Record<string, unknown>;
      const wanted = words(properties).map((each) => each.replace("?", ""));
      expect(wanted.filter((each) => !(each in object))).toEqual([]);
      const known = words(properties).filter((each) => !isOptional(each));
      expect(known.filter((each) => object[each] === undefined)).toEqual([]);
      expect(words(methods).filter((each) => typeof object[each] !== "function")).toEqual([]);
    });
  }

  it("iterates over the children of the five classes and of the session", () => {
    const without = ITERATED.filter(
      (name) => typeof (objects.get(name) as AsyncIterable<unknown>)[Symbol.asyncIterator] !== "function",
    );
    expect(without).toEqual([]);
  });

  it("exports the contract's functions and errors", () => {
    const exported = client as unknown as Record<string, unknown>;
    const wanted = [...words(FUNCTIONS), ...words(ERRORS)];
    expect(wanted.filter((name) => typeof exported[name] !== "function")).toEqual([]);
    for (const name of words(ERRORS).slice(0, -1))
      expect(
        name === "MetaflowError" ||
          Object.prototype.isPrototypeOf.call(client.MetaflowError, exported[name] as object),
      ).toBe(true);
  });
});
