import { joinedPath } from "./paths.ts";
import type { ObjectShape, ValueReader } from "../shapes.ts";

/** Field names of tuples, and of a call's arguments, that are known by name: a pickle has only their values. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map(
  // metaflow.task's frame; pickled by a flow that was the main program it is __main__'s. Older ones have no value.
  `ForeachFrame step var num_splits index value
metaflow.client.core.Metadata name value created_at type task
metaflow.events.MetaflowEvent name id timestamp type
metaflow.metaflow_current.Parallel main_ip num_nodes node_index control_task_id
metaflow.metadata_provider.metadata.DataArtifact name ds_type ds_root url type sha
metaflow.metadata_provider.metadata.MetaDatum field value type tags
metaflow.plugins.cards.card_datastore.CardInfo type hash id filename
metaflow.datastore.artifacts.serializer.SerializationMetadata obj_type size encoding serializer_info
urllib.parse.SplitResult scheme netloc path query fragment
urllib.parse.SplitResultBytes scheme netloc path query fragment
urllib.parse.ParseResult scheme netloc path params query fragment
urllib.parse.ParseResultBytes scheme netloc path params query fragment
urllib.parse.DefragResult url fragment
decimal.Context prec rounding Emin Emax capitals clamp flags traps
decimal.DecimalTuple sign digits exponent
platform.uname_result system node release version machine
time.struct_time tm_year tm_mon tm_mday tm_hour tm_min tm_sec tm_wday tm_yday tm_isdst
os.stat_result st_mode st_ino st_dev st_nlink st_uid st_gid st_size st_atime st_mtime st_ctime
os.uname_result sysname nodename release version machine
os.terminal_size columns lines`
    .split("\n")
    .map((line) => line.split(" "))
    .map(([name = "", ...fields]) => [name, fields]),
);

/** The field names of a namedtuple with `length` values; `undefined` where they are not known. */
export function fieldsOf({ module, name }: ObjectShape, length: number): readonly string[] | undefined {
  const known = FIELDS.get(name === "ForeachFrame" ? name : `${module}.${name}`);
  return known !== undefined && length <= known.length ? known.slice(0, length) : undefined;
}

/** Parts of a path at most; no file system has paths as long as that. */
const MOST_PARTS = 4096;
const MOST_CHARACTERS = 1 << 16;

/** Python: `str(path)` of a pathlib path, from what it pickles; `undefined` for other objects. */
export function pathText(object: ObjectShape, reader: ValueReader): string | undefined {
  if (object.module !== "pathlib" && object.module !== "pathlib._local") return undefined;
  if (!/^(Pure)?(Posix|Windows)?Path$/.test(object.name) || object.args.length > MOST_PARTS) return undefined;
  if (object.entries.length > 0) return undefined;
  const parts: string[] = [];
  // The same text may be a part again and again.
  let left = MOST_CHARACTERS;
  for (let i = 0; i < object.args.length; i++) {
    const part = reader.text(object.args.at(i));
    left -= part?.length ?? 0;
    if (part === undefined || left < 0) return undefined;
    parts.push(part);
  }
  return joinedPath(parts, object.name.includes("Windows"));
}
