"""Classes whose instances CatalogFlow keeps."""

import dataclasses
import enum
from typing import NamedTuple


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


class Point(NamedTuple):
    x: float
    y: float


@dataclasses.dataclass
class Model:
    name: str
    weights: list
    metrics: dict = dataclasses.field(default_factory=dict)
    parent: "Model" = None
