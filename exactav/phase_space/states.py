"""States of a network as exact numbers, and their order."""

from collections.abc import Iterable, Mapping
from typing import Any

import sympy

from exactav.errors import InvalidNetworkError, UnboundSymbolError
from exactav.network.entries import one_for_each
from exactav.network.network import Network
from exactav.numbers.digits import enclosure, sign_of
from exactav.numbers.domains import field_of

State = tuple[sympy.Expr, ...]
_BITS = 100  # of intervals; what they leave open takes algebra


def as_state(net: Network, state: Any) -> State:
    """``state``, a sequence of N exact numbers or a mapping from all labels, in network order.

    Raises:
        InexactError: an entry is a float.
        InvalidNetworkError: there are not N entries.
        UnknownUnitError: a label is not in the network.
        UnboundSymbolError: the network or the state has symbols.
    """
    if isinstance(state, Mapping):
        given = {net.index(label): value for label, value in state.items()}
        missing = [net.labels[unit] for unit in range(net.n_units) if unit not in given]
        if missing:
            raise InvalidNetworkError(f"the state says nothing of unit {missing[0]!r}: give all units")
        state = [given[unit] for unit in range(net.n_units)]
    entries = tuple(one_for_each(state, "state", net.labels))
    refuse_symbols(net, entries)
    return entries


def refuse_symbols(net: Network, entries: Iterable[sympy.Expr] = ()) -> None:
    """Raise UnboundSymbolError if something has no value."""
    symbols = set(net.symbols).union(*(entry.free_symbols for entry in entries))
    if symbols:
        names = ", ".join(sorted(map(str, symbols)))
        raise UnboundSymbolError(f"no value for {names}: put numbers in with net.at({{...}})")


def is_below(low: sympy.Expr, high: sympy.Expr) -> bool:
    """low < high, exactly.

    >>> is_below(sympy.sqrt(2) * sympy.sqrt(3), sympy.sqrt(6)), is_below(sympy.sqrt(2), sympy.Rational(3, 2))
    (False, True)
    """
    difference = low - high
    if difference.is_Rational:
        return bool(difference < 0)
    bottom, top = enclosure(difference, _BITS)
    if bottom > 0 or top < 0:
        return top < 0
    return bool(field_of([difference]).from_sympy(difference)) and sign_of(difference) == -1
