"""How a network is shown in one line."""

from collections.abc import Hashable, Sequence
from typing import Any

import sympy

from exactav.errors import ParseError
from exactav.network.model import Model
from exactav.numbers.grammar import parse_expression
from exactav.numbers.trees import text_of
from exactav.texts import printable

_SHOWN = 6  # units of a network whose repr gives it back
_LONGEST = 2_000  # characters of such a repr


def text(model: Model, symbols: Sequence[sympy.Symbol]) -> str:
    """The ``repr``: of a small network Python that gives it back; else the number of units, and symbols."""
    if len(model.labels) <= _SHOWN and (code := _code(model)) is not None:
        return code
    n_units, names = len(model.labels), ", ".join(map(str, symbols))
    said = f"{n_units} unit{'s' * (n_units > 1)}{' in ' + names if names else ''}"
    return printable(f"<Network of {said}>")


def _code(model: Model) -> str | None:
    """A call of Network, where all numbers and labels can be written; None where they cannot."""
    units, zero = range(len(model.labels)), model.field.zero
    try:
        arguments = [
            _listed([_listed([_number(model, row.get(j, zero)) for j in units]) for row in model.rows])
        ]
        levels = [_number(model, level) for level in model.thresholds]
        if set(levels) != {"1"}:
            arguments.append(f"thresholds={levels[0] if len(set(levels)) == 1 else _listed(levels)}")
        shares = [_number(model, share) for share in model.drive]
        if len(set(shares)) > 1:
            arguments.append(f"drive={_listed(shares)}")
        if model.increment is not None:
            arguments.append(f"increment={_number(model, model.increment)}")
        if model.labels != tuple(units) or any(type(label) is not int for label in model.labels):
            arguments.append(f"labels={_listed(map(_label, model.labels))}")
    except _CannotBeWrittenError:
        return None
    code = f"Network({', '.join(arguments)})"
    return code if len(code) <= _LONGEST else None


class _CannotBeWrittenError(Exception):
    """A number or label has no text that Python or the grammar reads back."""


def _listed(parts: Any) -> str:
    return f"[{', '.join(parts)}]"


def _number(model: Model, element: Any) -> str:
    expr = model.expr(element)
    if expr.is_Integer:
        return text_of(expr)
    try:
        written = text_of(expr)
        if parse_expression(written) != expr:  # as of symbols with assumptions
            raise _CannotBeWrittenError
    except (ParseError, ValueError):
        raise _CannotBeWrittenError from None
    return repr(written)


def _label(label: Hashable) -> str:
    if type(label) is tuple:
        return f"({', '.join(map(_label, label))}{',' * (len(label) == 1)})"
    if type(label) not in (str, int, bool):
        raise _CannotBeWrittenError
    return repr(label)
