"""Amounts of work, time and memory, in words that a reader would use."""

from math import log10


def count_text(number: float) -> str:
    """A number of things.

    >>> count_text(4431), count_text(2**70)
    ('4,431', '10^21')
    """
    if number < 10**12:
        return f"{int(number):,}"
    if number == float("inf"):
        return "infinitely many"
    digits = len(str(int(number))) if number < 10**300 else int(log10(number)) + 1  # Python says few digits
    return f"10^{digits - 1}"


def duration_text(seconds: float) -> str:
    """A duration in the unit a reader would use.

    >>> duration_text(90), duration_text(3.2e9)
    ('2 minutes', '101 years')
    """
    for unit, length in (
        ("year", 31_557_600),
        ("day", 86_400),
        ("hour", 3_600),
        ("minute", 60),
        ("second", 1),
    ):
        if seconds >= length:
            number = seconds / length
            shown = f"{number:,.0f}" if number < 10**6 else f"{number:.0e}"
            return f"{shown} {unit}{'' if shown == '1' else 's'}"
    return f"{seconds:.2g} seconds"


def memory_text(megabytes: float) -> str:
    """Memory in the unit a reader would use.

    >>> memory_text(26.6), memory_text(25_800_000)
    ('27 MB', '26 TB')
    """
    for unit, size in (("TB", 1e6), ("GB", 1e3)):
        if megabytes >= size:
            number = megabytes / size
            return f"{number:,.0f} {unit}" if number < 10**6 else f"{number:.0e} {unit}"
    return f"{megabytes:.0f} MB"
