import type { Imports } from "../protocol/nodes.ts";

/** Names that are told. */
const MOST_TOLD = 100;
/** What only makes a value, of the standard library. */
const HARMLESS =
  /^(builtins\.(bool|bytearray|bytes|complex|dict|float|frozenset|int|list|object|range|set|slice|str|tuple|[A-Z]\w*(Error|Exception|Warning))|(_codecs\.encode|copyreg\._reconstructor|copyreg\.__newobj(_ex)?__)|(array|collections|datetime|decimal|enum|fractions|ipaddress|pathlib|uuid|zoneinfo|types\.SimpleNamespace)(\.[\w.]+)?)$/;
/** Libraries that values of data and of models are made of, and Metaflow. */
const LIBRARIES =
  /^(metaflow|numpy|pandas|polars|pyarrow|scipy|sklearn|xgboost|lightgbm|catboost|statsmodels|torch|tensorflow|keras|jax|jaxlib|ml_dtypes|transformers|tokenizers|PIL|shapely|geopandas|networkx|pytz|dateutil|joblib\.numpy_pickle)\./;

/** What loading the value in Python would import: libraries by their name, what is known to be neither library nor harmless in full, first. */
export function importsOf(globals: readonly string[]): Imports {
  const known = new Set<string>();
  const unknown = new Set<string>();
  for (const name of globals) {
    if (LIBRARIES.test(name)) known.add(name.slice(0, name.indexOf(".")));
    else if (!HARMLESS.test(name)) unknown.add(name.slice(0, MOST_TOLD));
  }
  return { known: [...known].slice(0, MOST_TOLD), unknown: [...unknown].slice(0, MOST_TOLD) };
}
