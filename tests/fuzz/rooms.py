"""Whose branches tell the fuzzer what is new to a reader. Nothing of exactav is imported here."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

_NUMBERS = ("numbers.grammar", "numbers.expressions", "numbers.extent")
_NETWORK = ("network.entries", "network.conditions", "network.network", "network.held")
_FILES = ("interchange.reading", "interchange.draft", *_NUMBERS, *_NETWORK)
ROOMS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "csv": ("interchange.tables", *_FILES),
        "edges": ("interchange.tables", *_FILES),
        "txt": ("interchange.tables", *_FILES),
        "json": ("interchange.documents", "numbers.coding", *_FILES),
        "graphml": ("interchange.graphs", *_FILES),
        "npy": ("interchange.tables", *_FILES),
        "spec": ("network", *_NUMBERS),
        "expression": ("numbers",),
        "options": ("command.labels", "command.options", "laws.starts", "network", *_NUMBERS),
        "checkpoint": ("running",),
        "law": ("laws.documents", "laws.kind", "laws.measure", "interchange", "numbers.coding", *_NUMBERS),
        "latex": ("papers",),
    }
)
"""By reader, modules and rooms of exactav."""
