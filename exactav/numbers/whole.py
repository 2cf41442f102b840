"""Whole numbers: at the door as counts, seeds and lags; and as decimal texts, of whatever length."""

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from operator import index
from typing import Any

from exactav.errors import OptionError
from exactav.texts import quoted

PLAIN_BITS = 2_000  # of integers that Python writes however its limit is set, which is at least 640 digits
_LEAF_BITS = 2_000


def whole(value: Any, name: str, at_least: int = 0, at_most: int | None = None) -> int:
    """``value`` as an int: of Python, NumPy or SymPy, but no float, truth value or text.

    Args:
        name: what the message calls it.

    Raises:
        OptionError: it is none, smaller than ``at_least``, or larger than ``at_most``.

    >>> import sympy
    >>> whole(sympy.Integer(7), "n")
    7
    """
    try:
        number = None if isinstance(value, bool) else index(value)
    except TypeError:
        number = None
    if number is None or number < at_least or (at_most is not None and number > at_most):
        limits = f"of at least {at_least}" if at_most is None else f"from {at_least} to {at_most}"
        raise OptionError(f"{name} = {quoted(value)}: wanted a whole number {limits}")
    if number.bit_length() > PLAIN_BITS:
        raise OptionError(f"{name} = {quoted(value)}: wanted a whole number below 2**{PLAIN_BITS}")
    return number


def integer_text(number: int) -> str:
    """All decimal digits of an integer, however many.

    Python writes integers of at most 4,300 digits, or what :func:`sys.set_int_max_str_digits` was told; that
    limit is the user's, and is neither met nor changed here. The time is little more than linear in the
    number of digits, and it can be interrupted.

    >>> integer_text(-12), integer_text(10**9_999) == "1" + "0" * 9_999
    ('-12', True)
    """
    number = int(number)
    if number.bit_length() <= PLAIN_BITS:
        return str(number)
    exact = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
    powers: dict[int, Decimal] = {}

    def power(bits: int) -> Decimal:
        """2**bits."""
        if bits not in powers:
            half = bits // 2
            known = Decimal(1 << bits) if bits <= _LEAF_BITS else None
            powers[bits] = exact.multiply(power(half), power(bits - half)) if known is None else known
        return powers[bits]

    def decimal(value: int, bits: int) -> Decimal:
        """A number of at most so many bits, from its halves."""
        if bits <= _LEAF_BITS:
            return Decimal(value)
        half = bits // 2
        high, low = value >> half, value & ((1 << half) - 1)
        return exact.add(exact.multiply(decimal(high, bits - half), power(half)), decimal(low, half))

    digits = f"{decimal(abs(number), number.bit_length()):f}"
    return f"-{digits}" if number < 0 else digits


def rational_text(numerator: int, denominator: int) -> str:
    """A fraction in lowest terms as SymPy writes it, however long.

    >>> rational_text(-1, 3), rational_text(4, 1)
    ('-1/3', '4')
    """
    above = integer_text(numerator)
    return above if denominator == 1 else f"{above}/{integer_text(denominator)}"
