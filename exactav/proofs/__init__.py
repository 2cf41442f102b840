"""Checks that can fail, derivations made of them, and the listings that they compare with.

A check has a claim and a verdict (it holds, is refuted, or is undecided), and says how far it reaches: what
it claims is proved, proved for stated sizes, or tested. A :class:`Step` of a :class:`Derivation` carries one,
and a false neighbour that it must refute. :func:`available` lists the
derivations of exactav, :func:`load` loads one.
"""

from exactav.proofs.bijections import bijection
from exactav.proofs.certificates import Certificate, certificate
from exactav.proofs.checks import Check, chain, everywhere, exactly, identity, in_all, same_digits, several
from exactav.proofs.derivation import Derivation, Step, available, load
from exactav.proofs.draft import Draft
from exactav.proofs.eigenvalues import eigenvalues
from exactav.proofs.induction import by_degree, degree_of, induction
from exactav.proofs.inequalities import inequality
from exactav.proofs.limits import asymptotics, limit
from exactav.proofs.sized import Blocks, Circulant
from exactav.proofs.telescoping import telescoping
from exactav.proofs.verdicts import Verdict

__all__ = [
    "Blocks",
    "Certificate",
    "Check",
    "Circulant",
    "Derivation",
    "Draft",
    "Step",
    "Verdict",
    "asymptotics",
    "available",
    "bijection",
    "by_degree",
    "certificate",
    "chain",
    "degree_of",
    "eigenvalues",
    "everywhere",
    "exactly",
    "identity",
    "in_all",
    "induction",
    "inequality",
    "limit",
    "load",
    "same_digits",
    "several",
    "telescoping",
]


def __dir__() -> list[str]:
    return __all__
