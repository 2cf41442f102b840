"""Weighted automata over a ring: sums over all paths of n steps, and what their series in n is.

W_n, the sum over paths of n steps from state 0 of the product of what the steps and the end weigh, is
l T^n r, so the sum of W_n x^n is l (I - x T)^-1 r: a rational function of x. Its denominator comes from the
classes of states that lead to each other: a path goes through a chain of them (derivation 19).
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy.polys.matrices import DomainMatrix

from exactav.errors import CheckFailedError, TooCostlyError
from exactav.kernels.rational import Series, expanded, stripped
from exactav.kernels.substitution import Substitution
from exactav.numbers.domains import Domain, Element

_MOST_BITS = 10**14  # of all numbers in a sum over paths: some minutes
_MOST_TOGETHER = 60  # states that lead to each other, whose characteristic polynomial is found
_MOST_MARKED = 30  # the same, for polynomials


@dataclass(frozen=True)
class Automaton:
    """States 0 .. n - 1, of which 0 is the first; ``rows[i][j]`` weighs a step, ``ends[i]`` the end."""

    ring: Domain
    rows: tuple[Mapping[int, Element], ...]
    ends: tuple[Element, ...]

    @property
    def n_states(self) -> int:
        return len(self.rows)

    @property
    def n_steps(self) -> int:
        """Pairs of states with a step from one to the other."""
        return sum(map(len, self.rows))


# Sums over paths


def _same(element: Any) -> Any:
    return element


def total(automaton: Automaton, n: int) -> Element:
    """W_n.

    Raises:
        TooCostlyError: its coefficients are too long.

    >>> from sympy import ZZ
    >>> fibonacci = Automaton(ZZ, ({0: 1, 1: 1}, {0: 1}), (1, 0))
    >>> [int(total(fibonacci, n)) for n in range(7)]
    [1, 1, 2, 3, 5, 8, 13]
    """
    ring = automaton.ring
    if not (ring.is_PolynomialRing and ring.domain.is_ZZ):
        plain: Element = _totals(automaton, n, _same)[n]
        return plain
    numbers = _numbers(automaton, n, [])
    found: Element = numbers.polynomial(_totals(automaton, n, numbers.value)[n])
    return found


def _totals(automaton: Automaton, n: int, image: Callable[[Element], Any]) -> list[Any]:
    rows = [[(j, image(weight)) for j, weight in row.items()] for row in automaton.rows]
    ends = [image(end) if end else None for end in automaton.ends]
    now: dict[int, Any] = {0: image(automaton.ring.one)}
    found = []
    for step in range(n + 1):
        total = image(automaton.ring.zero)
        for i, value in now.items():
            if ends[i] is not None:
                total = total + value * ends[i]
        found.append(total)
        later: dict[int, Any] = {}
        for i, value in now.items() if step < n else ():
            for j, weight in rows[i]:
                later[j] = later[j] + value * weight if j in later else value * weight
        now = later
    return found


def _numbers(automaton: Automaton, n: int, factors: Sequence[tuple[Sequence[Element], int]]) -> Substitution:
    """Integers for W_0 .. W_n times all factors."""

    too_long = (
        f"for each of {automaton.n_states} states, {n} times: ask for one size (probability, of_size), "
    )
    too_long += "fewer cells, or numbers instead of symbols"
    if 4 * automaton.n_steps * n**3 > _MOST_BITS:
        raise TooCostlyError(f"at least {n} coefficients of {n} bits {too_long}")

    def size(element: Any) -> int:
        return sum(abs(int(c)) for c in element.coeffs()) if element else 0

    ring = automaton.ring
    bounds = [max(1, value) for value in _totals(automaton, n, size)]
    below = sum(expanded(factors, 1, size))
    entries: list[Any] = [weight for row in automaton.rows for weight in row.values()]
    degrees = []
    for v in range(ring.ngens):
        step, end = (_degree(group, v) for group in (entries, automaton.ends))
        more = sum(power * _degree(factor, v) for factor, power in factors)
        degrees.append(n * step + end + more)
    bits = (sum(bounds) * below).bit_length() + 2
    numbers = Substitution(ring, 8 * (bits // 8 + 1), tuple(degrees))
    if numbers.bits * numbers.n_digits * automaton.n_steps * n > _MOST_BITS:
        raise TooCostlyError(f"{numbers.n_digits} coefficients of {bits} bits {too_long}")
    return numbers


def _degree(elements: Sequence[Any], v: int) -> int:
    return max((element.degree(v) for element in elements if element), default=0)


# The series


def series(automaton: Automaton) -> Series:
    """The sum of W_n x^n as a rational function, in lowest terms up to factors of several classes.

    W_n is found for as many n as the numerator can have terms: chains of classes bound its degree.

    Raises:
        TooCostlyError: too many states lead to each other.

    >>> from sympy import ZZ
    >>> fibonacci = series(Automaton(ZZ, ({0: 1, 1: 1}, {0: 1}), (1, 0)))
    >>> fibonacci.numerator, fibonacci.factors, int(fibonacci.coefficient(100))
    ((1,), (((1, -1, -1), 1),), 573147844013817084101)
    """
    ring = automaton.ring
    known, excess = _factors(automaton)
    factors = [(factor, power) for factor, power in known.items() if power]
    size = sum((len(factor) - 1) * power for factor, power in factors) + excess
    image: Callable[[Any], Any] = _same
    back = image
    if ring.is_PolynomialRing and ring.domain.is_ZZ:
        numbers = _numbers(automaton, size, factors)
        image, back = numbers.value, numbers.polynomial
    values = _totals(automaton, size, image)
    one = image(ring.one)
    zero = one - one

    def numerator(below: Sequence[Any], k: int) -> Any:
        terms = (below[j] * values[k - j] for j in range(min(k + 1, len(below))) if below[j])
        return sum(terms, zero)

    below = expanded(factors, one, image)
    if numerator(below, size):
        raise CheckFailedError("the sums over paths of an automaton break the recurrence of its classes")
    for place, (factor, _) in enumerate(list(factors)):
        # P/f is a polynomial if its last coefficients below the bound, as many as the degree of f, vanish
        while factors[place][1]:
            fewer = [*factors[:place], (factor, factors[place][1] - 1), *factors[place + 1 :]]
            less = expanded(fewer, one, image)
            if any(numerator(less, k) for k in range(size - len(factor) + 1, size)):
                break
            factors, below, size = fewer, less, size - len(factor) + 1
    above = stripped([back(numerator(below, k)) for k in range(size)])
    return Series(ring, above, tuple((factor, power) for factor, power in factors if power))


def _factors(automaton: Automaton) -> tuple[dict[tuple[Element, ...], int], int]:
    """(factors of the denominator with their largest powers over chains of classes; by how much the degree
    of the numerator may exceed that of the denominator, plus 1)."""
    import networkx as nx

    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(automaton.n_states))
    graph.add_edges_from((i, j) for i, row in enumerate(automaton.rows) for j in row)
    classes: nx.DiGraph[int] = nx.condensation(graph)
    known: dict[Hashable, dict[tuple[Element, ...], int]] = {}
    powers: dict[int, dict[tuple[Element, ...], int]] = {}
    excess: dict[int, int] = {}
    for node in nx.topological_sort(classes):
        members = sorted(classes.nodes[node]["members"])
        place = {i: k for k, i in enumerate(members)}
        block = tuple(
            tuple(sorted((place[j], str(weight)) for j, weight in automaton.rows[i].items() if j in place))
            for i in members
        )
        if block not in known:
            known[block] = _characteristic(automaton, members)
        before = list(classes.predecessors(node))
        largest: dict[tuple[Element, ...], int] = {}
        for parent in before:
            for factor, power in powers[parent].items():
                largest[factor] = max(power, largest.get(factor, 0))
        for factor, power in known[block].items():
            largest[factor] = largest.get(factor, 0) + power
        powers[node] = largest
        degree = sum((len(factor) - 1) * power for factor, power in known[block].items())
        excess[node] = max((excess[parent] for parent in before), default=0) + len(members) - degree
    total: dict[tuple[Element, ...], int] = {}
    for largest in powers.values():
        for factor, power in largest.items():
            total[factor] = max(power, total.get(factor, 0))
    return total, max(excess.values())


def _characteristic(automaton: Automaton, members: Sequence[int]) -> dict[tuple[Element, ...], int]:
    """det(I - x T) of some states, factored."""
    ring, zero, n = automaton.ring, automaton.ring.zero, len(members)
    most = _MOST_MARKED if ring.is_PolynomialRing else _MOST_TOGETHER
    if n > most:
        raise TooCostlyError(
            f"{n} states lead to each other, at most {most} are taken: make the cell smaller"
        )
    entries = [[automaton.rows[i].get(j, zero) for j in members] for i in members]
    polynomial = stripped(list(DomainMatrix(entries, (n, n), ring).charpoly()))
    if len(polynomial) == 1:
        return {}
    x = sympy.Dummy("x")
    inner: Any = ring.domain if ring.is_PolynomialRing else ring
    symbols = tuple(ring.symbols) if ring.is_PolynomialRing else ()
    larger: Any = inner[(*symbols, x)]
    whole = sum(
        (larger.convert(c, ring) * larger.gens[-1] ** k for k, c in enumerate(polynomial)), larger.zero
    )
    found: dict[tuple[Element, ...], int] = {}
    for factor, power in whole.factor_list()[1]:
        parts: list[dict[Any, Any]] = [{} for _ in range(factor.degree(larger.gens[-1]) + 1)]
        for monomial, coefficient in factor.terms():
            parts[monomial[-1]][monomial[:-1]] = coefficient
        constant = parts[0][(0,) * len(symbols)]  # a unit, as det(I) = 1
        rest = [{m: inner.exquo(c, constant) for m, c in part.items()} for part in parts]
        plain: Any = ring
        listed = [plain.ring.from_dict(part) if symbols else part.get((), inner.zero) for part in rest]
        found[tuple(listed)] = power
    return found
