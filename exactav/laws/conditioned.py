"""Laws given an event, and mixtures of laws."""

from collections.abc import Callable, Collection, Hashable
from fractions import Fraction
from typing import Any, Self, TypeVar

import sympy

from exactav.errors import NotRationalError, OptionError, UnknownOutcomeError, UnknownSymbolError
from exactav.laws.core import Core
from exactav.laws.measure import Exact, Measure, Rounded
from exactav.numbers.digits import sign_of
from exactav.numbers.expressions import described, exact

K = TypeVar("K", bound=Hashable)
_NAMED = 6  # outcomes of an event that are named in what a law is given


class Conditioned(Core[K]):
    """What a law becomes by being told something."""

    __slots__ = ()

    def given(self, event: Callable[[K], bool] | Collection[Any], *, name: str | None = None) -> Self:
        """The law given that an event happens.

        Of a law per slow step, "no avalanche" (``law.nothing``) is an outcome as any other.

        Args:
            event: a function of the outcome that says whether the event happens, or a collection of outcomes.
            name: what the event is called, in words, by ``law.condition``, the repr and LaTeX; unless given,
                the function's name, or the outcomes.

        Raises:
            UnknownOutcomeError: the event has probability 0, or something in the collection is no outcome.
            OptionError: the event is neither a function nor a collection.

        >>> import exactav as ea
        >>> law = ea.size_law(ea.families.homogeneous(3, "3/4"))
        >>> law.given(lambda size: size > 1, name="size > 1")
        <SizeLaw given an avalanche, given size > 1: 2: 2/5, 3: 3/5>
        >>> law.given([1, 3]).condition
        'size in {1, 3}'
        """
        if callable(event):
            happens = event
            words = name or _name_of(event)
        elif isinstance(event, Collection) and not isinstance(event, str | bytes):
            outcomes = {self.kind.read(outcome): None for outcome in event}
            happens = outcomes.__contains__
            words = name or f"{self.kind.name} in {{{self._listed(list(outcomes))}}}"
        else:
            raise OptionError(
                f"event = {described(event)}: wanted a function of the outcome, or a collection of outcomes"
            )
        if not isinstance(words, str):
            raise OptionError(f"name = {described(words)}: wanted words, as text")
        measure = self.measure.kept(lambda outcome: bool(happens(outcome)))
        if measure is None:
            raise UnknownOutcomeError(f"{words} has probability 0: nothing can be given it")
        return self._with(measure, condition=" and ".join(filter(None, [self.condition, words])))

    def _listed(self, outcomes: list[K]) -> str:
        dots = ["..."] * (len(outcomes) > _NAMED)
        return ", ".join([*map(self.kind.text, outcomes[:_NAMED]), *dots])

    def mixed(self, other: "Core[K]", weight: Any) -> Self:
        """The mixture: with probability ``weight`` a draw from this law, else one from ``other``.

        The networks may differ, as those of sizes do for several N; ``network`` stays that of this law, and
        ``condition`` says that the law is a mixture. Its symbols are those of this law's network.

        Args:
            weight: an exact number from 0 to 1; rational for laws in floating point.

        Raises:
            OptionError: the laws are of different kinds, or the weight is no number from 0 to 1.
            InexactError: the weight is a float.
            UnknownSymbolError: the other law has symbols that the network of this one has not.
            UnknownUnitError: the other law has units that the network of this one has not.
            NotRationalError: one law is in floating point, and the other or the weight is irrational.

        >>> import exactav as ea
        >>> small, large = (ea.size_law(ea.families.homogeneous(n, "1/2")) for n in (1, 2))
        >>> small.mixed(large, "1/3").pmf()
        {1: 7/9, 2: 2/9}
        """
        check_comparable(self, other, "mixed")
        if other.kind.name != self.kind.name:
            raise different_kinds(self, other, "mixed")
        share = exact(weight, "the weight of a mixture")
        signs = (sign_of(share), sign_of(1 - share)) if not share.free_symbols else (-1, -1)
        if min(sign or 0 for sign in signs) < 0:
            raise OptionError(f"weight = {share}: wanted an exact number from 0 to 1")
        unknown = set(other.network.symbols) - set(self.network.symbols)
        if unknown:
            raise UnknownSymbolError(
                f"the other law has symbols that this network has not ({', '.join(map(str, unknown))}): "
                "put values in, or mix from the other side"
            )
        kind = self.kind.joined(other.kind)
        for outcome in other:
            kind.read(outcome)
        parts = (f"{share}{_part(self)}", f"{1 - share}{_part(other)}")
        return type(self)(
            self.network,
            self.start if self.start == other.start else None,
            kind,
            _mixture(self, other, share),
            is_per_step=self.is_per_step,
            condition=f"a mixture, {' and '.join(parts)}",
        )


def _part(law: Core[Any]) -> str:
    said = [] if law.start is None else [f"start {law.start!r}"]
    said += [law.condition] if law.condition else []
    return f" of that given {', '.join(said)}" if said else ""


def _mixture(one: Core[K], two: Core[K], share: sympy.Expr) -> Measure[K]:
    first, second = one.measure, two.measure
    outcomes = dict.fromkeys([*first.weights, *second.weights])
    if isinstance(first, Exact) and isinstance(second, Exact):
        if first.ring == second.ring and share.is_Rational:
            above, below = int(share.p), int(share.q)
            left, right = second.total * above, first.total * (below - above)
            zero = first.ring.zero
            weights = {
                outcome: first.weights.get(outcome, zero) * left + second.weights.get(outcome, zero) * right
                for outcome in outcomes
            }
            return Exact(first.ring, weights, first.total * second.total * below)
        mixed = {outcome: share * one[outcome] + (1 - share) * two[outcome] for outcome in outcomes}
        return Exact.of_expressions(mixed)
    if not share.is_Rational:
        raise NotRationalError(f"weight = {share}: laws in floating point are mixed with rational weights")
    rounded = [_rounded(law) for law in (one, two)]
    fraction = Fraction(int(share.p), int(share.q))
    sums: dict[K, float] = {}
    for measure, part in zip(rounded, (float(fraction), float(1 - fraction)), strict=True):
        for outcome, weight in measure.weights.items() if part else ():
            sums[outcome] = sums.get(outcome, 0.0) + part * weight
    # the share, its product and the sum were rounded
    return Rounded(sums, max(measure.roundings for measure in rounded) + 3)


def _rounded(law: Core[K]) -> Rounded[K]:
    """A law in floating point; a rational one rounded once."""
    if isinstance(law.measure, Rounded):
        return law.measure
    if not law.is_rational:
        raise NotRationalError(
            f"probabilities in {law.measure.ring} do not mix with floats: compute both laws exactly"
        )
    return Rounded(law.floats(), 1)


def check_comparable(one: Core[Any], other: object, verb: str) -> None:
    """Refuse what is no law of the same outcomes, or of other steps.

    Raises:
        OptionError: it is refused.
    """
    if not isinstance(other, Core):
        raise OptionError(f"a law is {verb} with a law, not with {described(other)}")
    related = isinstance(other, type(one)) or isinstance(one, type(other))
    # of types that are equal, such as images, the names tell
    if not related or (type(one) is type(other) and not one.kind.is_like(other.kind)):
        raise different_kinds(one, other, verb)
    if one.is_per_step != other.is_per_step:
        raise OptionError(
            "one law is per slow step, the other given an avalanche: take law.per_step() of both, or of none"
        )


def different_kinds(one: Core[Any], other: Core[Any], verb: str) -> OptionError:
    return OptionError(
        f"laws of different kinds are not {verb}: one of the {one.kind.name}, one of the {other.kind.name}"
    )


def _name_of(event: Any) -> str:
    name = getattr(event, "__name__", "")
    return name if name and name != "<lambda>" else "an event"
