"""What real pandas, pyarrow and numpy read of files that were written of pickles.

Reads lines of JSON from standard input, each {"name", "data": the pickle in base64, "format", "file"}, and writes one line for each file that holds
something else: {"name", "why"}.
"""

import base64
import csv
import json
import pickle
import sys
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
SKIP = object()


def columns_of(value):
    """Names and values of what is written of a frame: the labels of the rows first, where they are no positions."""
    if isinstance(value, pd.MultiIndex):
        return [value.get_level_values(at).tolist() for at in range(value.nlevels)]
    if isinstance(value, pd.Index):
        return [list(value)]
    if isinstance(value, np.ndarray):
        # Of a matrix a column is a matrix, and chararrays strip what ends in spaces.
        value = value if isinstance(value, np.ma.MaskedArray) else np.asarray(value)
        if value.dtype.names is not None:
            return [list(value[name]) for name in value.dtype.names]
        return [list(value)] if value.ndim == 1 else [list(value[:, at]) for at in range(value.shape[1])]
    index = value.index
    plain = not isinstance(index, pd.MultiIndex) and index.name is None and index.tolist() == list(range(len(index))) and not any(
        isinstance(label, (bool, float)) for label in index.tolist())
    labels = [] if plain else [index.get_level_values(at).tolist() for at in range(index.nlevels)]
    if isinstance(value, pd.Series):
        return labels + [list(value)]
    return labels + [list(value.iloc[:, at]) for at in range(value.shape[1])]


def is_missing(value):
    if value is None or value is pd.NA or value is pd.NaT or value is np.ma.masked:
        return True
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return bool(np.isnat(value))
    return isinstance(value, (float, np.floating)) and bool(np.isnan(value))


def plain(value):
    """The values that keep their type; SKIP for those that become text."""
    if is_missing(value):
        return None
    if isinstance(value, np.generic) and not isinstance(value, (np.datetime64, np.timedelta64, np.void, np.complexfloating, np.longdouble)):
        value = value.item()
    if isinstance(value, pd.Timestamp):
        return value.tz_convert("UTC").tz_localize(None).isoformat() if value.tzinfo else value.isoformat()
    return value if isinstance(value, (bool, int, float, str, bytes)) else SKIP


def check_parquet(value, file):
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(file)
    for column, made in zip(columns_of(value), table.columns, strict=True):
        wanted = [plain(item) for item in column]
        found = [plain(item) for item in (made.to_pandas() if "timestamp" in str(made.type) else made.to_pylist())]
        isText = "string" in str(made.type)
        for item, one, other in zip(column, wanted, found, strict=True):
            if one is SKIP or (isText and one is not None and not isinstance(item, str)):
                assert other is not None, f"{column!r} became {found!r}"
            else:
                assert repr(one) == repr(other) or one == other, f"{one!r} became {other!r} ({made.type})"


def check_csv(value, file):
    with open(file, encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))
    levels = getattr(getattr(value, "columns", None), "nlevels", 1)
    body = rows[levels:]
    for at, column in enumerate(columns_of(value)):
        for row, item in enumerate(column):
            wanted, found = plain(item), body[row][at] if len(body[row]) > at else ""
            if wanted is None:
                assert found == "", f"missing became {found!r}"
            elif isinstance(wanted, bytes):
                assert found == repr(wanted), f"{wanted!r} became {found!r}"
            elif isinstance(item, (pd.Timestamp, np.floating)) or wanted is SKIP:
                assert found != "" or str(item) == "" or isinstance(item, np.ndarray), f"{item!r} became nothing"
            else:
                assert found == str(wanted), f"{wanted!r} became {found!r}"


def check_json(value, file):
    with open(file, encoding="utf-8", newline="") as opened:
        text = opened.read()
    if isinstance(value, (pd.DataFrame, pd.Series, pd.Index)):
        lines = [list(json.loads(line).values()) for line in text.splitlines()]
        for at, column in enumerate(columns_of(value)):
            for row, item in enumerate(column):
                wanted = plain(item)
                if wanted is SKIP or isinstance(item, (pd.Timestamp, bytes)) or wanted in (float("inf"), float("-inf")):
                    continue
                # A short float's shortest digits are others than those of the long one that it becomes.
                found = np.float32(lines[row][at]) if isinstance(item, np.float32) else lines[row][at]
                assert repr(wanted) == repr(found) or wanted == found, f"{wanted!r} became {found!r}"
    else:
        json.loads(text)


def check_npy(value, file):
    made = np.load(file)
    native = value.dtype.newbyteorder("=")
    assert made.dtype in (value.dtype, native), f"{value.dtype} became {made.dtype}"
    assert made.shape == value.shape, f"{value.shape} became {made.shape}"
    if value.dtype.names is not None:
        assert repr(made.tolist()) == repr(value.tolist()), f"{value!r} became {made!r}"
    else:
        wanted = value if made.dtype == value.dtype else value.astype(native)
        assert made.tobytes() == wanted.tobytes(), f"{value!r} became {made!r}"


CHECKS = {"parquet": check_parquet, "csv": check_csv, "json": check_json, "npy": check_npy}
for line in sys.stdin:
    case = json.loads(line)
    value = pickle.loads(base64.b64decode(case["data"]))
    try:
        CHECKS[case["format"]](value, case["file"])
    except Exception as error:
        print(json.dumps({"name": case["name"], "why": f"{type(error).__name__}: {error}"[:500]}))
