"""The weighted automata of strips: all sizes, marked by powers of z; one size; their sum; their mean."""

from collections.abc import Callable
from typing import Any

import sympy

from exactav.kernels.automata import Automaton
from exactav.kernels.cells import Cell, Reader, State
from exactav.kernels.merging import merged
from exactav.kernels.polynomials import SetSums
from exactav.numbers.domains import Domain, Element

Graded = dict[int, Element]  # a polynomial in z: power -> coefficient
z = sympy.Symbol("z")


def automaton(cell: Cell) -> Automaton:
    """The automaton of a cell, over polynomials in z, which marks the units that fire.

    Raises:
        TooCostlyError: there are too many states before states are merged.
    """
    reader = Reader(cell)
    empty = State(False, 0, ())
    numbers, listed = {empty: 0}, [empty]
    rows: list[dict[int, Graded]] = []
    for state in listed:  # grows while it is read
        row: dict[int, Graded] = {}
        for target, power, weight in reader.steps(state):
            if target not in numbers:
                numbers[target] = len(listed)
                listed.append(target)
            graded = row.setdefault(numbers[target], {})
            graded[power] = graded[power] + weight if power in graded else weight
        rows.append(row)
    ring = marked_ring(cell.ring)
    ends = tuple(marked(ring, cell.ring, {0: reader.end(state)}) for state in listed)
    marked_rows = [{j: marked(ring, cell.ring, graded) for j, graded in row.items()} for row in rows]
    return merged(Automaton(ring, tuple(marked_rows), ends))


def marked_ring(ring: Domain) -> Any:
    """Polynomials in z over a ring, z the last generator."""
    inner: Any = ring.domain if ring.is_PolynomialRing else ring
    return inner[(*(ring.symbols if ring.is_PolynomialRing else ()), z)]


def marked(larger: Any, ring: Domain, graded: Graded) -> Element:
    """A polynomial in z as an element."""
    parts: dict[Any, Any] = {}
    for power, weight in graded.items():
        terms = _terms(weight) if ring.is_PolynomialRing else [((), weight)]
        parts.update({(*monomial, power): coefficient for monomial, coefficient in terms if coefficient})
    found: Element = larger.ring.from_dict(parts)
    return found


def _terms(element: Any) -> Any:
    return element.terms()


def graded(element: Any, ring: Domain) -> Graded:
    """An element as a polynomial in z."""
    parts: dict[int, dict[Any, Any]] = {}
    for (*monomial, power), coefficient in element.terms():
        if coefficient:
            parts.setdefault(power, {})[tuple(monomial)] = coefficient
    if not ring.is_PolynomialRing:
        return {power: ring.convert(part[()]) for power, part in parts.items()}
    return {power: ring.ring.from_dict(part) for power, part in parts.items()}  # type: ignore[attr-defined]


def at_one(found: Automaton, ring: Domain) -> Automaton:
    """The automaton for z = 1: all forests, for the normaliser."""
    return _counting(found, ring, 0, lambda count, powers: {0: sum(powers.values(), ring.zero)})


def of_size(found: Automaton, ring: Domain, size: int) -> Automaton:
    """The automaton of the coefficient of z^size: states count the units that fire."""

    def counted(count: int, powers: Graded) -> Graded:
        return {count + power: weight for power, weight in powers.items() if count + power <= size}

    return _counting(found, ring, size, counted)


def of_mean(found: Automaton, ring: Domain) -> Automaton:
    """The automaton of the derivative at z = 1: one of the units that fire is marked."""

    def counted(count: int, powers: Graded) -> Graded:
        total = sum(powers.values(), ring.zero)
        if count:
            return {1: total}
        return {0: total, 1: sum((power * weight for power, weight in powers.items()), ring.zero)}

    return _counting(found, ring, 1, counted)


def _counting(
    found: Automaton, ring: Domain, last: int, counted: Callable[[int, Graded], Graded]
) -> Automaton:
    """The automaton of pairs of a state and a count, from 0 to ``last`` at the end."""
    numbers, listed = {(0, 0): 0}, [(0, 0)]
    rows = []
    steps = [{j: graded(weight, ring) for j, weight in row.items()} for row in found.rows]
    for state, count in listed:  # grows while it is read
        row: dict[int, Element] = {}
        for j, powers in steps[state].items():
            for after, weight in counted(count, powers).items():
                if weight:
                    if (j, after) not in numbers:
                        numbers[j, after] = len(listed)
                        listed.append((j, after))
                    row[numbers[j, after]] = weight
        rows.append(row)
    plain = [graded(end, ring).get(0, ring.zero) for end in found.ends]
    ends = tuple(plain[state] if count == last else ring.zero for state, count in listed)
    return merged(Automaton(ring, tuple(rows), ends))


def small_ring(cell: Cell, n: int) -> Graded:
    """The sum over the forests of a ring of n cells, by recursion over sets: for few units.

    Weights between the same units are added; those from a unit to itself do not matter.
    """
    m, zero = cell.n_units, cell.ring.zero
    rows: list[dict[int, Element]] = [{} for _ in range(n * m)]
    for (receiver, sender, step), weight in cell.weights.items():
        for at in range(n):
            i, j = at * m + receiver, (at + step) % n * m + sender
            if i != j:
                rows[i][j] = rows[i].get(j, zero) + weight
    everyone = (1 << n * m) - 1
    sums = SetSums(cell.ring, rows, cell.leak * n, everyone)
    found: Graded = {}
    for mask in range(1, everyone + 1):
        total = sum((cell.roots[k] * sums.tree(k, mask) for k in range(m) if mask >> k & 1), zero)
        power = mask.bit_count()
        found[power] = found.get(power, zero) + total * sums.forest(everyone ^ mask)
    return found
