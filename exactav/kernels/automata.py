"""Weighted automata over a ring: sums over all paths of n steps, and what their series in n is.

W_n, the sum over paths of n steps from state 0 of the product of what the steps and the end weigh, is
l T^n r, so the sum of W_n x^n is l (I - x T)^-1 r: a rational function of x. Its denominator comes from the
classes of states that lead to each other: a path goes through a chain of them (derivation 19).
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import sympy
from sympy.polys.matrices import DomainMatrix

from exactav.errors import CheckFailedError, TooCostlyError
from exactav.kernels.substitution import Substitution
from exactav.numbers.domains import Domain, Element

_MOST_BITS = 10**14  # of all numbers in a sum over paths: some minutes
_MOST_TOGETHER = 60  # states that lead to each other, whose characteristic polynomial is found


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


@dataclass(frozen=True)
class Series:
    """A rational function of x: ``numerator`` over the product of powers of ``factors``.

    Polynomials are lists of ring elements by power of x; each factor begins with 1.
    """

    ring: Domain
    numerator: tuple[Element, ...]
    factors: tuple[tuple[tuple[Element, ...], int], ...]

    @property
    def denominator(self) -> list[Element]:
        """The product of the factors."""
        return _expanded(self.factors, self.ring.one, lambda element: element)

    @property
    def order(self) -> int:
        """The degree of the denominator: of the recurrence that the coefficients obey."""
        return sum((len(factor) - 1) * power for factor, power in self.factors)

    def plus(self, polynomial: Sequence[Element]) -> "Series":
        """The series with a polynomial in x added."""
        added = product(list(polynomial), self.denominator, self.ring.zero)
        size = max(len(added), len(self.numerator))
        both = [[*part, *[self.ring.zero] * (size - len(part))] for part in (added, list(self.numerator))]
        return Series(self.ring, _stripped([a + b for a, b in zip(*both, strict=True)]), self.factors)

    def coefficients(self, n: int) -> list[Element]:
        """Those of x^0 .. x^n, by the recurrence."""
        below, found = self.denominator, []
        for k in range(n + 1):
            value = self.numerator[k] if k < len(self.numerator) else self.ring.zero
            for j in range(1, min(k, len(below) - 1) + 1):
                if below[j] and found[k - j]:
                    value = value - below[j] * found[k - j]
            found.append(value)
        return found

    def coefficient(self, n: int) -> Element:
        """That of x^n, by halving n: P(x)/Q(x) = P(x) Q(-x) / (Q(x) Q(-x)), whose denominator is even."""
        above, below, zero = list(self.numerator), self.denominator, self.ring.zero
        while n >= len(below) - 1 and n > 0:
            mirrored = [-c if k % 2 else c for k, c in enumerate(below)]
            above = product(above, mirrored, zero)[n % 2 :: 2]
            below = product(below, mirrored, zero)[::2]
            n //= 2
        return Series(self.ring, tuple(above), ((tuple(below), 1),)).coefficients(n)[n]


def product(first: Sequence[Any], second: Sequence[Any], zero: Any) -> list[Any]:
    """The product of two polynomials, lists of coefficients.

    >>> product([1, 2], [1, -2], 0)
    [1, 0, -4]
    """
    result = [zero] * max(len(first) + len(second) - 1, 0)
    for i, a in enumerate(first):
        if a:
            for j, b in enumerate(second):
                if b:
                    result[i + j] = result[i + j] + a * b
    return result


def _stripped(polynomial: Sequence[Any]) -> tuple[Any, ...]:
    size = len(polynomial)
    while size and not polynomial[size - 1]:
        size -= 1
    return tuple(polynomial[:size])


def _expanded(factors: Iterable[tuple[Sequence[Any], int]], one: Any, image: Callable[[Any], Any]) -> list[Any]:
    result = [one]
    for factor, power in factors:
        for _ in range(power):
            result = product(result, list(map(image, factor)), one - one)
    return result


# Sums over paths


def totals(automaton: Automaton, n: int) -> list[Element]:
    """W_0 .. W_n.

    >>> from sympy import ZZ
    >>> fibonacci = Automaton(ZZ, ({0: 1, 1: 1}, {0: 1}), (1, 0))
    >>> list(map(int, totals(fibonacci, 6)))
    [1, 1, 2, 3, 5, 8, 13]
    """
    ring = automaton.ring
    if not (ring.is_PolynomialRing and ring.domain.is_ZZ):
        return _totals(automaton, n, lambda element: element)
    numbers = _numbers(automaton, n, [])
    return [numbers.polynomial(value) for value in _totals(automaton, n, numbers.value)]


def total(automaton: Automaton, n: int) -> Element:
    """W_n.

    Raises:
        TooCostlyError: its coefficients are too long.
    """
    ring = automaton.ring
    if not (ring.is_PolynomialRing and ring.domain.is_ZZ):
        return _totals(automaton, n, lambda element: element)[n]
    numbers = _numbers(automaton, n, [])
    return numbers.polynomial(_totals(automaton, n, numbers.value)[n])


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

    def size(element: Any) -> int:
        return sum(abs(int(c)) for c in element.coeffs()) if element else 0

    ring = automaton.ring
    bounds = [max(1, value) for value in _totals(automaton, n, size)]
    below = sum(_expanded(factors, 1, size))
    entries = [weight for row in automaton.rows for weight in row.values()]
    degrees = []
    for v in range(ring.ngens):
        step, end = (max((e.degree(v) for e in group if e), default=0) for group in (entries, automaton.ends))
        more = sum(power * max(e.degree(v) for e in factor if e) for factor, power in factors)
        degrees.append(n * step + end + more)
    bits = (sum(bounds) * below).bit_length() + 2
    numbers = Substitution(ring, 8 * (bits // 8 + 1), tuple(degrees))
    if numbers.bits * numbers.n_digits * automaton.n_steps * n > _MOST_BITS:
        raise TooCostlyError(
            f"{numbers.n_digits} coefficients of {bits} bits for each of {automaton.n_states} states, {n} times: "
            "ask for one size (probability, of_size), fewer cells, or numbers instead of symbols"
        )
    return numbers


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
    image: Callable[[Element], Any] = lambda element: element  # noqa: E731
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

    below = _expanded(factors, one, image)
    if numerator(below, size):
        raise CheckFailedError("the sums over paths of an automaton break the recurrence of its classes")
    for place, (factor, _) in enumerate(list(factors)):
        # P/f is a polynomial if as many of its coefficients in a row vanish as the degree of f, up to the bound
        while factors[place][1]:
            fewer = [*factors[:place], (factor, factors[place][1] - 1), *factors[place + 1 :]]
            less = _expanded(fewer, one, image)
            if any(numerator(less, k) for k in range(size - len(factor) + 1, size)):
                break
            factors, below, size = fewer, less, size - len(factor) + 1
    above = _stripped([back(numerator(below, k)) for k in range(size)])
    return Series(ring, above, tuple((factor, power) for factor, power in factors if power))


def _factors(automaton: Automaton) -> tuple[dict[tuple[Element, ...], int], int]:
    """(factors of the denominator with their largest powers over chains of classes; by how much the degree
    of the numerator may exceed that of the denominator, plus 1)."""
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
    if n > _MOST_TOGETHER:
        raise TooCostlyError(
            f"{n} states of the strip lead to each other, at most {_MOST_TOGETHER} are taken: make the cell smaller"
        )
    entries = [[automaton.rows[i].get(j, zero) for j in members] for i in members]
    polynomial = _stripped(list(DomainMatrix(entries, (n, n), ring).charpoly()))
    if len(polynomial) == 1:
        return {}
    x = sympy.Dummy("x")
    inner = ring.domain if ring.is_PolynomialRing else ring
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
        listed = [ring.ring.from_dict(part) if symbols else part.get((), inner.zero) for part in rest]
        found[tuple(listed)] = power
    return found


# Fewer states


def merged(found: Automaton) -> Automaton:
    """An automaton of the same sums: states that lead nowhere are left out, those of equal future are merged,
    then those of equal past."""
    return _of_equal_past(_of_equal_future(_trimmed(found)))


def _trimmed(found: Automaton) -> Automaton:
    before: list[set[int]] = [set() for _ in found.rows]
    for i, row in enumerate(found.rows):
        for j in row:
            before[j].add(i)
    alive = {i for i, end in enumerate(found.ends) if end} | {0}
    waiting = list(alive)
    while waiting:
        new = before[waiting.pop()] - alive
        alive |= new
        waiting += new
    kept = sorted(alive)
    number = {i: k for k, i in enumerate(kept)}
    rows = tuple({number[j]: weight for j, weight in found.rows[i].items() if j in number} for i in kept)
    return Automaton(found.ring, rows, tuple(found.ends[i] for i in kept))


def _classes(begin: Sequence[Hashable], signature: Callable[[int, list[int]], Hashable]) -> list[int]:
    """The coarsest classes within those of ``begin`` that ``signature(state, classes)`` does not tell apart."""
    classes = _numbered(begin)
    while True:
        finer = _numbered([(c, signature(i, classes)) for i, c in enumerate(classes)])
        if max(finer) == max(classes):
            return classes
        classes = finer


def _numbered(keys: Sequence[Hashable]) -> list[int]:
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def _added(parts: Iterable[tuple[int, Element]]) -> dict[int, Element]:
    total: dict[int, Element] = {}
    for target, weight in parts:
        total[target] = total[target] + weight if target in total else weight
    return {target: weight for target, weight in total.items() if weight}


def _of_equal_future(found: Automaton) -> Automaton:
    def future(i: int, classes: list[int]) -> Hashable:
        return frozenset(_added((classes[j], weight) for j, weight in found.rows[i].items()).items())

    # state 0 stays the first: it is numbered first
    classes = _classes(list(found.ends), future)
    one = {c: i for i, c in reversed(list(enumerate(classes)))}
    rows = tuple(_added((classes[j], w) for j, w in found.rows[one[c]].items()) for c in range(len(one)))
    return Automaton(found.ring, rows, tuple(found.ends[one[c]] for c in range(len(one))))


def _of_equal_past(found: Automaton) -> Automaton:
    """The weights that have come to the states of a class are equal: what leaves them is added."""
    before: list[dict[int, Element]] = [{} for _ in found.rows]
    for i, row in enumerate(found.rows):
        for j, weight in row.items():
            before[j][i] = weight

    def past(j: int, classes: list[int]) -> Hashable:
        return frozenset(_added((classes[i], weight) for i, weight in before[j].items()).items())

    classes = _classes([i == 0 for i in range(found.n_states)], past)
    members: list[list[int]] = [[] for _ in range(max(classes) + 1)]
    for i, c in enumerate(classes):
        members[c].append(i)
    rows = []
    for group in members:
        leaving = _added((j, weight) for i in group for j, weight in found.rows[i].items())
        rows.append({classes[j]: weight for j, weight in leaving.items() if j == members[classes[j]][0]})
    ends = tuple(sum((found.ends[i] for i in group), found.ring.zero) for group in members)
    return Automaton(found.ring, tuple(rows), ends)
