"""Frames, and which rows of them pandas gives for filters and sorts, as JSON on standard output.

A filter of this extension stands beside what it means in pandas. A missing value is unlike everything, so that `!=` keeps it, also where pandas' nullable types
say that they do not know.
"""
import base64
import decimal
import json
import pickle
import random
import sys

import numpy as np
import pandas as pd

ROWS = 500
random.seed(5)
rng = np.random.default_rng(5)


def some(values, missing=()):
    return [random.choice(missing) if missing and random.random() < 0.15 else random.choice(values) for _ in range(ROWS)]


BIG = 2**53
WORDS = ["a", "b", "Alpha", "alpha", "ß", "\U0001f680 up", "\uff5e", "zeta", "", "x y", "tail\n", "Éclair", 'say "hi"', "back\\slash"]
TIMES = pd.DatetimeIndex([pd.Timestamp(x) for x in ("2024-03-31 00:30", "2024-03-31 01:30", "2023-12-31 23:59:59.999999999", "1969-07-20 20:17", "2024-10-27 00:30", "2024-10-27 01:30")])

frame = pd.DataFrame(
    {
        "f": some([0.1, -0.0, 0.0, 1e300, -1e-300, float("inf"), float("-inf"), 2.5, *rng.normal(size=30)], [float("nan")]),
        "g": np.array(some([0.1, 0.2, -3.5, 1e10, *rng.normal(size=20)], [float("nan")]), dtype="float32"),
        "h": np.array(some([0.1, 0.2, -3.5, 60000, *rng.normal(size=20)]), dtype="float16"),
        "i": np.array(some([BIG, BIG + 1, BIG + 2, -BIG, -BIG - 1, 0, 7, -(2**63), 2**63 - 1]), dtype="int64"),
        "u": np.array(some([0, 1, 2**63, 2**63 + 1, 2**64 - 1, 2**64 - 2]), dtype="uint64"),
        "small": np.array(some(list(range(-5, 6))), dtype="int8"),
        "n": pd.array(some([1, 2, BIG + 1, BIG + 3, -9], [None]), dtype="Int64"),
        "b": some([True, False]),
        "nb": pd.array(some([True, False], [None]), dtype="boolean"),
        "s": pd.Series(some(WORDS, [None, float("nan")]), dtype=object),
        "t": pd.array(some(WORDS, [None]), dtype="string"),
        "c": pd.Categorical(some(["low", "mid", "high"], [None])),
        "o": pd.Categorical(some(["low", "mid", "high"], [None]), categories=["low", "mid", "high"], ordered=True),
        "d": pd.Series(some(list(TIMES), [pd.NaT])),
        "z": pd.Series(some(list(TIMES.tz_localize("UTC").tz_convert("Europe/Berlin")), [pd.NaT])),
        "td": pd.Series(some([pd.Timedelta("1 days 02:00:00"), pd.Timedelta("-1h"), pd.Timedelta("90s"), pd.Timedelta("1ns")], [pd.NaT])),
        "p": pd.Series(pd.PeriodIndex(some(["2024-01", "2023-12", "1999-05"]), freq="M")),
        "dec": pd.Series(some([decimal.Decimal(x) for x in ("0.1", "1.50", "-3", "1e5", "123456789.5")], [None]), dtype=object),
        "two words": np.array(some([1, 2, 3]), dtype="int32"),
    }
)
frame.index = pd.Index(np.arange(ROWS) * 3 + 100, name="place")

OPS = {
    "==": lambda x, y: x == y,
    "!=": lambda x, y: x != y,
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
}


def mask(answer, unknown=False):
    """Rows, where unknown is said of what is missing."""
    if hasattr(answer, "fillna"):
        answer = answer.fillna(unknown)
    return np.asarray(answer, dtype=bool)


def compare(name, op, value):
    column = frame[name]
    if column.dtype == object or name == "t":
        rows = [False if pd.isna(x) else bool(OPS["==" if op == "!=" else op](x, value)) for x in column]
        return ~np.array(rows) if op == "!=" else np.array(rows)
    if name == "c":
        column = column.astype(object)
        rows = [False if pd.isna(x) else bool(OPS["==" if op == "!=" else op](x, value)) for x in column]
        return ~np.array(rows) if op == "!=" else np.array(rows)
    if name in ("i", "u", "n", "small"):
        # Exact, which numpy is not for whole numbers beside floats.
        rows = [False if pd.isna(x) else bool(OPS["==" if op == "!=" else op](int(x), value)) for x in column]
        return ~np.array(rows) if op == "!=" else np.array(rows)
    return mask(OPS[op](column, value), op == "!=")


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


VALUES = {
    "f": [("0.1", 0.1), ("0", 0), ("-0.0", -0.0), ("inf", float("inf")), ("-inf", float("-inf")), ("2.5", 2.5), ("1e300", 1e300), (".5", 0.5)],
    "g": [("0.1", 0.1), ("0.2", 0.2), ("-3.5", -3.5), ("1e10", 1e10), ("0", 0)],
    "h": [("0.1", 0.1), ("0.2", 0.2), ("-3.5", -3.5), ("60000", 60000)],
    "i": [(str(v), v) for v in (BIG, BIG + 1, BIG + 2, -BIG, -BIG - 1, 0, 2**63 - 1, 2**63, 10**30)] + [("6.5", 6.5), ("-0.5", -0.5), ("9_007_199_254_740_993", BIG + 1)],
    "u": [(str(v), v) for v in (0, 2**63, 2**63 + 1, 2**64 - 1, -1, 2**64)],
    "small": [("3", 3), ("2.5", 2.5), ("-4", -4), ("1e1", 10), ("-200", -200)],
    "n": [(str(v), v) for v in (1, BIG + 1, BIG + 2, -9)],
    "b": [("True", True), ("false", False), ("1", 1)],
    "s": [(quoted(w), w) for w in WORDS] + [("alpha", "alpha")],
    "t": [(quoted(w), w) for w in WORDS[:8]],
    "c": [("low", "low"), ('"mid"', "mid"), ("zzz", "zzz")],
    "d": [
        ("2024-03-31", pd.Timestamp("2024-03-31")),
        ("2024-03-31T01:30", pd.Timestamp("2024-03-31 01:30")),
        ("2023-12-31 23:59:59.999999999", pd.Timestamp("2023-12-31 23:59:59.999999999")),
        ('"1969-07-20 20:17"', pd.Timestamp("1969-07-20 20:17")),
    ],
    "z": [
        ("2024-03-31", pd.Timestamp("2024-03-31", tz="Europe/Berlin")),
        ("2024-03-31T03:30", pd.Timestamp("2024-03-31 03:30", tz="Europe/Berlin")),
        ("2024-03-31T01:30Z", pd.Timestamp("2024-03-31 01:30", tz="UTC")),
        ("2024-10-27T03:00", pd.Timestamp("2024-10-27 03:00", tz="Europe/Berlin")),
        ("2024-10-27T02:30+02:00", pd.Timestamp("2024-10-27 00:30", tz="UTC")),
    ],
    "td": [("90s", pd.Timedelta("90s")), ('"1 days 02:00:00"', pd.Timedelta("1 days 02:00:00")), ("1ns", pd.Timedelta("1ns")), ("-1h", pd.Timedelta("-1h"))],
    "dec": [("1.5", decimal.Decimal("1.50")), ("-3", decimal.Decimal(-3)), ("100000", decimal.Decimal(10) ** 5)],
}

filters = []


def add(text, rows):
    filters.append({"filter": text, "rows": [int(x) for x in np.flatnonzero(rows)]})


for name, values in VALUES.items():
    for text, value in values:
        for op in OPS if name in ("f", "i", "d", "z", "n") else random.sample(list(OPS), 3):
            add(f"{name} {op} {text}", compare(name, op, value))

missing = {name: frame[name].isna().to_numpy() for name in frame}
for name in frame:
    label = f"`{name}`"
    add(f"{label} is null", missing[name])
    add(f"{label} is not missing", ~missing[name])
add("s is None", [x is None for x in frame["s"]])
add("s == None", [x is None for x in frame["s"]])
add("s is nan", [isinstance(x, float) for x in frame["s"]])
add("n is NA", missing["n"])
add("d is NaT", missing["d"])
add("d is None", np.zeros(ROWS, bool))
add("f is nan", missing["f"])
add('s in ["a", "ß", zeta]', frame["s"].isin(["a", "ß", "zeta"]))
add('s not in ("a", "b",)', ~frame["s"].isin(["a", "b"]))
add(f"i in [{BIG + 1}, 7, 6.5]", [int(x) in (BIG + 1, 7) for x in frame["i"]])
add("f in [0, 2.5, 0.1]", frame["f"].isin([0, 2.5, 0.1]))
add("g in [0.1]", frame["g"] == np.float32(0.1))
add("c in [low, high]", frame["c"].isin(["low", "high"]))
add("d in [2024-03-31 00:30, 1969-07-20T20:17]", frame["d"].isin([TIMES[0], TIMES[3]]))
add("small between -2 and 3", frame["small"].between(-2, 3))
add(f"i between {BIG + 1} and {BIG + 1}", [int(x) == BIG + 1 for x in frame["i"]])
add("small not between -2 and 3", ~frame["small"].between(-2, 3))
add("f between 0 and 1", frame["f"].between(0, 1))
add("d between 2024-01-01 and 2024-12-31", frame["d"].between("2024-01-01", "2024-12-31"))
add("s contains AL", frame["s"].str.contains("al", case=False, na=False))
add("s not contains al", ~frame["s"].str.contains("al", case=False, na=False).astype(bool))
add('s contains "É"', frame["s"].str.lower().str.contains("é", na=False))
add('s ~ "^[ab]$"', frame["s"].str.contains("^[ab]$", na=False))
add(r's ~ "\\slash"', frame["s"].str.contains(r"\\slash", na=False))
add('t ~ "(?i)ALPHA"', mask(frame["t"].str.contains("(?i)ALPHA")))
add('c ~ "^h"', mask(frame["c"].astype(object).str.contains("^h", na=False)))
add("two words > 1", frame["two words"] > 1)
add("'two words' > 1 and `two words` < 3", frame["two words"] == 2)
add("place >= 500", frame.index >= 500)
add("index < 500", frame.index < 500)
add("Alpha", frame["s"].str.lower().str.contains("alpha", na=False) | mask(frame["t"].str.lower().str.contains("alpha")))
add('"x y"', frame["s"].str.contains("x y", na=False) | mask(frame["t"].str.contains("x y")))
f, small, s = frame["f"], frame["small"], frame["s"]
add("f > 0 and small < 2 or s == a", ((f > 0) & (small < 2)) | (s == "a"))
add("f > 0 and (small < 2 or s == a)", (f > 0) & ((small < 2) | (s == "a")))
add("not f > 0 and small < 2", ~(f > 0) & (small < 2))
add("not (f > 0 and small < 2)", ~((f > 0) & (small < 2)))
add("not not f > 0", f > 0)
add("F > 0", f > 0)
for _ in range(40):
    parts = []
    for _ in range(random.randint(2, 4)):
        name = random.choice(list(VALUES))
        text, value = random.choice(VALUES[name])
        op = random.choice(list(OPS))
        parts.append((f"{name} {op} {text}", compare(name, op, value)))
    text, rows = parts[0]
    for other, more in parts[1:]:
        if random.random() < 0.5:
            text, rows = f"({text}) and not {other}", rows & ~more
        else:
            text, rows = f"({text}) or {other}", rows | more
    add(text, rows)

sorts = []


def add_sort(by, descending):
    plain = frame.reset_index(drop=True)
    order = plain.sort_values(by, ascending=[not x for x in descending], kind="stable", na_position="last").index
    sorts.append({"by": [[name, flag] for name, flag in zip(by, descending)], "rows": [int(x) for x in order]})


for name in frame:
    add_sort([name], [False])
    add_sort([name], [True])
for _ in range(60):
    by = random.sample([name for name in frame if name != "h"], random.randint(2, 4))  # pandas 2 has no order of halves beside others
    add_sort(by, [random.random() < 0.5 for _ in by])

json.dump(
    {"frame": base64.b64encode(pickle.dumps(frame, protocol=4)).decode(), "columns": list(frame), "filters": filters, "sorts": sorts},
    sys.stdout,
)
