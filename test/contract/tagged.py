"""The lossless JSON form of a Python value, as the library's contract defines it, told by CPython itself."""

import collections
import copyreg
import datetime
import decimal
import hashlib
import math
import types
import uuid


def number(value):
    """A float as JSON can hold it."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value == 0 and math.copysign(1, value) < 0:
        return "-0"
    return value


class Tagger:
    """Tags one value; a container that is met again becomes a reference to its first visit."""

    def __init__(self):
        self.seen = {}
        self.kept = []

    def tag(self, value):
        plain = self.scalar(value)
        if plain is not None:
            return plain
        key = id(value)
        if key in self.seen and value != ():
            first = self.seen[key]
            first.setdefault("id", len([node for node in self.seen.values() if "id" in node]))
            return {"t": "ref", "id": first["id"]}
        node = {}
        self.seen[key] = node
        self.kept.append(value)
        node.update(self.container(value))
        return node

    def scalar(self, value):
        kind = type(value)
        if value is None:
            return {"t": "none"}
        if kind is bool:
            return {"t": "bool", "v": value}
        if kind is str:
            return {"t": "str", "v": value}
        if kind is int:
            return {"t": "int", "v": str(value)}
        if kind is float:
            return {"t": "float", "v": number(value)}
        if kind is complex:
            return {"t": "complex", "v": [number(value.real), number(value.imag)]}
        if kind is bytes or kind is bytearray:
            return {"t": kind.__name__, "len": len(value), "sha1": hashlib.sha1(value).hexdigest(), "head": bytes(value[:64]).hex()}
        if kind in (datetime.datetime, datetime.date, datetime.time):
            return {"t": kind.__name__, "v": value.isoformat()}
        if kind is datetime.timedelta:
            micros = (value.days * 86400 + value.seconds) * 1000000 + value.microseconds
            return {"t": "timedelta", "v": seconds(micros)}
        if kind is decimal.Decimal:
            return {"t": "decimal", "v": str(value)}
        if kind is uuid.UUID:
            return {"t": "uuid", "v": str(value)}
        if kind is range:
            return {"t": "range", "v": [value.start, value.stop, value.step]}
        if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
            return {"t": "global", "module": value.__module__, "name": value.__qualname__}
        return None

    def container(self, value):
        kind = type(value)
        if kind is list or kind is tuple:
            return {"t": kind.__name__, "v": [self.tag(member) for member in value]}
        if kind is set or kind is frozenset:
            return {"t": kind.__name__, "v": [self.tag(member) for member in value]}
        if kind is dict:
            return {"t": "dict", "v": self.pairs(value.items())}
        return self.reduced(value)

    def pairs(self, items):
        return [[self.tag(key), self.tag(member)] for key, member in items]

    def reduced(self, value):
        reduction = value.__reduce_ex__(4)
        if isinstance(reduction, str):
            return {"t": "global", "module": type(value).__module__, "name": reduction}
        function, args, state, items, entries = (tuple(reduction) + (None,) * 5)[:5]
        kwargs = None
        if function is copyreg.__newobj__:
            function, args = args[0], args[1:]
        elif function is copyreg.__newobj_ex__:
            function, args, kwargs = args
        node = {"t": "object", "module": function.__module__, "name": function.__qualname__}
        if args:
            node["args"] = [self.tag(argument) for argument in args]
        if kwargs:
            node["kwargs"] = self.pairs(kwargs.items())
        if items is not None:
            node["items"] = [self.tag(member) for member in items]
        if entries is not None:
            node["entries"] = self.pairs(entries)
        if state is not None:
            node["state"] = self.tag(state)
        return node


def seconds(micros):
    """Microseconds as exact decimal seconds, without trailing zeros."""
    sign, micros = ("-", -micros) if micros < 0 else ("", micros)
    whole, rest = divmod(micros, 1000000)
    return f"{sign}{whole}" + (f".{rest:06d}".rstrip("0") if rest else "")


def tagged(value):
    return Tagger().tag(value)
