"""Whether the uniform law is the only stationary one: relative unique ergodicity over the random drive.

A stationary law of the random translation is invariant under dU e_k for every driven k (derivation 12), so
what can go wrong are characters of the torus R^N / M Z^N that none of these translations moves: integer
vectors z with (dU z' M^-1)_k an integer for every driven k. They form a lattice H. The closure of an orbit is
a coset of a closed subgroup of dimension N - rank H, whose number of components is the index of H in the
lattice of all integer vectors in its span.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy

from exactav.errors import CheckFailedError, TooCostlyError
from exactav.laws.assembly import AssemblyLaw
from exactav.laws.law import from_expressions
from exactav.network.asked import of_network
from exactav.network.network import Network
from exactav.numbers.frozen import Frozen
from exactav.phase_space.chain import cell_side, common_divisor
from exactav.phase_space.characters import Character
from exactav.phase_space.exactness import KINDS, Kind, Spectrum, Verdict, Witness, verdicts
from exactav.phase_space.lattices import index_in_span
from exactav.phase_space.limits import MAX_ORBIT
from exactav.phase_space.states import as_state, require_driven, require_rational
from exactav.phase_space.torus import in_integers, relax, representative
from exactav.pickles import tagged
from exactav.showing import html


@dataclass(frozen=True)
class Ergodicity:
    """What the drive of a network can reach.

    Attributes:
        unique: whether the uniform law is the only stationary law.
        characters: a basis of the obstructing characters, integer vectors in network order; empty iff unique.
        dimension: of the closure of an orbit.
        n_components: of that closure; with dimension 0, its number of states.
        verdicts: "pattern", "assembly", "size" -> whether these laws of every driven start hold on every
            orbit all the same (None if that was not decided), why, and where they do not a witness; a mapping
            that nothing changes.
    """

    unique: bool
    characters: tuple[Character, ...]
    dimension: int
    n_components: int
    verdicts: Mapping[Kind, Verdict]

    __reduce_ex__ = tagged

    def __post_init__(self) -> None:
        object.__setattr__(self, "verdicts", Frozen(self.verdicts))

    def _repr_html_(self) -> str:
        says = {True: "hold on every orbit", False: "differ between orbits", None: "not decided"}
        rows = [
            [html.text(kind), html.text(says[verdict.exact]), html.text(verdict.reason, 200)]
            for kind, verdict in self.verdicts.items()
        ]
        unique = "the only stationary law" if self.unique else "one of several stationary laws"
        said = [
            ("uniform law", html.text(unique)),
            ("obstructing characters", html.text(len(self.characters))),
            ("closure of an orbit", html.text(f"dimension {self.dimension}, {self.n_components:,} parts")),
        ]
        return html.card("Ergodicity", html.facts(said), html.table(["laws of", "", "since"], rows))

    @property
    def laws_exact(self) -> bool | None:
        """Whether all laws hold on every orbit; None if that was not decided. Patterns decide, since they
        determine assemblies and sizes, which may hold where patterns do not."""
        return self.verdicts["pattern"].exact

    @property
    def reason(self) -> str:
        """Why."""
        return self.verdicts["pattern"].reason

    @property
    def witness(self) -> Witness | None:
        """Where the laws do not hold, what differs on which orbit."""
        return self.verdicts["pattern"].witness


@of_network
def ergodicity(net: Network) -> Ergodicity:
    """Decide whether the uniform law on the inhabited region is the only stationary law of a network.

    Rational, algebraic and symbolic networks, with any units driven; symbols are taken to be algebraically
    independent. Where other laws are stationary, the avalanche laws may hold on every orbit all the same:
    :mod:`exactav.phase_space.exactness` says how that is decided. Mean sizes, participation and the
    probability of an avalanche hold on every orbit of every network.

    Raises:
        MissingIncrementError: the network has no increment.

    Derivation 12.

    >>> import exactav as ea
    >>> irrational = ea.Network([[0, 1 / sympy.sqrt(3)], [sympy.sqrt(2) / 5, 0]], increment="1/8")
    >>> ergodicity(irrational).unique
    True
    >>> found = ergodicity(ea.families.homogeneous(2, "1/2", increment="1/4"))
    >>> found.unique, found.dimension, found.n_components, found.laws_exact
    (False, 0, 8, True)
    """
    net.require_increment("ergodicity")
    characters = Spectrum(net).left([])
    if not characters:
        always = Verdict(True, "the uniform law is the only stationary one")
        return Ergodicity(True, (), net.n_units, 1, dict.fromkeys(KINDS, always))
    n_components = index_in_span(characters)
    found = verdicts(net, n_components)
    return Ergodicity(False, characters, net.n_units - len(characters), n_components, found)


@of_network
def coset_law(net: Network, state: Any, start: Hashable | None = None) -> AssemblyLaw:
    """The exact law of the assembly, given an avalanche, along the orbit of one state of a rational network.

    The orbit is finite, and its stationary law is uniform. Where :func:`ergodicity` is not unique this may
    differ from :func:`exactav.assembly_law`. How often a unit sets off an avalanche is the same on all
    orbits, so that ``per_step()`` is the law of a slow step on this one.

    Args:
        state: N exact rational numbers; one that is not inhabited is taken to its representative.
        start: label of the driven unit that fires first; None weights all starts by the drive.

    Raises:
        MissingIncrementError: the network has no increment.
        UnboundSymbolError: the network has symbols.
        NotRationalError: numbers are irrational, so that the orbit is infinite.
        TooCostlyError: the orbit has more than 200,000 states.
        OptionError: the start is not driven.

    >>> import exactav as ea
    >>> net = ea.families.homogeneous(2, "1/2", increment="1/4")
    >>> coset_law(net, [0, "1/3"]) == ea.assembly_law(net)
    True
    """
    net.require_increment("the law of an orbit")
    only = None if start is None else require_driven(net, start)
    weights: Counter[frozenset[Hashable]] = Counter()
    for k, firings in _slow_steps(net, state):
        if any(firings) and only in (None, k):
            assembly = frozenset(net.labels[u] for u, count in enumerate(firings) if count)
            weights[assembly] += 1 if only is not None else net.drive[k]
    exact = {assembly: sympy.expand(weight) for assembly, weight in weights.items()}
    return from_expressions(AssemblyLaw, net, start, exact, False)


def _slow_steps(net: Network, state: Any) -> Iterator[tuple[int, list[int]]]:
    """(start, firings) of all slow steps from all states of an orbit."""
    side = cell_side(net)
    given = as_state(net, state)
    require_rational(given, "its orbit is infinite")
    n_states = index_in_span(Spectrum(net).left([]))
    if n_states > MAX_ORBIT:
        raise TooCostlyError(
            f"the orbit has {n_states:,} states, more than {MAX_ORBIT:,}: ask ergodicity whether the law "
            "holds on it"
        )
    begin = representative(net, given)[0]
    side = common_divisor([side, *begin])
    thresholds, received = in_integers(net, side)
    step = int(net.require_increment("an orbit") / side)
    first = tuple(int(x / side) for x in begin)
    seen, waiting = {first}, [first]
    driven = [k for k, p in enumerate(net.drive) if p]
    while waiting:
        following = waiting.pop()
        for k in driven:
            state = list(following)
            state[k] += step
            yield k, relax(state, thresholds, received)
            after = tuple(state)
            if after not in seen:
                seen.add(after)
                waiting.append(after)
    if len(seen) != n_states:
        raise CheckFailedError(f"an orbit of {len(seen):,} states, where characters leave {n_states:,}")
