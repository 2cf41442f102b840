"""How long exact numbers get in moments of huge orders, which are refused before they are made."""

from collections.abc import Iterable
from math import log2

from exactav.errors import TooCostlyError
from exactav.running.amounts import count_text

_MOST_BITS = 10**6  # of a power of an outcome
_MOST_BITS_IN_ALL = 10**8  # of those of all outcomes: some seconds


def bits(base: int, exponent: int) -> float:
    """About the length of a power; infinite where even that is out of the range of floats."""
    try:
        return exponent * log2(base) if base > 1 else 0.0
    except OverflowError:
        return float("inf")


def check_length(what: str, order: int, lengths: Iterable[float]) -> None:
    """Raise TooCostlyError unless numbers of so many bits, one of each outcome, can be made.

    Args:
        what: is asked, of which order; messages say so.
    """
    found = [0.0, *lengths]
    if max(found) > _MOST_BITS or sum(found) > _MOST_BITS_IN_ALL:
        raise TooCostlyError(
            f"the {what} of order {count_text(order)} takes numbers of {count_text(sum(found))} bits, and "
            f"{count_text(_MOST_BITS)} bits for an outcome and {count_text(_MOST_BITS_IN_ALL)} in all are "
            "allowed: ask for a smaller order"
        )
