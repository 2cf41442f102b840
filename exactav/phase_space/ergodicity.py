"""Whether the uniform law is the only stationary one: relative unique ergodicity over the random drive.

A stationary law of the random translation is invariant under dU e_k for every driven k (derivation 12), so
what can go wrong are characters of the torus R^N / M Z^N that none of these translations moves: integer
vectors z with (dU z' M^-1)_k an integer for every driven k. They form a lattice H. The closure of an orbit is
a coset of a closed subgroup of dimension N - rank H, whose number of components is the index of H in the
lattice of all integer vectors in its span.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import sympy
from sympy.polys.fields import FracElement
from sympy.polys.polyclasses import ANP
from sympy.polys.rings import PolyElement

from exactav.arithmetic import common_denominator, field_of
from exactav.errors import TooCostlyError
from exactav.laws.assembly import assembly_law
from exactav.laws.marginals import green_matrix
from exactav.network import Network
from exactav.phase_space.lattices import index_in_span, integer_kernel
from exactav.phase_space.states import as_state, refuse_symbols
from exactav.phase_space.torus import in_integers, relax, representative

_MAX_ORBIT = 200_000  # states
_TRIED = 3  # cosets that are compared with the law
_SHORT_ORBIT = 3_000  # states of a coset that is tried


@dataclass(frozen=True)
class Ergodicity:
    """What the drive of a network can reach.

    Attributes:
        unique: whether the uniform law is the only stationary law.
        characters: a basis of the obstructing characters, integer vectors in network order; empty iff unique.
        dimension: of the closure of an orbit.
        n_components: of that closure; with dimension 0, its number of states.
        laws_exact: whether the assembly law holds on every orbit all the same; None if that was not decided.
        reason: why.
        witness: where the laws are not exact, a state whose orbit has another law.
    """

    unique: bool
    characters: tuple[tuple[int, ...], ...]
    dimension: int
    n_components: int
    laws_exact: bool | None
    reason: str
    witness: tuple[sympy.Expr, ...] | None = None


def ergodicity(net: Network) -> Ergodicity:
    """Decide whether the uniform law on the inhabited region is the only stationary law of a network.

    Rational, algebraic and symbolic networks, with any units driven; symbols are taken to be algebraically
    independent. Where other laws are stationary, the assembly law may hold on every orbit all the same:
    it does if all weights, thresholds and leaks are multiples of the increment, since every region is then
    made of the cubes that an orbit visits once each. Otherwise a few orbits of rational networks are tried.

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
    increment = net.require_increment("ergodicity")
    green = green_matrix(net)
    driven = [k for k, p in enumerate(net.drive) if p]
    characters = _characters([[green[j, k] * increment for k in driven] for j in range(net.n_units)])
    rank = len(characters)
    n_components = index_in_span(characters) if characters else 1
    if not characters:
        return Ergodicity(True, (), net.n_units, 1, True, "the uniform law is the only stationary one")
    exact, reason, witness = _laws_exact(net, net.n_units - rank, n_components)
    return Ergodicity(False, characters, net.n_units - rank, n_components, exact, reason, witness)


def _characters(entries: list[list[sympy.Expr]]) -> tuple[tuple[int, ...], ...]:
    """A basis of the integer z with sum_j z_j entries[j][k] an integer for each k."""
    n, n_driven = len(entries), len(entries[0])
    field = field_of([entry for row in entries for entry in row])
    elements = [[field.from_sympy(entry) for entry in row] for row in entries]
    rows: list[list[int]] = []
    for k in range(n_driven):
        denominator = common_denominator(field, [row[k] for row in elements])
        numerators = [dict(_coefficients(row[k] * denominator)) for row in elements]
        ones = dict(_coefficients(denominator))
        for term in {key for numerator in [*numerators, ones] for key in numerator}:
            values = [numerator.get(term, Fraction(0)) for numerator in numerators]
            scale = lcm(*(value.denominator for value in [*values, ones.get(term, Fraction(0))]))
            row = [int(value * scale) for value in values] + [0] * n_driven
            row[n + k] = -int(ones.get(term, Fraction(0)) * scale)
            rows.append(row)
    return tuple(tuple(vector[:n]) for vector in integer_kernel(rows, n + n_driven))


def _coefficients(element: Any) -> Iterator[tuple[Any, Fraction]]:
    """The rational coefficients of an element without denominator, by monomial and power of the generator."""
    if isinstance(element, FracElement):
        yield from _coefficients(element.numer)
    elif isinstance(element, PolyElement):
        for monomial, coefficient in element.terms():
            for key, value in _coefficients(coefficient):
                yield (monomial, key), value
    elif isinstance(element, ANP):
        for power, value in enumerate(reversed(element.to_list())):
            if value:
                yield power, Fraction(int(value.numerator), int(value.denominator))
    elif element:
        yield 0, Fraction(int(element.numerator), int(element.denominator))


def _laws_exact(
    net: Network, dimension: int, n_components: int
) -> tuple[bool | None, str, tuple[sympy.Expr, ...] | None]:
    increment = net.require_increment("ergodicity")
    entries = [*net.thresholds, *net.weights]
    is_sandpile = dimension == 0 and all((entry / increment).is_Integer for entry in entries)
    if is_sandpile and n_components == net.volume() / increment**net.n_units:
        return True, "regions are made of cubes that each orbit visits once each", None
    if dimension or net.symbols or not net.system.ring.is_ZZ:
        return None, "not decided: orbits are infinite", None
    if n_components > _SHORT_ORBIT:
        return None, f"not decided: an orbit has {n_components:,} states", None
    law = assembly_law(net).pmf()
    for attempt in range(_TRIED):
        point = [increment * sympy.Rational(attempt * (2 * i + 1), 11 + i) for i in range(net.n_units)]
        state = representative(net, point)[0]
        if coset_law(net, state) != law:
            return False, "the orbit of the witness has another law", state
    return None, f"not decided: {_TRIED} orbits that were tried have the law", None


def coset_law(net: Network, state: Any) -> dict[frozenset[Hashable], sympy.Rational]:
    """The exact law of the assembly, given an avalanche, along the orbit of one state of a rational network.

    The orbit is finite, and its stationary law is uniform. Where :func:`ergodicity` is not unique this may
    differ from :func:`exactav.assembly_law`.

    Args:
        state: N exact rational numbers; one that is not inhabited is taken to its representative.

    Raises:
        MissingIncrementError: the network has no increment.
        UnboundSymbolError: the network has symbols.
        TypeError: numbers are irrational, so that the orbit is infinite.
        TooCostlyError: the orbit has more than 200,000 states.

    >>> import exactav as ea
    >>> net = ea.families.homogeneous(2, "1/2", increment="1/4")
    >>> coset_law(net, [0, "1/3"]) == ea.assembly_law(net).pmf()
    True
    """
    refuse_symbols(net)
    increment = net.require_increment("the law of an orbit")
    begin = representative(net, as_state(net, state))[0]
    numbers = [increment, *net.thresholds, *net.weights, *begin]
    if not all(number.is_Rational for number in numbers):
        raise TypeError("the orbit is infinite: numbers are irrational")
    scale = lcm(*(int(number.q) for number in numbers))
    thresholds, received = in_integers(net, scale)
    step = int(increment * scale)
    first = tuple(int(x * scale) for x in begin)
    seen, waiting = {first}, [first]
    weights: Counter[frozenset[Hashable]] = Counter()
    while waiting:
        following = waiting.pop()
        for k, p in enumerate(net.drive):
            if not p:
                continue
            state = list(following)
            state[k] += step
            firings = relax(state, thresholds, received)
            if any(firings):
                weights[frozenset(net.labels[u] for u, count in enumerate(firings) if count)] += p
            after = tuple(state)
            if after not in seen:
                if len(seen) == _MAX_ORBIT:
                    raise TooCostlyError(f"the orbit has more than {_MAX_ORBIT:,} states")
                seen.add(after)
                waiting.append(after)
    total = sum(weights.values())
    return {assembly: weight / total for assembly, weight in weights.items()}
