"""Whether the avalanche laws hold on every orbit, where the uniform law is not the only stationary one.

The probability of a region under the uniform law on the closure of an orbit depends on the orbit through the
Fourier coefficients of the region at the obstructing characters. When unit k is fed, regions have a side of
length dU along k, which cancels all characters but those with frequency 0 there. What these do is decided by
the first of the following that can (derivation 12):

* none is left;
* thresholds and weights are multiples of the increment, and an orbit visits every class that there is;
* the means fix the law: any stationary law keeps the mean state, so participation is the same on all orbits,
  and a law with few outcomes follows from it;
* all cells of the region of a rational network are counted, orbit by orbit;
* of few units the coefficients are sums over the corners of boxes, which vanish term by term or not at all.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import combinations, islice, product
from math import prod
from typing import Any, Literal, NamedTuple, SupportsIndex

import mpmath
import numpy as np
import sympy
from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from exactav.engines.connected import recruitable_sets
from exactav.engines.durations.generations import has_more_patterns_than, pattern_weights
from exactav.errors import TooCostlyError
from exactav.laws.kind import Pattern
from exactav.laws.marginals import green_matrix
from exactav.network.network import Network
from exactav.network.system import System
from exactav.numbers.domains import Element, field_of
from exactav.phase_space.boxes import Box
from exactav.phase_space.chain import chain
from exactav.phase_space.characters import Character, characters
from exactav.phase_space.limits import FOURIER_DIGITS, MAX_DECIDING_CELLS, MOST_UNITS_BOXED
from exactav.phase_space.pieces import pieces
from exactav.phase_space.states import State
from exactav.pickles import tagged

Kind = Literal["pattern", "assembly", "size"]
Sum = dict[tuple[Element, ...], Element]  # exponents -> coefficient
KINDS: tuple[Kind, ...] = ("pattern", "assembly", "size")  # each determines the next


class Witness(NamedTuple):
    """Where a law fails: feeding ``start`` has ``outcome`` with another probability on some orbit.

    Attributes:
        state: on such an orbit; None where orbits are too long to be compared.
        character: at which the Fourier coefficient is not 0; None where a state is given.
    """

    start: Hashable
    outcome: Any
    state: State | None
    character: Character | None

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return tagged(self, protocol)


class Verdict(NamedTuple):
    """Whether a law holds on every orbit; None if that was not decided."""

    exact: bool | None
    reason: str
    witness: Witness | None = None

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return tagged(self, protocol)


def outcome_of(kind: Kind, pattern: Pattern) -> Any:
    """What the law of this kind says of a pattern."""
    assembly = frozenset().union(*pattern)
    return {"pattern": pattern, "assembly": assembly, "size": len(assembly)}[kind]


def verdicts(net: Network, n_components: int) -> dict[Kind, Verdict]:
    """Whether the laws of each driven start hold on every orbit, for a network with an increment.

    Args:
        n_components: of the closure of an orbit.
    """
    spectrum = Spectrum(net)
    starts = [k for k in spectrum.driven if spectrum.left([k])]
    if not starts:
        return dict.fromkeys(KINDS, Verdict(True, "the side of the start cancels every character"))
    if _is_sandpile(net) and n_components == net.volume() / net.require_increment("orbits") ** net.n_units:
        reason = "regions are made of cubes that each orbit visits once each"
        return dict.fromkeys(KINDS, Verdict(True, reason))
    fixed = set(KINDS).intersection(*(_fixed_by_means(net.system, k) for k in starts))
    means = Verdict(True, "the means fix the law, and hold on every orbit")
    decided = {kind: means for kind in KINDS if kind in fixed}
    open_kinds = [kind for kind in KINDS if kind not in decided]
    if not open_kinds:
        return decided
    if not net.symbols and net.system.ring.is_ZZ:
        try:
            return decided | by_cells(net, open_kinds)
        except TooCostlyError:
            pass
    if net.symbols:
        reason = "not decided: symbols leave open which regions there are"
    elif net.n_units > MOST_UNITS_BOXED[net.system.ring.is_ZZ]:
        reason = f"not decided: {net.n_units} units have too many boxes and cells"
    else:
        return decided | by_boxes(net, spectrum, starts, open_kinds)
    return decided | dict.fromkeys(open_kinds, Verdict(None, reason))


class Spectrum:
    """The obstructing characters of a network, and their frequencies M^-T z."""

    def __init__(self, net: Network) -> None:
        self.green = green_matrix(net)
        self.n_units = net.n_units
        self.driven = [k for k, p in enumerate(net.drive) if p]
        increment = net.require_increment("orbits")
        self._integral = [[entry * increment for entry in self.green.col(k)] for k in self.driven]

    def left(self, silent: Sequence[int]) -> tuple[Character, ...]:
        """A basis of the characters with frequency 0 along some units."""
        return characters(self._integral, [list(self.green.col(k)) for k in silent], self.n_units)

    def frequencies(self, character: Character) -> list[sympy.Expr]:
        """m = M^-T z."""
        return [sympy.expand(x) for x in self.green.T * sympy.Matrix(character)]


def _is_sandpile(net: Network) -> bool:
    increment = net.require_increment("orbits")
    return all((entry / increment).is_Integer for entry in (*net.thresholds, *net.weights))


def _fixed_by_means(system: System, start: int) -> set[Kind]:
    """The laws of a start that follow from who takes part how often, since outcomes are independent."""
    n = system.n_units
    listed = list(islice(recruitable_sets(system, {start: system.ring.one}), 4 * n))
    sets = [mask for mask in listed if _has_forest(system, (1 << n) - 1 ^ mask)]
    if len(listed) == 4 * n:
        return set()
    fixed: set[Kind] = {"size"} if len({mask.bit_count() for mask in sets}) <= 2 else set()
    vectors = [[QQ(mask >> unit & 1) for unit in range(n)] for mask in sets]
    if len(sets) <= n and DomainMatrix(vectors, (len(sets), n), QQ).rank() == len(sets):
        fixed |= {"assembly", "size"}
        is_single = not has_more_patterns_than(system, [start], 4 * n)
        if is_single and sum(1 for _ in pattern_weights(system, {start: system.ring.one})) == len(sets):
            fixed.add("pattern")
    return fixed


def _has_forest(system: System, mask: int) -> bool:
    """Whether every unit of a set leads to the leak within the set, so that its forest weight is not 0."""
    leading = {unit for unit in range(system.n_units) if mask >> unit & 1 and system.leak[unit]}
    waiting = list(leading)
    receivers: dict[int, list[int]] = defaultdict(list)
    for i, row in enumerate(system.weights):
        for j in row:
            receivers[j].append(i)
    while waiting:
        for unit in receivers[waiting.pop()]:
            if mask >> unit & 1 and unit not in leading:
                leading.add(unit)
                waiting.append(unit)
    return len(leading) == mask.bit_count()


def by_cells(net: Network, kinds: Sequence[Kind]) -> dict[Kind, Verdict]:
    """By the counts of all outcomes on all orbits.

    Raises:
        TooCostlyError: there are too many cells.
    """
    cells = chain(net, MAX_DECIDING_CELLS)
    cosets = cells.cosets()
    n_cosets = int(cosets.max()) + 1
    found: dict[Kind, Verdict] = {}
    for kind in kinds:
        found[kind] = Verdict(True, f"all {n_cosets:,} orbits of cells have the law")
        outcomes: dict[Any, int] = {}
        places = np.array([outcomes.setdefault(outcome_of(kind, p), len(outcomes)) for p in cells.outcomes])
        for start, outcome in zip(cells.starts, cells.outcome, strict=True):
            codes = cosets * len(outcomes) + places[outcome]
            counts = np.bincount(codes, minlength=n_cosets * len(outcomes)).reshape(n_cosets, -1)
            differing = np.argwhere(counts * n_cosets != counts.sum(axis=0))
            if differing.size:
                coset, place = differing[0]
                state = cells.state(int(np.flatnonzero(cosets == coset)[0]))
                witness = Witness(net.labels[start], list(outcomes)[place], state, None)
                found[kind] = Verdict(False, "the orbit of the witness has another law", witness)
                break
    return found


def by_boxes(
    net: Network, spectrum: Spectrum, starts: Sequence[int], kinds: Sequence[Kind]
) -> dict[Kind, Verdict]:
    """By the Fourier coefficients of the regions, for all characters at once.

    Along units where the frequency m_j is 0, a box contributes its length, along others the difference of
    exp(2 pi i m_j c) at its ends over 2 pi i m_j. Over all characters with the same units of frequency 0
    these are sums of exponentials of linear functions, divided by a common product: they vanish for all only
    if, of each exponential, the coefficients add up to 0.
    """
    found: dict[Kind, Verdict] = {}
    others = [
        list(chosen) for size in range(1, net.n_units) for chosen in combinations(range(net.n_units), size)
    ]
    for start in starts:
        regions = [(piece.pattern, piece.boxes()) for piece in pieces(net, net.labels[start])]
        for silent in (chosen for chosen in others if start in chosen):
            basis = spectrum.left(silent)
            moving = [unit for unit in range(net.n_units) if unit not in silent]
            waves = [[spectrum.frequencies(character)[unit] for unit in moving] for character in basis]
            if not basis or not all(any(column) for column in zip(*waves, strict=True)):
                continue
            sums = _Sums(net, waves, silent, moving)
            terms = [(pattern, sums.of(boxes)) for pattern, boxes in regions]
            for kind in kinds:
                for outcome, total in sums.by_outcome(kind, terms).items():
                    if kind not in found and any(total.values()):
                        z = sums.somewhere_nonzero(total, basis)
                        witness = Witness(net.labels[start], outcome, None, z)
                        found[kind] = Verdict(False, "a Fourier coefficient is not 0", witness)
    vanish = Verdict(True, "the Fourier coefficients of all regions vanish")
    return {kind: found.get(kind, vanish) for kind in kinds}


class _Sums:
    """Fourier coefficients of boxes at all characters: exponents modulo 1 along a basis -> coefficient."""

    def __init__(
        self, net: Network, waves: list[list[sympy.Expr]], silent: Sequence[int], moving: Sequence[int]
    ) -> None:
        increment = net.require_increment("orbits")
        flat = [x for wave in waves for x in wave]
        self.field = field_of([*flat, increment, *net.thresholds, *net.weights])
        self.waves = [[self.field.from_sympy(x) for x in wave] for wave in waves]
        self.silent, self.moving = silent, moving

    def of(self, boxes: Sequence[Box]) -> Sum:
        """The sum over boxes, each with the sign of its corners."""
        found: Sum = defaultdict(lambda: self.field.zero)
        convert = self.field.from_sympy
        for box in boxes:
            length = prod((convert(high - low) for low, high in (box.sides[i] for i in self.silent)))
            ends = [
                [(-1, convert(low)), (1, convert(high))] for low, high in (box.sides[i] for i in self.moving)
            ]
            for corner in product(*ends):
                exponent = tuple(
                    self._modulo_one(sum(m * x for m, (_, x) in zip(wave, corner, strict=True)))
                    for wave in self.waves
                )
                found[exponent] += length * prod(sign for sign, _ in corner)
        return found

    def by_outcome(self, kind: Kind, terms: Sequence[tuple[Pattern, Sum]]) -> dict[Any, Sum]:
        """The sums over all patterns with the same outcome."""
        totals: dict[Any, Sum] = defaultdict(lambda: defaultdict(lambda: self.field.zero))
        for pattern, exponentials in terms:
            total = totals[outcome_of(kind, pattern)]
            for exponent, coefficient in exponentials.items():
                total[exponent] += coefficient
        return totals

    def _modulo_one(self, element: Any) -> Any:
        """The element with its rational part in [0, 1)."""
        element = self.field.convert(element)
        rational = element if self.field.is_QQ else (element.to_list() or [QQ.zero])[-1]
        return element - self.field.convert(int(rational.numerator // rational.denominator))

    def somewhere_nonzero(self, total: Sum, basis: Sequence[Character]) -> Character | None:
        """A character at which the sum is not 0, by its digits; some multiples of the basis are tried."""
        context = mpmath.MPContext()
        context.dps = FOURIER_DIGITS

        def number(element: Element) -> Any:
            return context.mpf(self.field.to_sympy(element).evalf(FOURIER_DIGITS + 5))

        exponentials = [([number(x) for x in exponent], number(c)) for exponent, c in total.items() if c]
        for factors in sorted(product(range(-4, 5), repeat=len(basis)), key=lambda a: sum(map(abs, a))):
            if not all(
                sum(a * m for a, m in zip(factors, column, strict=True))
                for column in zip(*self.waves, strict=True)
            ):
                continue
            value = sum(
                c * context.expjpi(2 * sum(a * x for a, x in zip(factors, exponent, strict=True)))
                for exponent, c in exponentials
            )
            if abs(value) > context.mpf(10) ** -30:
                return tuple(
                    sum(a * z[i] for a, z in zip(factors, basis, strict=True)) for i in range(len(basis[0]))
                )
        return None
