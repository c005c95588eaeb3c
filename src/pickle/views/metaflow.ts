import { distinctPairs } from "../distinct.ts";
import { mapOf, stateOf, type Attributes } from "../recognisers/arguments.ts";
import type { PartRow } from "../part.ts";
import type { ObjectShape, ValueReader } from "../shapes.ts";
import type { Ref } from "../tape.ts";
import { attributeRows, pairRows, rowsOf } from "./rows.ts";
import type { Pen, View } from "./view.ts";

/** Characters of a text that a short text has room for. */
const MOST_TEXT = 200;

/** What the client's objects keep of themselves, by the version that their state tells. Python: `MetaflowObject.__setstate__`. */
const KEPT: ReadonlyMap<string | undefined, readonly string[]> = new Map([
  ["2.8.4", [".pathspec", "attempt", "namespace_check"]],
  ["2.12.4", [".pathspec", "attempt", "namespace", "namespace_check"]],
  ["2.12.27", [".pathspec", "attempt", "metadata", "namespace", "namespace_check"]],
]);

/** Metaflow's own objects: those of its client, what a step raised, included files and configurations. */
export function metaflowView(object: ObjectShape, reader: ValueReader): View | undefined {
  const { name, args, states, items, entries } = object;
  if (items.length > 0 || entries.length > 0 || args.length > 1) return undefined;
  if (name === "ConfigValue" && states.length === 0) return configView(object, reader);
  const attributes = stateOf(reader, object);
  if (attributes === undefined) return undefined;
  switch (name) {
    case "Flow":
    case "Run":
    case "Step":
    case "Task":
    case "DataArtifact":
      return clientView(object, attributes, reader);
    case "MetaflowData":
      return dataView(object, attributes, reader);
    case "MetaflowExceptionWrapper":
      return raisedView(object, attributes, reader);
    case "IncludedFile":
      return fileView(object, attributes, reader);
    default:
      return undefined;
  }
}

function viewWith({ module, name }: ObjectShape, rows: readonly PartRow[], print: (pen: Pen) => void): View {
  return { type: `${module}.${name}`, rows: rowsOf(rows), print };
}

/** `Task('F/1/s/2', attempt=0)`. */
function clientView(object: ObjectShape, attributes: Attributes, reader: ValueReader): View | undefined {
  const [version, data] = [attributes.get("version"), attributes.get("data")];
  const list = data === undefined ? undefined : reader.shape(data);
  const kept = version === undefined ? undefined : KEPT.get(reader.text(version));
  if (list?.t !== "list" || list.members.length !== kept?.length) return undefined;
  const { members } = list;
  return viewWith(
    object,
    kept.map((key, at) => ({ key, value: members.at(at) })),
    (pen) => {
      pen.text(`${object.name}(`);
      pen.value(members.at(0));
      if (reader.shape(members.at(1)).t !== "none") {
        pen.text(", attempt=");
        pen.value(members.at(1));
      }
      pen.text(")");
    },
  );
}

/** `<MetaflowData: x, y>`: the artifacts of a task by their names. */
function dataView(object: ObjectShape, attributes: Attributes, reader: ValueReader): View | undefined {
  const kept = attributes.get("_artifacts");
  const artifacts = kept === undefined ? undefined : [...(mapOf(reader, kept, MOST_ARTIFACTS) ?? [])];
  if (artifacts === undefined || artifacts.length === 0) return undefined;
  // What Python gives by an attribute of this name is the artifact's value.
  const rows = artifacts.map(([key, value]) => ({ key, value }));
  return viewWith(object, rows, (pen) => {
    pen.list("<MetaflowData: ", rows.length, ">", (at) => {
      pen.text(artifacts[at]?.[0] ?? "");
    });
  });
}

const MOST_ARTIFACTS = 1000;

/** `MetaflowExceptionWrapper(ValueError: too large)`. Python's own text is all of the traceback. */
function raisedView(object: ObjectShape, attributes: Attributes, reader: ValueReader): View | undefined {
  const [type, exception] = [attributes.get("type"), attributes.get("exception")];
  if (type === undefined || exception === undefined) return undefined;
  const [kind, message] = [shortText(reader, type), shortText(reader, exception)];
  return viewWith(object, attributeRows(attributes), (pen) => {
    pen.text(`${object.name}(${[kind.replace(/^builtins\./, ""), message].filter(Boolean).join(": ")})`);
  });
}

/** `IncludedFile(806 bytes of text: local:///…)`, below it what it is told by. */
function fileView(object: ObjectShape, attributes: Attributes, reader: ValueReader): View | undefined {
  const descriptor = attributes.get("_descriptor");
  const told = descriptor === undefined ? undefined : mapOf(reader, descriptor);
  const [url, isText, size] = [told?.get("url"), told?.get("is_text"), told?.get("size")];
  if (told === undefined || url === undefined) return undefined;
  const bytes = size === undefined ? undefined : reader.int(size);
  const kind = isText !== undefined && reader.int(isText) === 1 ? "text" : "bytes";
  const amount = bytes === undefined ? kind : `${bytes} bytes${kind === "text" ? " of text" : ""}`;
  const rows = [...told].map(([key, value]) => ({ key, value }));
  return viewWith(object, rows, (pen) => {
    pen.text(`${object.name}(${amount}: ${shortText(reader, url)})`);
  });
}

/** A configuration, which Python prints and reads as the dict that it is. */
function configView(object: ObjectShape, reader: ValueReader): View | undefined {
  const { module, name, args } = object;
  const ref: Ref = args.at(0);
  const all = args.length === 1 ? reader.dict(ref) : undefined;
  if (all === undefined) return undefined;
  const pairs = distinctPairs(reader, all);
  return {
    type: `${module}.${name}`,
    length: pairs.length,
    rows: pairRows(pairs),
    print: (pen) => {
      pen.value(ref);
    },
  };
}

/** The beginning of a text, in one line. */
function shortText(reader: ValueReader, ref: Ref): string {
  return (reader.text(ref) ?? "").slice(0, MOST_TEXT).trim().replace(/\s+/g, " ");
}
