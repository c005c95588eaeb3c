"""What real pandas and numpy make of the source that was written of a pickle's table.

Reads lines of JSON from standard input, each {"name", "data": the pickle in base64, "python": source}, and writes one line for each whose source makes
something else: {"name", "why"}.
"""

import base64
import datetime
import json
import pickle
import re
import sys
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")


def evaluated(source):
    scope = {}
    exec(source, scope)
    names = [n for n in scope if n in ("df", "series", "array", "values", "columns", "records")]
    return scope[names[0]]


def written(values):
    return [re.sub(r", (freq|tz)='[^']*'", "", repr(plain(value))) for value in values]


def plain(value):
    """What is equal whatever keeps it: pandas has several names for one zone, Arrow's values are Python's in pandas 1, numpy's scalars are."""
    if isinstance(value, np.generic) and not isinstance(value, (np.datetime64, np.timedelta64)):
        return value.item()
    if value is pd.NaT or value is pd.NA:
        return pd.NA
    if isinstance(value, datetime.datetime):
        return pd.Timestamp(value)
    return pd.Timedelta(value) if isinstance(value, datetime.timedelta) else value


def same_labels(value, made):
    """By what they are, not by what keeps them: a range, categories, a frequency."""
    assert written(value) == written(made), f"labels {value.tolist()!r} became {made.tolist()!r}"
    assert list(value.names) == list(made.names), f"names {value.names} became {made.names}"


def same(value, made):
    if isinstance(value, pd.MultiIndex):
        assert list(value.names) == [None if name != name else name for name in made.columns], f"names {value.names} became {made.columns}"
        rows = list(made.itertuples(index=False, name=None))
        assert [written(row) for row in value] == [written(row) for row in rows], f"{value!r} became {rows!r}"
        return
    if isinstance(value, pd.Index):
        value = value.to_series(index=range(len(value)))
    if isinstance(value, pd.DataFrame):
        same_labels(value.columns, made.columns)
        same_labels(value.index, made.index)
        for at in range(value.shape[1]):
            same_values(value.iloc[:, at], made.iloc[:, at])
    elif isinstance(value, pd.Series):
        same_labels(value.index, made.index)
        assert repr(value.name) == repr(made.name), f"name {value.name!r} became {made.name!r}"
        same_values(value, made)
    elif isinstance(value, np.ndarray):
        assert repr(value.tolist()) == repr(made if isinstance(made, list) else made.tolist()), f"{value!r} became {made!r}"
        if isinstance(made, np.ndarray) and value.dtype.names is None:
            assert value.dtype.newbyteorder("=") == made.dtype.newbyteorder("="), f"{value.dtype} became {made.dtype}"
    else:
        assert repr(value) == repr(made) or value == made, f"{value!r} became {made!r}"


def same_values(value, made):
    assert written(value) == written(made), f"{value.tolist()!r} became {made.tolist()!r}"


for line in sys.stdin:
    case = json.loads(line)
    value = pickle.loads(base64.b64decode(case["data"]))
    try:
        same(value, evaluated(case["python"]))
    except Exception as error:
        print(json.dumps({"name": case["name"], "why": f"{type(error).__name__}: {error}"[:600]}))
