"""Proofs for networks of few units: both sides on networks with a symbol for every number."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from exactav.conjectures.cases import Structured
from exactav.conjectures.clock import Clock, OutOfTimeError, Pace
from exactav.conjectures.sides import Side, tried


@dataclass(frozen=True)
class Proof:
    """How far it goes.

    Attributes:
        sizes: the numbers of units for which the conjecture is proved.
        generic: (structure, number of units, networks with symbols) that it took.
        ended: why it does not go further; empty if it went as far as was asked.
        doubt: where both sides seem to differ, if that is why.
    """

    sizes: tuple[int, ...]
    generic: tuple[tuple[str, int, int], ...]
    ended: str
    doubt: tuple[Structured, int] | None = None


def proof(left: Side, right: Side, grounds: Sequence[Structured], max_units: int, clock: Clock) -> Proof:
    """The proof for 1, 2, ... units, in all structures, up to the first size at which there is none.

    Sizes at which a side fails before one is proved are left out, such as that of a single unit.
    """
    sizes: list[int] = []
    generic: list[tuple[str, int, int]] = []
    pace = Pace()
    ended = ""
    for n_units in range(1, max_units + 1):
        if refusal := pace.refusal(n_units, clock):
            ended = refusal
            break
        begun = monotonic()
        try:
            with clock.running():
                found, ended, doubt = _proved(left, right, grounds, n_units)
        except OutOfTimeError:
            ended = f"one network of {n_units} units took longer than the time that was left"
            break
        if found:
            pace.note(n_units, monotonic() - begun)
        if doubt is not None:
            return Proof(tuple(sizes), tuple(generic), ended, (doubt, n_units))
        if ended and sizes:
            break
        if not ended and found:
            sizes.append(n_units)
            generic += found
    return Proof(tuple(sizes), tuple(generic), ended)


def _proved(
    left: Side, right: Side, grounds: Sequence[Structured], n_units: int
) -> tuple[list[tuple[str, int, int]], str, Structured | None]:
    """(what it took, why it is not proved, the structure in which both sides seem to differ)."""
    found = []
    for ground in grounds:
        cases = ground.generic(n_units)
        for case in cases:
            trial = tried(left, right, case)
            where = f"with symbols for the numbers of {n_units} units"
            if trial.failure is not None:
                return [], f"{where}, {trial.failure.where} fails: {trial.failure.error}", None
            if trial.outcome != "holds":
                said = f"{where}, {trial.outcome}: {trial.detail}"
                return [], said, ground if trial.outcome == "refuted" else None
        if cases:
            found.append((ground.name, n_units, len(cases)))
    return found, "", None
