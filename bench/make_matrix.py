"""Writes the pickle of an array of two axes, of more than a gibibyte: `make_matrix.py make FOLDER`."""

import os
import pickle
import sys

import numpy as np

ROWS, COLUMNS = 16_384, 8_320

with open(os.path.join(sys.argv[2], "matrix.pkl"), "wb") as out:
    pickle.dump(np.random.default_rng(1).random((ROWS, COLUMNS)), out, protocol=4)
