"""Loads a pickle as Python does, gzipped or not, and tells what that took."""

import gzip
import json
import pickle
import resource
import sys
import time

import numpy  # noqa: F401  What an array needs is there before, as it is in a notebook.

path, how = sys.argv[1:]
begun = time.perf_counter()
with open(path, "rb") as file:
    data = file.read()
if how == "gzip":
    data = gzip.decompress(data)
read = time.perf_counter()
value = pickle.loads(data)
ended = time.perf_counter()
answer = {
    "allMs": (ended - begun) * 1000,
    "loadsMs": (ended - read) * 1000,
    "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}
print(json.dumps(answer))
