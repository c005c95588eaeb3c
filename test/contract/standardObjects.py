"""Pickles of objects of Python's standard library, and how Python prints them. One JSON object a line: name, data, type, preview, length, children."""
import array
import base64
import collections
import datetime
import decimal
import functools
import io
import ipaddress
import json
import operator
import os
import pickle
import random
import re
import time
import urllib.parse
import zoneinfo

random.seed(5)
CODES = "bBhHiIlLqQfd"


def repred(text):
    """A class in Python's text, and the names of modules before the classes that are made."""
    return re.sub(r"<class '([\w.]+)'>", r"<\1>", re.sub(r"\b(?:functools|operator|time|os)\.(?=\w+\()", "", text))


def numbers(code):
    if code in "fd":
        return [0.1, -0.0, float("nan"), float("inf"), 1e300 if code == "d" else 3.4e38]
    size = 8 * array.array(code).itemsize
    return [0, 1, 2**size - 1] if code.isupper() else [-(2 ** (size - 1)), -1, 2 ** (size - 1) - 1]


def arrays():
    for code in CODES:
        value = array.array(code, numbers(code))
        yield value, [repr(one) for one in value]
        yield array.array(code), []
    yield array.array("u", "aé😀\0"), [repr(one) for one in "aé😀\0"]


def attributes(value, names):
    return [["." + name, repr(getattr(value, name))] for name in names.split()]


def addresses():
    picked = [0, 1, 2**32 - 1, 0x7F000001, 0xC0A80001]
    yield from (ipaddress.IPv4Address(number) for number in picked + [random.getrandbits(32) for _ in range(20)])
    for number in [0, 1, 2**128 - 1, 1 << 64, 1 << 112, 0x20010DB8 << 96, (0x20010DB8 << 96) + 1, (1 << 127) + (1 << 16)]:
        yield ipaddress.IPv6Address(number)
    for _ in range(300):
        # Many of the groups are zero, so that runs of them compete.
        groups = [random.choice([0, 0, 0, 1, 0xFFFF, 0x10]) for _ in range(8)]
        yield ipaddress.IPv6Address(int("".join(f"{group:04x}" for group in groups), 16))


def cases():
    """(value, its text or None for its repr, its children or None where nothing is told)"""
    for value, children in arrays():
        yield value, None, [[None, child] for child in children]
    for value in addresses():
        yield value, None, None
    yield collections.Counter("aab"), None, [["'a'", "2"], ["'b'", "1"]]
    yield collections.Counter("abbbccd"), None, [["'a'", "1"], ["'b'", "3"], ["'c'", "2"], ["'d'", "1"]]
    yield collections.Counter(a=-1, b=2**70, c=0), None, None
    yield collections.Counter(), None, []
    yield collections.deque([1, "two"], maxlen=5), None, [[None, "1"], [None, "'two'"]]
    yield collections.deque(maxlen=0), None, []
    yield collections.deque([1]), None, [[None, "1"]]
    yield collections.defaultdict(None, {"a": 1}), None, None
    yield collections.defaultdict(list, {"a": 1}), None, None
    partial = functools.partial(int, "1", base=2)
    yield partial, None, [[key, repred(text)] for key, text in attributes(partial, "func args keywords")]
    yield functools.partial(print), "partial(<print>)", None
    partial = functools.partial(int, "1")
    partial.note = "kept"
    yield partial, None, [[key, repred(text)] for key, text in attributes(partial, "func args keywords __dict__")]
    yield operator.methodcaller("f", 1, k=2), None, None
    yield operator.methodcaller("f"), None, None
    yield operator.itemgetter(1, "b"), None, None
    for flags in [0, re.I, re.I | re.M | re.S | re.X, re.A, re.A | re.I]:
        value = re.compile("a+'b", flags)
        yield value, None, [[".pattern", repr(value.pattern)], [".flags", str(value.flags)]]
    yield re.compile(b"x", re.L), None, None
    for hours, text in [(0, "timezone(UTC)"), (-5, "timezone(UTC-05:00)"), (5.75, "timezone(UTC+05:45)")]:
        yield datetime.timezone(datetime.timedelta(hours=hours)), text, [["offset", str(datetime.timedelta(hours=hours))]]
    yield datetime.timezone(datetime.timedelta(hours=2), "here"), "timezone(UTC+02:00, 'here')", None
    yield zoneinfo.ZoneInfo("Europe/Paris"), "ZoneInfo('Europe/Paris')", [[".key", "'Europe/Paris'"]]
    moment = time.gmtime(1e9)
    fields = "tm_year tm_mon tm_mday tm_hour tm_min tm_sec tm_wday tm_yday tm_isdst tm_zone tm_gmtoff"
    yield moment, None, attributes(moment, fields)
    yield os.terminal_size((80, 24)), None, [[".columns", "80"], [".lines", "24"]]
    yield io.BytesIO(b"abc"), "BytesIO(b'abc')", [["value", "b'abc'"], ["position", "0"]]
    yield io.StringIO("text"), "StringIO('text')", [["value", "'text'"], ["newline", r"'\n'"], ["position", "0"]]
    for value in [urllib.parse.urlparse("http://a/b;p?c#d"), urllib.parse.urlsplit(b"http://a/b"), urllib.parse.urldefrag("a#b")]:
        yield value, None, attributes(value, " ".join(value._fields))
    value = decimal.Decimal("-1.5").as_tuple()
    yield value, None, attributes(value, "sign digits exponent")
    yield ..., None, []
    yield NotImplemented, None, []


def main():
    for value, text, children in cases():
        kind = type(value)
        named = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            try:
                data = pickle.dumps(value, protocol)
            except Exception:  # Some protocols have no form of some values.
                continue
            loaded = pickle.loads(data)
            known = hasattr(loaded, "__len__") and named != "urllib.parse.DefragResult"
            said = {"name": f"{named}, protocol {protocol}", "data": base64.b64encode(data).decode(), "type": named}
            said["preview"] = text or repred(repr(loaded))
            if named.startswith(("array.", "collections.", "time.", "os.")) and known:
                said["length"] = len(loaded)
            print(json.dumps({**said, "children": children}))


main()
