"""Writes arrays, frames and lists, and what numpy says of their pictures and curves: `arrayViews.py FOLDER`. One JSON object a line."""
import json
import pathlib
import pickle
import sys

import numpy as np
import pandas as pd

random = np.random.default_rng(7)
HOLES = random.normal(size=(101, 67))
HOLES[3:9, 5:60] = np.nan
CUBE = random.integers(-(2**40), 2**40, size=(5, 40, 30))
ARRAYS = {
    "floats": (random.normal(size=(300, 200)) * 1e3, None),
    "fortran": (np.asfortranarray(random.normal(size=(210, 130))), None),
    "holes": (HOLES, None),
    "halves": (random.normal(size=(64, 48)).astype("f2"), None),
    "big-endian": (random.integers(0, 60000, size=(90, 70)).astype(">u2"), None),
    "bools": (random.random((50, 60)) > 0.5, None),
    "wide": (random.normal(size=(3, 50_000)), None),
    "cube": (CUBE, {"rows": 2, "columns": 0, "at": [0, 7, 0]}),
    "fortran-cube": (np.asfortranarray(CUBE), {"rows": 1, "columns": 2, "at": [3, 0, 0]}),
}
CURVES = {
    "line": random.normal(size=12_345),
    "gaps": np.where(random.random(5000) < 0.3, np.nan, random.normal(size=5000)),
    "whole": random.integers(-(2**62), 2**62, size=4001),
    "list": [float(value) for value in random.normal(size=3000)],
    "mixed-list": [1, 2.5, None, True, "text", 2**70, -3],
    "series": pd.Series(random.normal(size=2000), index=pd.date_range("2024", periods=2000)),
}
IMAGES = {
    "grey": random.integers(0, 256, size=(12, 9), dtype="u1"),
    "colour": random.integers(0, 256, size=(12, 9, 3), dtype="u1"),
    "clear": random.integers(0, 256, size=(12, 9, 4), dtype="u1"),
    "channels-first": random.integers(0, 256, size=(3, 12, 9), dtype="u1"),
    "fortran-colour": np.asfortranarray(random.integers(0, 256, size=(12, 9, 3), dtype="u1")),
    "shades": random.random((12, 9, 3)),
    "mask": random.random((12, 9)) > 0.5,
}


def bounds(length, pixels):
    """The first place of each pixel, and the end: place `p` is of pixel `p * pixels // length`."""
    return [-(-pixel * length // pixels) for pixel in range(pixels + 1)]


def sliced(array, view):
    if view is None:
        return array
    index = [slice(None) if axis in (view["rows"], view["columns"]) else at for axis, at in enumerate(view["at"])]
    plane = array[tuple(index)]
    return plane if view["rows"] < view["columns"] else plane.T


def told(values):
    return [None if np.isnan(value) else float(value) for value in values]


def save(folder, name, value):
    file = folder / f"{name}.pkl"
    file.write_bytes(pickle.dumps(value, 4))
    return str(file)


def raster(folder, name, array, view):
    plane = sliced(array, view)
    rows, columns = [plane.shape[0] // 7, plane.shape[0]], [plane.shape[1] // 5, plane.shape[1]]
    part = plane[rows[0] :, columns[0] :]
    height, width = min(17, part.shape[0]), min(23, part.shape[1])
    ys, xs = bounds(part.shape[0], height), bounds(part.shape[1], width)
    means = []
    for y in range(height):
        for x in range(width):
            cell = part[ys[y] : ys[y + 1], xs[x] : xs[x + 1]].astype("f8")
            means.append(np.nan if np.isnan(cell).all() else np.nanmean(cell))
    seen = part[~np.isnan(part.astype("f8"))]
    return {
        "kind": "raster", "name": name, "file": save(folder, name, array), "slice": view,
        "rows": rows, "columns": columns, "width": width, "height": height,
        "means": told(means), "least": str(seen.min()), "greatest": str(seen.max()),
    }  # fmt: skip


def curve(folder, name, values):
    numbers = [float("nan") if value is None or isinstance(value, str) else float(value) for value in values]
    start, end, width = len(numbers) // 9, len(numbers), min(150, len(numbers) - len(numbers) // 9)
    edges = bounds(end - start, width)
    lows, highs, firsts, lasts = [], [], [], []
    for pixel in range(width):
        cell = [number for number in numbers[start + edges[pixel] : start + edges[pixel + 1]] if number == number]
        for into, pick in ((lows, min), (highs, max), (firsts, lambda one: one[0]), (lasts, lambda one: one[-1])):
            into.append(pick(cell) if cell else float("nan"))
    return {
        "kind": "curve", "name": name, "file": save(folder, name, values), "from": start, "to": end, "width": width,
        "lows": told(lows), "highs": told(highs), "firsts": told(firsts), "lasts": told(lasts),
        "missing": sum(number != number for number in numbers[start:]),
    }  # fmt: skip


def image(folder, name, array):
    channels = array.transpose(1, 2, 0) if array.shape[0] == 3 else array if array.ndim == 3 else array[:, :, None]
    shades = channels if channels.dtype == "u1" else np.round(channels.astype("f8") * 255)
    opaque = np.full(shades.shape[:2] + (1,), 255)
    colours = shades[:, :, [0, 0, 0]] if shades.shape[2] == 1 else shades
    rgba = colours if colours.shape[2] == 4 else np.concatenate([colours, opaque], axis=2)
    return {"kind": "image", "name": name, "file": save(folder, name, array), "rgba": rgba.astype(int).ravel().tolist()}


def main(folder):
    for name, (array, view) in ARRAYS.items():
        print(json.dumps(raster(folder, name, array, view)))
    for name, values in CURVES.items():
        print(json.dumps(curve(folder, name, values)))
    for name, array in IMAGES.items():
        print(json.dumps(image(folder, name, array)))


main(pathlib.Path(sys.argv[1]))
