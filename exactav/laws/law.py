"""Laws, and how engines and formulas make them."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Any, Self, TypeVar

import sympy

from exactav.errors import OptionError
from exactav.laws.compared import Compared
from exactav.laws.converted import Converted
from exactav.laws.core import AnyLaw
from exactav.laws.drawn import Drawn
from exactav.laws.kind import Kind
from exactav.laws.measure import Exact, Measure, Rounded
from exactav.laws.starts import Origin, Starts
from exactav.network.network import Network
from exactav.numbers.domains import Element

K = TypeVar("K", bound=Hashable)


class Law(Compared[K], Converted[K], Drawn[K]):
    """Probabilities of outcomes, immutable.

    ``law[outcome]`` is a SymPy number or a rational function in lowest terms; of a law in floating point, a
    float with an ``error_bound``. An outcome that cannot happen has 0. Iteration and ``len`` run over the
    outcomes of positive probability, in a fixed order. Laws are made by functions such as
    :func:`exactav.size_law`, not by hand.

    Attributes:
        network: the network the law belongs to.
        start: label of the start the law is conditioned on, None for all starts weighted by the drive.
        input: a :class:`~exactav.Drive` if the law is that of an input; else None.
        kind: what the law is of.
        is_per_step: False for a law given an avalanche; True for one per slow step, with
            ``law.nothing`` as the outcome "no avalanche".
        condition: in words, what else the law is conditioned on; empty for nothing.
        error_bound: every probability is within this factor of the exact one, |p - P| <= error_bound * P; 0
            for exact laws.
    """

    __slots__ = ()

    def per_step(self) -> Self:
        """The unconditional law of one slow step, with ``law.nothing`` for "no avalanche".

        For a law with a start it is the law given that this start is fed; for one with an input that given
        the input, which needs no increment.

        Raises:
            MissingIncrementError: the network has no increment.
            InvalidNetworkError: the increment is above the leak of the start, which may fire more than once.
            OptionError: the law is given something else than an avalanche.

        >>> import exactav as ea
        >>> net = ea.families.homogeneous(3, "3/4", increment="1/8")
        >>> ea.size_law(net).per_step().pmf()
        {0: 3/4, 1: 3/32, 2: 1/16, 3: 3/32}
        """
        if self.is_per_step:
            return self
        question = f"{type(self).__name__}.per_step()"
        if self.condition:
            raise OptionError(f"{question} of a law given {self.condition}: ask for that of the whole law")
        starts = Starts.of(self.network, self.origin)
        above, below = starts.avalanche(self.network, question)
        kind, measure = self.kind.per_step(), self.measure
        ring = starts.system.ring
        stepped: Measure[K]
        if isinstance(measure, Rounded):
            stepped = measure.stepped(Fraction(int(above), int(below)), kind.nothing)
        elif isinstance(measure, Exact) and measure.ring == ring:
            stepped = measure.stepped(above, below, kind.nothing)
        else:
            fed = ring.to_sympy(above) / ring.to_sympy(below)
            weights = {outcome: probability * fed for outcome, probability in self.items()}
            weights[kind.nothing] = weights.get(kind.nothing, sympy.Integer(0)) + 1 - fed
            stepped = Exact.of_expressions(weights)
        return self._with(stepped, kind=kind, is_per_step=True)


class _FloatLaws(type):
    def __instancecheck__(cls, thing: object) -> bool:
        return isinstance(thing, Law) and thing.arithmetic == "float"


class FloatLaw(metaclass=_FloatLaws):
    """Laws of any kind in floating point: ``isinstance(law, FloatLaw)``."""


def from_expressions(
    law_type: type[AnyLaw],
    network: Network,
    start: Hashable | None,
    weights: Mapping[Any, sympy.Expr],
    is_per_step: bool,
    kind: Kind[Any] | None = None,
) -> AnyLaw:
    """The law whose probabilities are in proportion to exact ``weights``."""
    kind = kind or law_type.kind_of(network)
    return law_type(network, start, kind, Exact.of_expressions(weights), is_per_step=is_per_step)


def of_weights(
    law_type: type[AnyLaw], network: Network, origin: Origin, weights: Mapping[Any, Element], starts: Starts
) -> AnyLaw:
    """The law given an avalanche with these weights in the ring of the system of the starts."""
    measure = Exact(starts.system.ring, weights, starts.total)
    return law_type(network, origin, law_type.kind_of(network), measure)
