"""Writes values that are looked at in many ways: `values.py FOLDER`. Without numpy: an array is written as its format says."""
import array
import json
import math
import pathlib
import pickle
import struct
import sys
import zlib

MARKDOWN = "# Report\n\nSome **bold** text, <img src=x onerror=alert(1)> and a table.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
# What a hostile page would do: run, load, leave.
HTML = """<!DOCTYPE html><html><body><h1>Card</h1>
<script>document.body.innerHTML = "HACKED"; parent.postMessage("hacked", "*")</script>
<img src="x" onerror="document.body.innerHTML='HACKED'">
<form action="https://example.invalid"><button>Go</button></form>
<a href="https://example.invalid" target="_top">leave</a></body></html>"""
LINE = "dull log line \u202e reversed \x1b[31m red\n"


def npy(shape, descr, data):
    header = str({"descr": descr, "fortran_order": False, "shape": shape}).encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(v for x in range(width) for v in (x * 2, y * 3, 128, 255 - x)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def main(folder):
    wave = array.array("d", (math.sin(x / 9 + z) * math.cos(y / 7) for z in range(3) for y in range(80) for x in range(120)))
    wave[5] = math.nan
    photo = bytes((x * 2, y * 3, 99)[c] for y in range(60) for x in range(90) for c in range(3))
    values = {
        "losses": [1 / (step + 1) for step in range(300)],
        "records": [{"step": step, "loss": 1 / (step + 1), "name": "x"} for step in range(300)],
        "config": json.dumps({"id": 12345678901234567890, "layers": [{"n": n} for n in range(40)]}),
        "report": MARKDOWN,
        "card": HTML,
        "log": LINE * 250_000,
        "picture": png(100, 70),
        "broken": png(100, 70)[:40] + b"broken",
        "blob": bytes(range(256)) * 400 + b"needle",
    }
    for name, value in values.items():
        (folder / f"{name}.pkl").write_bytes(pickle.dumps(value, 4))
    (folder / "wave.npy").write_bytes(npy((3, 80, 120), "<f8", wave.tobytes()))
    (folder / "photo.npy").write_bytes(npy((60, 90, 3), "|u1", photo))


main(pathlib.Path(sys.argv[1]))
