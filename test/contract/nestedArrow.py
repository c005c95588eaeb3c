"""Columns of Arrow whose values are lists, structs, maps and the like, as pyarrow, pandas and polars pickle them, and what these say of each value.

One JSON object a line: name, data (base64), dtype, texts (`str()` of each value as `as_py()` makes it; null where it is missing), tagged (or null).
"""
import base64
import datetime
import decimal
import json
import pathlib
import pickle
import sys

import numpy as np
import pandas as pd
import pyarrow as pa

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "fixtures/pickle"))
from libraries_tagged import tagged

DAY = datetime.date(2024, 1, 2)
NOON = datetime.datetime(2024, 1, 2, 12, 0, 0, 5)
LEAVES = {
    "int": (pa.int64(), [1, -(2**60), None]),
    "unsigned": (pa.uint8(), [1, 255, None]),
    "float": (pa.float64(), [0.1, float("inf"), 1e300, None]),
    "float32": (pa.float32(), [0.5, 0.1]),
    "bool": (pa.bool_(), [True, None, False]),
    "text": (pa.string(), ["a", "it's", None, "é\n"]),
    "large text": (pa.large_string(), ["a", None]),
    "bytes": (pa.binary(), [b"a", b"\xff", None]),
    "bytes of one size": (pa.binary(2), [b"ab", None, b"\0\1"]),
    "date": (pa.date32(), [DAY, None]),
    "moment": (pa.timestamp("us"), [NOON, datetime.datetime(1969, 12, 31), None]),
    "second": (pa.timestamp("s"), [NOON.replace(microsecond=0), NOON.replace(second=7, microsecond=0)]),
    "fine moment": (pa.timestamp("ns"), [NOON, None]),
    "duration": (pa.duration("us"), [datetime.timedelta(1, 2, 3), datetime.timedelta(0), datetime.timedelta(microseconds=-1)]),
    "time of day": (pa.time64("us"), [datetime.time(1, 2, 3, 4), datetime.time(0), None, datetime.time(23, 59, 59, 999999)]),
    "short time of day": (pa.time32("ms"), [datetime.time(1, 2), datetime.time(1, 2, 3, 4000)]),
    "fine time of day": (pa.time64("ns"), [datetime.time(1, 2, 3)]),
    "day in milliseconds": (pa.date64(), [DAY, None]),
    "decimal": (pa.decimal128(10, 2), [decimal.Decimal("1.10"), None, decimal.Decimal("-0.05")]),
    "null": (pa.null(), [None, None]),
}


def arrays():
    for name, (kind, values) in LEAVES.items():
        yield f"list of {name}", pa.array([values, None, [], values[:1]], pa.list_(kind))
        yield f"struct of {name}", pa.array([{"a": value, "b": at} for at, value in enumerate(values)] + [None], pa.struct([("a", kind), pa.field("b", pa.int8(), nullable=False)]))
        if name != "null":
            yield f"map to {name}", pa.array([[("k", value) for value in values], None, []], pa.map_(pa.string(), kind))
        # A short float by itself is shown with the digits that it has.
        yield f"run of {name}", pa.RunEndEncodedArray.from_arrays(pa.array([2, 3, 7][: min(3, len(values))], pa.int32()), pa.array(values[:3], kind)) if name not in ("null", "float32", "bytes of one size") else pa.array([values], pa.list_(kind))
    for name in ["time of day", "short time of day", "fine time of day", "day in milliseconds"]:
        yield name, pa.array(LEAVES[name][1], LEAVES[name][0])
    yield "large list", pa.array([["a", None], None], pa.large_list(pa.string()))
    yield "list of one size", pa.array([[1, 2], None, [3, None]], pa.list_(pa.int8(), 2))
    yield "bytes of one size", pa.array([b"ab", None], pa.binary(2))
    deep = pa.struct([("rows", pa.list_(pa.struct([("k", pa.map_(pa.string(), pa.list_(pa.int8())))]))), ("é 'x'", pa.string())])
    yield "deep", pa.array([{"rows": [{"k": [("a", [1, None])]}, None, {"k": None}], "é 'x'": "y"}, {"rows": None, "é 'x'": None}, None], deep)
    yield "struct of nothing", pa.array([{}, None], pa.struct([]))
    sparse = pa.UnionArray.from_sparse(pa.array([0, 1, 0], pa.int8()), [pa.array([1, 2, None]), pa.array(["a", "b", "c"])])
    dense = pa.UnionArray.from_dense(pa.array([5, 7, 5], pa.int8()), pa.array([0, 0, 1], pa.int32()), [pa.array([1, 2]), pa.array(["a"])], ["n", "t"], [5, 7])
    yield from (("sparse union", sparse), ("dense union", dense), ("sparse union sliced", sparse[1:]))
    yield "list of unions", pa.ListArray.from_arrays(pa.array([0, 2, 3], pa.int32()), dense)
    yield "dictionary of structs", pa.DictionaryArray.from_arrays(pa.array([1, 0, None, 1], pa.int8()), pa.array([{"a": 1}, {"a": 2}]))


def pandas_series(array):
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.chunked_array([array])))


def plain(value):
    """The same with the float that Python has of numpy's, and lists for what polars has."""
    if type(value).__module__.startswith("polars."):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def write(name, value, dtype, values, form):
    texts = [None if one is None or one is pd.NA else str(plain(one)) for one in values]
    print(json.dumps({"name": name, "data": base64.b64encode(pickle.dumps(value, 4)).decode(), "dtype": dtype, "texts": texts, "tagged": form}))


def main():
    for name, array in arrays():
        for part, own in (("", array), (" sliced", array[1:]), (" chunks", pa.chunked_array([array, array[:1]]))):
            write(name + part, own, str(array.type), own.to_pylist(), None)
        if "union" in name or "run" in name:  # pandas has no way to print these.
            continue
        series = pandas_series(array)
        values = [series.iloc[at] for at in range(len(series))]
        has_own = "fine moment" in name or name == "dictionary of structs"
        write(f"pandas {name}", series, str(series.dtype), values, None if has_own else tagged(series, 4))
    try:
        import polars as pl
    except ModuleNotFoundError:
        return
    for name, values in {
        "structs": [{"a": 1, "b": "x"}, {"a": None, "b": "y"}, None],
        "lists": [[1, None], [], None],
        "lists of structs": [[{"a": 1.5, "b": [True]}, None], None],
        "structs of structs": [{"a": {"b": {"c": "d"}}, "e": DAY}, {"a": None, "e": None}],
    }.items():
        write(f"polars {name}", pl.Series("v", values), None, pl.Series("v", values).to_list(), None)
    times = [datetime.time(1, 2, 3, 4), None]
    write("polars times of day", pl.Series("v", times), None, times, None)
    write("polars arrays", pl.Series("v", [[1, 2], None], dtype=pl.Array(pl.Int8, 2)), None, [[1, 2], None], None)


main()
