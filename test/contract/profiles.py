"""
Writes what pandas and numpy say of the columns of frames and arrays beside their pickles: a line for each value, {"name", "data", "columns"}, to the
file that is named. Texts are as `str()` has them.
"""

import base64
import decimal
import json
import pickle
import statistics
import sys
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
random = np.random.default_rng(7)


def missing_of(series):
    counts = {}
    masked = isinstance(series.dtype, pd.api.extensions.ExtensionDtype) and series.dtype.na_value is pd.NA
    for value in series[series.isna()]:
        kind = "none" if value is None else "na" if value is pd.NA else "nat" if value is pd.NaT else "nan"
        counts[kind] = counts.get(kind, 0) + 1
    assert not masked or set(counts) <= {"na"}
    return counts


def column_of(series):
    there = series.dropna()
    answer = {"missing": missing_of(series), "distinct": there.nunique()}
    if pd.api.types.is_bool_dtype(series.dtype) or series.dtype == object or isinstance(series.dtype, pd.CategoricalDtype):
        counts = there.value_counts()
        answer["top"] = sorted(([str(value), int(count)] for value, count in counts.items() if count), key=lambda each: (-each[1], each[0]))
    if pd.api.types.is_bool_dtype(series.dtype) or not (pd.api.types.is_numeric_dtype(series.dtype) or series.dtype.kind in "Mm"):
        return answer
    if len(there) == 0:
        return answer
    answer["min"], answer["max"] = str(there.min()), str(there.max())
    if series.dtype.kind in "iuf" and len(there) > 1 and np.isfinite(there.astype("float64")).all():
        # Exactly: pandas rounds integers above 2^53 before it compares them with their mean, and that of floats.
        exact = [value.item() for value in there.to_numpy()]
        answer["mean"], answer["std"] = repr(float(statistics.mean(exact))), repr(statistics.stdev(exact))
    else:
        answer["mean"] = str(there.mean())
        if series.dtype.kind != "M":
            answer["std"] = str(there.std())
    if pd.api.types.is_numeric_dtype(series.dtype):
        answer["zeros"], answer["negatives"] = int((there == 0).sum()), int((there < 0).sum())
    if series.dtype.kind == "f":
        finite = there[np.isfinite(there)]
        if finite.nunique() > 1 and not (finite == np.floor(finite)).all() and np.isfinite(finite.max() - finite.min()):
            answer["histogram"] = [int(count) for count in np.histogram(finite.astype("float64"), bins=64)[0]]
    return answer


def frames():
    many = 3000
    yield "numbers", pd.DataFrame(
        {
            "float": np.where(random.random(many) < 0.1, np.nan, random.normal(size=many)),
            "float32": random.normal(size=many).astype("float32"),
            "half": np.round(random.normal(size=many), 1).astype("float16"),
            "infinite": [np.inf, -np.inf, 1.5] * 1000,
            "above": [np.inf, 2.5, 1.5] * 1000,
            "nothing": [np.nan] * many,
            "constant": [3] * many,
            "small": random.integers(-3, 4, many),
            "byte": random.integers(0, 255, many).astype("uint8"),
            "large": 2**60 + random.integers(0, 50, many),
            "far": random.integers(-(2**63), 2**63 - 1, many),
            "unsigned": (2**64 - 1 - random.integers(0, 5000, many).astype("uint64")).astype("uint64"),
            "bool": random.random(many) < 0.25,
            "far apart": [-1e308, 1e308, 0.5] * 1000,
            "close": 1e9 + random.random(many) / 1e3,
        }
    )
    yield "nullable", pd.DataFrame(
        {
            "Int64": pd.array([2**62 + 1, None, 2**62 + 2, None], dtype="Int64"),
            "Float64": pd.array([1.5, None, 2.5, 0.0], dtype="Float64"),
            "boolean": pd.array([True, None, False, True], dtype="boolean"),
            "string": pd.array(["a", None, "b", "a"], dtype="string"),
        }
    )
    stamps = pd.Timestamp("2024-03-31 00:30:00.123456789") + pd.to_timedelta(random.integers(0, 10**15, 500), unit="ns")
    yield "times", pd.DataFrame(
        {
            "naive": stamps,
            "zone": stamps.tz_localize("UTC").tz_convert("Europe/Berlin"),
            "with NaT": stamps.where(random.random(500) < 0.9),
            "span": pd.to_timedelta(random.integers(-(10**15), 10**15, 500), unit="ns"),
            "one": [pd.Timestamp("2024-01-01")] * 500,
        }
    )
    yield "objects", pd.DataFrame(
        {
            "text": [f"w{value}" for value in random.integers(0, 9, 400)],
            "missing": [None, float("nan"), pd.NA, pd.NaT, "x"] * 80,
            "category": pd.Categorical(random.choice(["a", "b", "c"], 400), categories=["a", "b", "c", "never"]),
            "mixed": ["1", 1, 2.5, b"1"] * 100,
            "decimal": [decimal.Decimal("1.10"), decimal.Decimal("1.2"), decimal.Decimal("NaN"), None] * 100,
        }
    )
    yield "empty", pd.DataFrame({"float": np.zeros(0), "text": np.zeros(0, dtype=object), "time": pd.to_datetime([])})
    yield "no columns", pd.DataFrame(index=range(5))


with open(sys.argv[1], "w") as out:
    for name, frame in frames():
        columns = [column_of(frame[label]) for label in frame.columns]
        data = base64.b64encode(pickle.dumps(frame, protocol=4)).decode()
        out.write(json.dumps({"name": name, "labels": list(frame.columns), "data": data, "columns": columns}) + "\n")
    array = random.normal(size=(40, 30, 20))
    array[0, 0, :5] = np.nan
    whole = column_of(pd.Series(array.ravel(order="F")))
    for order in "CF":
        data = base64.b64encode(pickle.dumps(np.array(array, order=order), protocol=4)).decode()
        out.write(json.dumps({"name": f"array {order}", "labels": [], "data": data, "columns": [], "whole": whole}) + "\n")
