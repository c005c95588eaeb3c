"""Writes images of Pillow, and the colours that Pillow gives them: `pictures.py FOLDER`. One JSON object a line."""
import base64
import io
import json
import pathlib
import pickle
import sys

import numpy as np
from PIL import Image

random = np.random.default_rng(11)
BANDS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "RGBa": 4, "RGBX": 4, "CMYK": 4, "YCbCr": 3, "HSV": 3, "P": 1, "PA": 2}
LARGE = 1 << 24


def drawn(mode, size=(61, 47)):
    width, height = size
    if mode == "1":
        return Image.frombytes("1", size, random.bytes((width + 7) // 8 * height))
    if mode == "I":
        return Image.frombytes(mode, size, random.integers(-300, 256, size=size, dtype="i4").tobytes())
    if mode == "F":
        return Image.frombytes(mode, size, (random.random(size) * 600 - 200).astype("f4").tobytes())
    if mode.startswith("I;16"):
        kind = ">u2" if mode.endswith("B") else "<u2"
        return Image.frombytes(mode, size, random.integers(0, 256, size=size).astype(kind).tobytes())
    return Image.frombytes(mode, size, random.bytes(width * height * BANDS[mode]))


def coloured(mode, colours, **info):
    image = drawn(mode)
    image.putpalette([int(level) for level in random.integers(0, 256, size=3 * colours)])
    image.info.update(info)
    return image


def told(image, **info):
    image.info.update(info)
    return image


def opened(kind, image, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return Image.open(io.BytesIO(file.getvalue()))


def images():
    for mode in ["1", *BANDS, "I", "F", "I;16", "I;16B", "I;16L"]:
        yield mode, drawn(mode)
        yield f"{mode} of one pixel", drawn(mode, (1, 1))
        yield f"{mode} of one column", drawn(mode, (1, 9))
    yield "palette", coloured("P", 256)
    yield "short palette", coloured("P", 30)
    yield "palette with a clear colour", coloured("P", 256, transparency=5)
    yield "palette with opacities", coloured("P", 256, transparency=bytes(range(7, 107)))
    yield "palette beside opacities", coloured("PA", 200, transparency=5)
    yield "quantised", drawn("RGB").quantize(16)
    yield "clear grey", told(drawn("L"), transparency=7)
    yield "clear white", told(drawn("1"), transparency=255)
    image = drawn("RGB")
    yield "clear colour", told(image, transparency=image.getpixel((3, 4)))
    yield "PNG", opened("PNG", drawn("RGBA"))
    yield "PNG of a palette", opened("PNG", coloured("P", 256), transparency=9)
    yield "JPEG", opened("JPEG", drawn("RGB"))
    yield "JPEG of CMYK", opened("JPEG", drawn("CMYK"))
    yield "GIF", opened("GIF", drawn("L"))
    yield "TIFF", opened("TIFF", drawn("1"))
    yield "from an array", Image.fromarray(random.integers(0, 256, size=(20, 30, 3), dtype="u1"))


def colours(image):
    return image.convert("RGBA").tobytes()


def main(folder):
    def write(name, image, rgba, every=1):
        file = folder / f"{len(list(folder.iterdir()))}.pkl"
        file.write_bytes(pickle.dumps(image, 4))
        size = image.size
        print(json.dumps({"name": name, "file": str(file), "size": size, "every": every, "rgba": rgba and base64.b64encode(rgba).decode()}))

    for name, image in images():
        # A file is read when it is pickled.
        image.load()
        write(name, image, colours(image))
    for mode in ["1", "L"]:
        image = drawn(mode, (4801, 4303))
        assert image.width * image.height > LARGE
        every = Image.fromarray(np.asarray(image)[::2, ::2])
        write(f"large {mode}", image, colours(every), 2)
    deep = random.integers(0, 65536, size=(9, 8), dtype="u2")
    write("deep", Image.frombytes("I;16", (8, 9), deep.tobytes()), colours(Image.fromarray((np.round(deep / 257 - 0.5 + 1e-9)).astype("u1"))))
    write("shares", Image.frombytes("F", (8, 9), (deep / 65536).astype("f4").tobytes()), colours(Image.fromarray((deep / 65536 * 255).astype("u1"))))
    write("LAB", Image.new("LAB", (4, 3)), None)
    write("empty", Image.new("RGB", (0, 5)), None)
    state = Image.Image.__getstate__
    for mode, size in [("L", (2**31, 2**31)), ("1", (2**31, 2**31)), ("RGB", (1, 1 << 62)), ("RGBA", (0, 2**31)), ("RGB", (-1, -1)), ("F", (2**31 - 1, 0))]:
        Image.Image.__getstate__ = lambda self: [{}, mode, size, None, b"abc"]
        write(f"hostile {mode} {size}", Image.new("L", (1, 1)), None)
    Image.Image.__getstate__ = state


main(pathlib.Path(sys.argv[1]))
