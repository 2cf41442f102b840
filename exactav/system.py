"""A network's numbers as its ring knows them: every row scaled by its own denominator.

A tree or forest uses exactly one entry of each row other than its root's, so scaling row i by c_i multiplies
the volume V_k(A) of *every* assembly of start k by the same product of all c_i with i != k. Ratios do not
change, and all sums are done in integers or polynomials.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from exactav.arithmetic import Domain, Element, cleared, common_denominator, ring_of
from exactav.kernels.determinants import determinant, inverse


@dataclass(frozen=True)
class System:
    """Row-scaled weights without the diagonal, leaks, and the scales themselves, in ``ring``."""

    ring: Domain
    weights: tuple[Mapping[int, Element], ...]
    leak: tuple[Element, ...]
    scales: tuple[Element, ...]

    @classmethod
    def of(cls, field: Domain, rows: Sequence[Mapping[int, Element]], leak: Sequence[Element]) -> "System":
        """The system of weight ``rows`` and ``leak``; self-coupling acts through the leak only."""
        weights, leaks, scales = [], [], []
        for i, row in enumerate(rows):
            others = {j: value for j, value in row.items() if j != i}
            scale = common_denominator(field, [*others.values(), leak[i]])
            weights.append({j: cleared(field, value, scale) for j, value in others.items()})
            leaks.append(cleared(field, leak[i], scale))
            scales.append(scale)
        return cls(ring_of(field), tuple(weights), tuple(leaks), tuple(scales))

    @property
    def n_units(self) -> int:
        return len(self.weights)

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
        if self.ring.is_ZZ:
            # All minors from one inverse.
            numerators, denominator = self.green
            return self.ring.exquo(numerators[start][start] * self.volume, denominator)
        return determinant(self.ring, self.laplacian(range(self.n_units), leak=True, without=start))

    @cached_property
    def volume(self) -> Element:
        """det of the scaled M = volume of the inhabited region times all scales."""
        return determinant(self.ring, self.laplacian(range(self.n_units), leak=True))

    @cached_property
    def green(self) -> tuple[list[list[Element]], Element]:
        """(numerators, denominator) of the inverse of the scaled M; G_jk is that times scale k."""
        return inverse(self.ring, self.laplacian(range(self.n_units), leak=True))
