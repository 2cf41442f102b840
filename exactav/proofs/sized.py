"""Matrices whose size is a symbol: blocks of interchangeable units, and circulants.

A matrix of :class:`Blocks` has the entry d_a + b_aa on the diagonal of block a, b_ac elsewhere in the rows
of block a and the columns of c. A vector that lives on block a and adds up to 0 is an eigenvector with value
d_a; there are n_a - 1 of these. On vectors that are constant on each block it acts as diag(d) + b diag(n).

The rows of a :class:`Circulant` are the first one, turned: its eigenvectors are the powers of the n-th roots
of unity.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy

from exactav.errors import ArgumentError, UndecidedError
from exactav.numbers.arguments import collection, each, mapping, taking
from exactav.numbers.whole import whole
from exactav.pickles import tagged
from exactav.proofs.asked import expression
from exactav.showing import html

_MOST = 10_000  # units of a matrix that is written out


_expressions = each(expression, "[1, a]")


def _rows(value: Any) -> list[Any]:
    return collection(value.tolist() if hasattr(value, "tolist") else value, "coupling", "[[a, b], [c, d]]")


@dataclass(frozen=True)
class Blocks:
    """A square matrix in blocks of symbolic sizes.

    Attributes:
        sizes: n_a, whole numbers or symbols.
        diagonal: d_a.
        coupling: b_ac, a square matrix as rows.

    >>> n, a, b = sympy.symbols("n a b")
    >>> Blocks.of([n], [a], [[b]]).determinant()
    a**(n - 1)*(a + b*n)
    """

    sizes: tuple[sympy.Expr, ...]
    diagonal: tuple[sympy.Expr, ...]
    coupling: sympy.ImmutableMatrix

    __reduce_ex__ = tagged

    @classmethod
    def of(cls, sizes: Sequence[Any], diagonal: Sequence[Any], coupling: Any) -> "Blocks":
        """From anything that SymPy takes for numbers and a matrix.

        Raises:
            ArgumentError: the shapes do not fit.
        """
        n, d = _expressions(sizes, "sizes"), _expressions(diagonal, "diagonal")
        b = sympy.ImmutableMatrix([_expressions(row, "a row of the coupling") for row in _rows(coupling)])
        if not (len(n) == len(d) and b.shape == (len(n), len(n))):
            raise ArgumentError(f"{len(n)} sizes, {len(d)} diagonals and {b.shape} couplings do not fit")
        return cls(n, d, b)

    def _repr_html_(self) -> str:
        sizes, diagonal = (sympy.latex(sympy.Tuple(*part)) for part in (self.sizes, self.diagonal))
        said = [("sizes", sizes), ("diagonal", diagonal), ("coupling", sympy.latex(self.coupling))]
        return html.card("Blocks", html.facts((name, html.math(latex)) for name, latex in said))

    def quotient(self) -> sympy.Matrix:
        """What the matrix does to vectors that are constant on each block: diag(d) + b diag(n)."""
        return sympy.diag(*self.diagonal) + self.coupling * sympy.diag(*self.sizes)

    def determinant(self) -> sympy.Expr:
        """prod d_a^(n_a - 1) det(diag(d) + b diag(n))."""
        own = [d ** (n - 1) for d, n in zip(self.diagonal, self.sizes, strict=True)]
        return sympy.Mul(*own) * sympy.factor(self.quotient().det(method="berkowitz"))

    @taking(z=expression)
    def characteristic(self, z: sympy.Expr) -> sympy.Expr:
        """det(z - matrix)."""
        turned = [z - d for d in self.diagonal]
        return Blocks(self.sizes, tuple(turned), -self.coupling).determinant()

    def inverse(self) -> "Blocks":
        """Of the same blocks: diagonal 1/d, coupling -(diag(d) + b diag(n))^{-1} b diag(1/d)."""
        below = sympy.diag(*(1 / d for d in self.diagonal))
        coupling = -(self.quotient().inv() * self.coupling * below)
        return Blocks(self.sizes, tuple(1 / d for d in self.diagonal), coupling.applyfunc(sympy.factor))

    def __matmul__(self, other: "Blocks") -> "Blocks":
        if not isinstance(other, Blocks):
            return NotImplemented
        if self.sizes != other.sizes:
            raise ArgumentError(f"blocks of sizes {self.sizes} and {other.sizes} do not fit")
        left, right = sympy.diag(*self.diagonal), sympy.diag(*other.diagonal)
        coupling = self.quotient() * other.coupling + self.coupling * right
        return Blocks(self.sizes, tuple((left * right).diagonal()), coupling)

    def without(self, block: int) -> "Blocks":
        """Without the row and the column of one unit of a block."""
        block = whole(block, "block", 0, len(self.sizes) - 1)
        sizes = (n - 1 if a == block else n for a, n in enumerate(self.sizes))
        return Blocks(tuple(sizes), self.diagonal, self.coupling)

    def at(self, *sizes: int) -> sympy.Matrix:
        """Row by row, at numbers for the sizes; expressions of the sizes are not changed elsewhere.

        >>> Blocks.of([1, 1], [5, 7], [[1, 2], [3, 4]]).at(1, 1)
        Matrix([
        [6,  2],
        [3, 11]])
        """
        if len(sizes) != len(self.sizes):
            raise ArgumentError(f"{len(sizes)} sizes of {len(self.sizes)} blocks: give one for each")
        numbers = [whole(size, "a size", 0, _MOST) for size in sizes]
        block = [a for a, n in enumerate(numbers) for _ in range(n)]
        symbols = dict(zip(self.sizes, numbers, strict=True))
        put = {symbol: value for symbol, value in symbols.items() if symbol.is_Symbol}

        def entry(i: int, j: int) -> sympy.Expr:
            own = self.diagonal[block[i]] if i == j else sympy.S.Zero
            return (own + self.coupling[block[i], block[j]]).subs(put)

        return sympy.Matrix(len(block), len(block), entry)


@dataclass(frozen=True)
class Circulant:
    """A square matrix in which each row is the one above, turned by one place.

    Attributes:
        size: n, a whole number or a symbol.
        row: the entries of row i by how far to the right of i they are, modulo n.

    >>> n = sympy.Symbol("n", integer=True, positive=True)
    >>> t = sympy.Symbol("t")
    >>> sympy.factor(Circulant.of(n, {0: t + 1 / t, 1: -1, -1: -1}).determinant().subs(n, 3))
    (t - 1)**2*(t**2 + t + 1)**2/t**3
    """

    size: sympy.Expr
    row: tuple[tuple[int, sympy.Expr], ...]

    __reduce_ex__ = tagged

    @classmethod
    def of(cls, size: Any, row: Mapping[int, Any]) -> "Circulant":
        """From anything that SymPy takes for numbers."""
        return cls(
            expression(size, "size"),
            tuple(
                (whole(place, "a place of row", -_MOST, _MOST), expression(value, "an entry of row"))
                for place, value in mapping(row, "row", "{0: a, 1: b}").items()
            ),
        )

    def _repr_html_(self) -> str:
        z = sympy.Symbol("z")
        said = [("size", self.size), ("eigenvalue of (1, z, z^2, ...), z^n = 1", self.symbol(z))]
        return html.card("Circulant", html.facts((name, html.math(sympy.latex(is_))) for name, is_ in said))

    @taking(z=expression)
    def symbol(self, z: sympy.Expr) -> sympy.Expr:
        """The eigenvalue of the eigenvector (1, z, z^2, ...), for an n-th root z of unity."""
        return sympy.Add(*(value * z**place for place, value in self.row))

    def determinant(self) -> sympy.Expr:
        """The product of all eigenvalues.

        Where the symbol is C z^-r prod_i (z - x_i), this is C^n (-1)^((n-1) r) prod_i (-1)^n (x_i^n - 1).

        Raises:
            UndecidedError: the symbol has no linear factors.
        """
        z, n = sympy.Dummy("z"), self.size
        lowest = min(place for place, _ in self.row)
        polynomial = sympy.expand(self.symbol(z) * z**-lowest)
        number, factors = sympy.factor_list(sympy.together(polynomial), z)
        above, below = sympy.fraction(sympy.together(number))
        found = (above / below) ** n * (-1) ** ((n - 1) * lowest)
        for factor, times in factors:
            linear = sympy.Poly(factor, z)
            if linear.degree() != 1:
                raise UndecidedError(
                    f"{factor.subs(z, sympy.Symbol('z'))} has no linear factors: write the entries in "
                    "symbols with which it has"
                )
            root = sympy.cancel(-linear.nth(0) / linear.nth(1))
            found *= ((-linear.nth(1)) ** n * (root**n - 1)) ** times
        return found

    def at(self, size: int) -> sympy.Matrix:
        """Row by row, at a number for the size."""
        size = whole(size, "size", 1, _MOST)
        rows = sympy.zeros(size, size)
        for i in range(size):
            for place, value in self.row:
                rows[i, (i + place) % size] += value.subs({self.size: size} if self.size.is_Symbol else {})
        return rows
