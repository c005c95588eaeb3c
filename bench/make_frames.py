"""
Makes the frames that columns are profiled of, and says how long pandas describes them. `make_frames.py make FOLDER` writes a pickle for each;
`make_frames.py describe FILE ROUNDS` prints the milliseconds of each round.
"""

import os
import pickle
import sys
import time

import numpy as np
import pandas as pd

SIZES = [(100_000, 50), (1_000_000, 20)]


def column(kind, rows, random):
    if kind < 3:
        values = random.normal(size=rows)
        values[random.random(rows) < 0.02] = np.nan
        return values
    if kind < 5:
        return random.integers(0, 10**6, rows)
    if kind == 5:
        return pd.Timestamp("2020-01-01") + pd.to_timedelta(random.integers(0, 10**9, rows), unit="s")
    if kind == 6:
        return random.random(rows) < 0.3
    if kind == 7:
        return pd.Categorical.from_codes(random.integers(0, 20, rows), [f"category {at}" for at in range(20)])
    if kind == 8:
        return np.array([f"word {at}" for at in range(812)], dtype=object)[random.integers(0, 812, rows)]
    return np.array([f"id-{at:08d}" for at in random.permutation(rows)], dtype=object)


if sys.argv[1] == "make":
    random = np.random.default_rng(1)
    for rows, columns in SIZES:
        frame = pd.DataFrame({f"column {at}": column(at % 10, rows, random) for at in range(columns)})
        with open(os.path.join(sys.argv[2], f"{rows}.pkl"), "wb") as out:
            pickle.dump(frame, out, protocol=4)
else:
    with open(sys.argv[2], "rb") as file:
        frame = pickle.load(file)
    for _ in range(int(sys.argv[3])):
        begun = time.perf_counter()
        frame.describe(include="all")
        print((time.perf_counter() - begun) * 1000, flush=True)
