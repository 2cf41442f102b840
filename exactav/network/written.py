"""A network as JSON, exactly."""

import json
from typing import Any

import sympy

from exactav.network.held import Held
from exactav.numbers.coding import coded, coded_label
from exactav.numbers.trees import size_of
from exactav.running.limits import check

_PART = 7e-5  # seconds of a part of an expression
_PART_MEGABYTES = 1e-3
FORMAT = 2  # of the layout; 1 had no objects for numbers and labels


def as_data(net: Held) -> dict[str, Any]:
    """A network as JSON data, which :func:`exactav.from_json` turns back into an equal one.

    Raises:
        InvalidNetworkError: a label or a number has no form in JSON.
        TooCostlyError: its symbolic numbers are too long.
    """
    known: dict[Any, Any] = {}
    values = {*net.entries.values(), *net.thresholds, *net.drive}
    n_parts = sum(size_of(value)[0] for value in values if not value.is_Rational)
    check(
        f"writing expressions of {n_parts:,} parts",
        _PART * n_parts,
        _PART_MEGABYTES * n_parts,
        "put numbers in for symbols",
    )

    def number(expr: Any) -> Any:
        if expr not in known:
            known[expr] = coded(expr)
        return known[expr]

    labels = [coded_label(label) for label in net.labels]
    document: dict[str, Any] = {"format": FORMAT, "labels": labels}
    if 2 * len(net.entries) < net.n_units**2:
        document["edges"] = [[labels[j], labels[i], number(value)] for (i, j), value in net.entries.items()]
    else:
        units, zero = range(net.n_units), sympy.Integer(0)
        document["weights"] = [[number(net.entries.get((i, j), zero)) for j in units] for i in units]
    document["thresholds"] = [number(value) for value in net.thresholds]
    document["drive"] = [number(value) for value in net.drive]
    if net.increment is not None:
        document["increment"] = number(net.increment)
    return document


def to_json(net: Held) -> str:
    """The text of :func:`as_data`."""
    return json.dumps(as_data(net))
