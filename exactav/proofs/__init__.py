"""Checks that can fail, derivations made of them, and the listings that they compare with.

A check has a claim and a verdict (it holds, is refuted, or is undecided); a :class:`Step` of a
:class:`Derivation` carries one, and a false neighbour that it must refute. :func:`available` lists the
derivations of exactav, :func:`load` loads one.
"""

from exactav.proofs.checks import Check, everywhere, exactly, identity, in_all, same_digits
from exactav.proofs.derivation import Derivation, Step, available, load
from exactav.proofs.verdicts import Verdict

__all__ = [
    "Check",
    "Derivation",
    "Step",
    "Verdict",
    "available",
    "everywhere",
    "exactly",
    "identity",
    "in_all",
    "load",
    "same_digits",
]


def __dir__() -> list[str]:
    return __all__
