"""One artifact of every kind that Python's own types and libraries make."""

import array
import collections
import datetime
import decimal
import fractions
import ipaddress
import pathlib
import uuid

from metaflow import FlowSpec, step

from shapes import Colour, Model, Point


class CatalogFlow(FlowSpec):
    """Keep values of many types, to look at them."""

    unit = "metres"
    limits = (0, 100)

    @step
    def start(self):
        self.nothing = None
        self.yes, self.no = True, False
        self.small, self.negative, self.big = 7, -129, 2**64 + 1
        self.huge = 3**500
        self.ratio, self.tiny, self.infinite, self.not_a_number, self.minus_zero = 0.1, 5e-324, float("inf"), float("nan"), -0.0
        self.imaginary = complex(1.5, -0.0)
        self.text = "Grüße, 世界 \U0001f680\nsecond line\ttab"
        self.empty_text = ""
        self.long_text = "All work and no play makes a dull log line.\n" * 400
        self.raw = bytes(range(256))
        self.mutable = bytearray(b"\x00\x01changing")
        self.next(self.containers)

    @step
    def containers(self):
        self.numbers = list(range(1200))
        self.nested = [[1, [2, [3, [4]]]], (5,), {"six": {7, 8}}]
        self.pair = (1, "two")
        self.unique = {3, 1, 2}
        self.fixed = frozenset({"a", "b"})
        self.table = {"id": 1, "name": "Ada", 3: "three", (1, 2): "tuple key", None: "none key"}
        self.rows = [{"id": n, "name": f"customer {n}", "spent": n * 1.5, "active": n % 3 == 0} for n in range(60)]
        self.ordered = collections.OrderedDict([("z", 1), ("a", 2)])
        self.grouped = collections.defaultdict(list, {"odd": [1, 3], "even": [2]})
        self.counted = collections.Counter("mississippi")
        self.recent = collections.deque([1, 2, 3], maxlen=3)
        self.numbers_array = array.array("d", [0.5, 1.5])
        self.span = range(0, 100, 5)
        self.cut = slice(1, None, 2)
        shared = ["shared"]
        self.twice = [shared, shared]
        loop = {"name": "loop"}
        loop["self"] = loop
        self.loop = loop
        self.next(self.objects)

    @step
    def objects(self):
        self.moment = datetime.datetime(2026, 11, 23, 8, 30, 15, 123456)
        self.aware = datetime.datetime(2026, 11, 23, 8, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=30)))
        self.utc = datetime.datetime(2026, 11, 23, 8, 30, tzinfo=datetime.timezone.utc)
        self.day, self.clock = datetime.date(2026, 11, 23), datetime.time(8, 30, 15)
        self.duration = datetime.timedelta(days=-1, seconds=5, microseconds=7)
        self.price = decimal.Decimal("12.340")
        self.share = fractions.Fraction(1, 3)
        self.key = uuid.UUID("12345678-1234-5678-1234-567812345678")
        self.path = pathlib.PurePosixPath("/data/models/churn.bin")
        self.address = ipaddress.ip_address("192.0.2.1")
        self.colour = Colour.GREEN
        self.point = Point(1.5, -2.0)
        self.model = Model("child", [0.1, 0.2], {"auc": 0.91}, Model("parent", [0.5]))
        self.problem = ValueError("a value", 42)
        self.function = len
        self.kind = dict
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    CatalogFlow()
