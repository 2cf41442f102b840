"""A law as JSON, exactly."""

import json
from typing import Any

from exactav.laws.core import Core
from exactav.laws.measure import Exact
from exactav.network.written import as_data
from exactav.numbers.coding import coded, coded_label

LAW_FORMAT = 1  # of the layout
_TERM = 1.6e-3  # seconds for one of a polynomial


def to_json(law: Core[Any]) -> str:
    """A law as a JSON text: its network, its kind, and each outcome with its number.

    Numbers are whole weights and their total where the law is rational, expressions otherwise, hexadecimal
    floats in floating point.
    """
    measure = law.measure
    document: dict[str, Any] = {
        "law": type(law).__name__,
        "format": LAW_FORMAT,
        "network": as_data(law.network),
        "start": coded_label(law.start),
        "kind": law.kind.as_data(),
        "per_step": law.is_per_step,
        "condition": law.condition,
        "arithmetic": law.arithmetic,
    }
    if law.input is not None:
        document["input"] = [
            [coded(p), [[coded_label(label), coded(amount)] for label, amount in amounts.items()]]
            for p, amounts in law.input.vectors
        ]
    if not isinstance(measure, Exact):
        document["roundings"] = measure.roundings
        numbers = {outcome: float(weight).hex() for outcome, weight in measure.weights.items()}
    elif measure.ring.is_ZZ:
        document["total"] = coded(measure.ring.to_sympy(measure.total))
        numbers = {o: coded(measure.ring.to_sympy(weight)) for o, weight in measure.weights.items()}
    else:
        measure.check_writing("JSON", measure.weights, _TERM)
        numbers = {outcome: coded(law[outcome]) for outcome in law}
    order = {label: place for place, label in enumerate(law.network.labels)}

    def place(label: Any) -> Any:
        return (0, order[label], "") if label in order else (1, 0, repr(label))

    document["outcomes"] = [
        [coded_label(law.kind.written(outcome), place), number] for outcome, number in numbers.items()
    ]
    return json.dumps(document)
