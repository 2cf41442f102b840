"""Closed forms with symbolic N: named formulas with assumptions, source, digits and checks.

One family per file; :func:`catalogue` lists all formulas and :func:`get` returns one by its ID, which reads
``family.quantity``.
"""

from exactav.formulas.catalogue import catalogue, get
from exactav.formulas.formula import Formula

__all__ = ["Formula", "catalogue", "get"]


def __dir__() -> list[str]:
    return __all__
