"""What a check finds: its claim holds, is refuted, or is undecided. Only what is refuted is false."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from exactav.errors import RefutedError, UndecidedError
from exactav.numbers.arguments import one_of, taking, text
from exactav.pickles import tagged
from exactav.showing import html


@dataclass(frozen=True)
class Verdict:
    """What a computation says of a claim.

    Attributes:
        outcome: ``holds``; ``refuted``, by what ``detail`` names; ``undecided``, for the reason it names.
        detail: the case or point, with what was found there; empty where the claim holds.
    """

    outcome: Literal["holds", "refuted", "undecided"]
    detail: str = ""

    __reduce_ex__ = tagged

    def __post_init__(self) -> None:
        one_of(self.outcome, "outcome", ("holds", "refuted", "undecided"))
        text(self.detail, "detail")

    def _repr_html_(self) -> str:
        return html.card(self.outcome, *[html.note(self.detail)] * bool(self.detail))

    @property
    def is_refuted(self) -> bool:
        """Whether the claim is false."""
        return self.outcome == "refuted"

    @taking(place=text)
    def at(self, place: str) -> "Verdict":
        """The same, said of one place of several."""
        return Verdict(self.outcome, f"{place}, {self.detail}") if self.detail else self

    @taking(claim=text)
    def require(self, claim: str) -> None:
        """Nothing, if the claim holds.

        Raises:
            RefutedError: it is false.
            UndecidedError: it is neither proved nor refuted.
        """
        if self.outcome == "refuted":
            raise RefutedError(f"{claim}: {self.detail}")
        if self.outcome == "undecided":
            raise UndecidedError(f"{claim}: undecided, {self.detail}")


HOLDS = Verdict("holds")


def refuted(detail: str) -> Verdict:
    """A claim is false, as ``detail`` shows."""
    return Verdict("refuted", detail)


def undecided(reason: str) -> Verdict:
    """Nothing is known of a claim."""
    return Verdict("undecided", reason)


def all_hold(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on all claims together: the first that is refuted, else the first that is undecided.

    >>> all_hold([HOLDS, undecided("no digits"), refuted("2 is not 3")]).detail
    '2 is not 3'
    """
    found = HOLDS
    for verdict in verdicts:
        if verdict.is_refuted:
            return verdict
        if found is HOLDS:
            found = verdict
    return found
