"""A network's numbers as its ring knows them: every row scaled by its own denominator.

A tree or forest uses exactly one entry of each row other than its root's, so scaling row i by c_i multiplies
the volume V_k(A) of *every* assembly of start k by the same product of all c_i with i != k. Ratios do not
change, and all sums are done in integers or polynomials.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from exactav.kernels import choices
from exactav.kernels.classes import Lumped, classes_of
from exactav.kernels.determinants import determinant, inverse
from exactav.kernels.orders import Order, order_of
from exactav.numbers.domains import Domain, Element, cleared, common_denominator, ring_of
from exactav.running.effort import Effort

if TYPE_CHECKING:
    from exactav.kernels.substitution import Substitution

_ORDER_STEPS = 100_000  # that are spent on an order


@dataclass(frozen=True)
class System:
    """Row-scaled weights without the diagonal, leaks, and the scales themselves, in ``ring``."""

    ring: Domain
    weights: tuple[Mapping[int, Element], ...]
    leak: tuple[Element, ...]
    scales: tuple[Element, ...]

    @classmethod
    def of(
        cls,
        field: Domain,
        rows: Sequence[Mapping[int, Element]],
        leak: Sequence[Element],
        fed: Sequence[Sequence[Element]] | None = None,
    ) -> "System":
        """The system of weight ``rows`` and ``leak``; self-coupling acts through the leak only.

        Args:
            fed: other numbers of each row, whose denominators its scale clears, too.
        """
        weights, leaks, scales = [], [], []
        for i, row in enumerate(rows):
            others = {j: value for j, value in row.items() if j != i}
            distinct = {id(value): value for value in others.values()}  # equal ones are mostly the same
            scale = common_denominator(field, [*distinct.values(), leak[i], *(fed[i] if fed else ())])
            found = {key: cleared(field, value, scale) for key, value in distinct.items()}
            weights.append({j: found[id(value)] for j, value in others.items()})
            leaks.append(cleared(field, leak[i], scale))
            scales.append(scale)
        return cls(ring_of(field), tuple(weights), tuple(leaks), tuple(scales))

    @property
    def n_units(self) -> int:
        return len(self.weights)

    @cached_property
    def diagonal(self) -> tuple[Element, ...]:
        """The diagonal of the scaled M: what each unit receives from all others, and its leak."""
        return tuple(sum(row.values(), leak) for row, leak in zip(self.weights, self.leak, strict=True))

    def with_input(self, amounts: Mapping[int, Element]) -> "System":
        """The system with a source, one unit more, from which units receive parts of their leaks.

        The law of an input is that of the source as a start, with the source taken out (derivation 14): so
        all that is known of one start holds for several units that are fed at once. Nothing depends on the
        row of the source.

        Args:
            amounts: of input, by unit, scaled as its row is.
        """
        source, silent = self.n_units, self.without_input(amounts)
        weights = [{**row, source: amounts[i]} if i in amounts else row for i, row in enumerate(self.weights)]
        one = self.ring.one
        return System(self.ring, (*weights, {}), (*silent.leak, one), (*self.scales, one))

    def without_input(self, amounts: Mapping[int, Element]) -> "System":
        """The system of what stays silent with an input: leaks are less by the amounts."""
        leaks = [leak - amounts[i] if i in amounts else leak for i, leak in enumerate(self.leak)]
        return System(self.ring, self.weights, tuple(leaks), self.scales)

    def laplacian(
        self, units: Sequence[int], *, leak: bool, without: int | None = None
    ) -> list[list[Element]]:
        """Scaled L[units], plus diag(leak) if ``leak``; the row and column of ``without`` left out."""
        zero = self.ring.zero
        inside = set(units)
        result = []
        for i in units:
            if i == without:
                continue
            row = self.weights[i]
            total = sum((row[j] for j in row if j in inside), self.leak[i] if leak else zero)
            result.append([total if j == i else -row.get(j, zero) for j in units if j != without])
        return result

    def minor(self, start: int) -> Element:
        """det of the scaled M without ``start``: the total weight of all assemblies of this start."""
        if self._eliminates:
            return self._with_minors({start: self.ring.one})[1]
        return determinant(self.ring, self.laplacian(range(self.n_units), leak=True, without=start))

    def minors(self, weights: Mapping[int, Element]) -> Element:
        """The sum of weights[k] times the minor of k."""
        if self._eliminates:
            return self._with_minors(weights)[1]
        if self.ring.is_ZZ and len(weights) > 1:
            # All minors from one inverse.
            numerators, denominator = self.green
            total = sum((weight * numerators[k][k] for k, weight in weights.items()), self.ring.zero)
            return self.ring.exquo(total * self.volume, denominator)
        if self.is_lumpable:
            lumped = Lumped.of(self.ring, self.weights, self.leak, self.classes)
            total = self.ring.zero
            for a, members in enumerate(self.classes):
                if held := [weights[unit] for unit in members if unit in weights]:
                    total += sum(held, self.ring.zero) * lumped.minor(a)
            return total
        return sum((weight * self.minor(k) for k, weight in weights.items()), self.ring.zero)

    @cached_property
    def _eliminates(self) -> bool:
        """Whether determinants are found by sparse elimination modulo primes."""
        if self.ring.is_PolynomialRing and self.ring.domain.is_ZZ:
            numbers = self._substitution([])
            return choices.substitutes(self.n_units, numbers.bits * numbers.n_digits)
        return bool(self.ring.is_ZZ) and choices.eliminates(self.n_units)

    def _with_minors(self, weights: Mapping[int, Element]) -> tuple[Element, Element]:
        """(volume, sum of weights[k] times the minor of k), each found once."""
        key = frozenset(weights.items())
        if key not in self._found:
            if self.ring.is_ZZ:
                from exactav.kernels.minors import weighted_minors

                volume, total = weighted_minors(self.weights, self.leak, weights, self.classes)
                self._found[key] = self.ring(volume), self.ring(total)
            else:
                self._found[key] = self._with_minors_of_polynomials(weights)
        return self._found[key]

    def _with_minors_of_polynomials(self, weights: Mapping[int, Element]) -> tuple[Element, Element]:
        from exactav.kernels.minors import weighted_minors

        numbers = self._substitution(list(weights.values()))
        volume, total = weighted_minors(
            [{j: numbers.value(weight) for j, weight in row.items()} for row in self.weights],
            list(map(numbers.value, self.leak)),
            {k: numbers.value(weight) for k, weight in weights.items()},
            self.classes,
            numbers.bound,
        )
        return numbers.polynomial(volume), numbers.polynomial(total)

    def _substitution(self, starts: Sequence[Element]) -> "Substitution":
        from exactav.kernels.substitution import Substitution

        rows = [(*row.values(), d) for row, d in zip(self.weights, self.diagonal, strict=True)]
        return Substitution.of(self.ring, [*rows, starts])

    @cached_property
    def _found(self) -> dict[frozenset[tuple[int, Element]], tuple[Element, Element]]:
        return {}

    @cached_property
    def order(self) -> Order:
        """An order of the units in which few are open at a time, looked for shortly."""
        return order_of(self.weights, Effort(_ORDER_STEPS))

    @cached_property
    def classes(self) -> list[list[int]]:
        """The classes of interchangeable units."""
        return classes_of(self.weights, self.leak, self.scales)

    @cached_property
    def is_lumpable(self) -> bool:
        """Whether few classes of interchangeable units make determinants small."""
        return choices.is_lumpable(self.n_units, len(self.classes), integers=self.ring.is_ZZ)

    @cached_property
    def is_narrow(self) -> bool:
        """Whether elimination along ``order`` is much less work than with all entries."""
        n_weights = sum(map(len, self.weights))
        # the order of a network that is dense or small is not looked for
        return choices.is_narrow(self.n_units, n_weights, 0) and choices.is_narrow(
            self.n_units, n_weights, self.order.width
        )

    @cached_property
    def is_singular(self) -> bool:
        """Whether det M = 0, so that no forest spans all units: some lead to no leak."""
        return bool(without_way_out(self.weights, self.leak))

    @cached_property
    def volume(self) -> Element:
        """det of the scaled M = volume of the inhabited region times all scales."""
        n_weights = sum(map(len, self.weights))
        is_full = self.ring.is_ZZ and choices.is_quickly_full(self.n_units, n_weights)
        if self._eliminates and not is_full:
            return self._with_minors({})[0]
        if self.is_lumpable:
            lumped = Lumped.of(self.ring, self.weights, self.leak, self.classes)
            return lumped.forest(lumped.sizes)
        return determinant(self.ring, self.laplacian(range(self.n_units), leak=True))

    @cached_property
    def green(self) -> tuple[list[list[Element]], Element]:
        """(numerators, denominator) of the inverse of the scaled M; G_jk is that times scale k."""
        return inverse(self.ring, self.laplacian(range(self.n_units), leak=True))


def without_way_out(rows: Sequence[Mapping[int, Element]], leak: Sequence[Element]) -> list[int]:
    """The units from which no chain of senders leads to a unit with leak."""
    if all(leak):
        return []
    fed_by: list[list[int]] = [[] for _ in rows]  # the units that each feeds
    for i, row in enumerate(rows):
        for j in row:
            fed_by[j].append(i)
    # A unit is safe when a path i <- j <- ... from it, against the arrows, reaches a unit with leak.
    safe = list(map(bool, leak))
    waiting = [i for i, leaks in enumerate(safe) if leaks]
    while waiting:
        for i in fed_by[waiting.pop()]:
            if not safe[i]:
                safe[i] = True
                waiting.append(i)
    return [unit for unit, leaks in enumerate(safe) if not leaks]
