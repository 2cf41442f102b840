"""Which of several ways is taken, by size: all thresholds in one place, each with its reason.

The ways give the same exact results; floats, which may differ within their bound, depend only on the network
and on what is installed, never on what ran before.
"""

from sympy.external.gmpy import GROUND_TYPES

from exactav.kernels.loading import is_loaded, is_worthwhile

COMPILED_SETS = 13
"""Units of a sum over sets for which compiled code is loaded: that takes 1.5 s, about as long as NumPy takes
for the 2^13 sets of 13 units."""

LOADED_SETS = 4
"""Units of an exact sum from which on compiled code is quicker, once it is loaded: a call costs 50 us."""

FEW_ROWS = 12
"""Rows of a determinant of polynomials up to which all minors are expanded, 2^rows of them; beyond,
elimination with exact division is less work in spite of its long intermediate results."""

RECURSED_SETS = 10
"""Units up to which the forest polynomials of all sets are made at once, 3^units products."""

COMPILED_PRODUCTS = 50_000_000
"""Products of trees by height over sets for which compiled code is loaded: NumPy takes as long for them."""

FEW_UNITS = 16
"""Units up to which the inverse of a matrix of integers is found at once, in about a millisecond."""

FEW_POLYNOMIALS = 6
"""Rows of a determinant of polynomials up to which all minors are expanded in a few milliseconds."""

MANY_BITS = 300_000
"""Bits of an integer that stands for a polynomial, beyond which its determinant takes seconds."""

MANY_ROWS = 200
"""Rows of a full matrix of integers up to which FLINT's determinant takes less than a tenth of a second."""

MANY_UNITS = 30
"""Units from which on a look for structure, narrow orders or interchangeable units, is repaid: below, one
elimination of all entries takes less than a millisecond."""


def compiles_sets(n_units: int, *, exact: bool) -> bool:
    """Whether a sum over the sets of so many units is compiled; exact sums are as soon as code is loaded."""
    return is_worthwhile(n_units, LOADED_SETS if exact and is_loaded() else COMPILED_SETS)


def expands_minors(n_rows: int) -> bool:
    """Whether a determinant of polynomials is expanded along rows."""
    return n_rows <= FEW_ROWS


def has_fast_matrices() -> bool:
    """Whether SymPy's dense matrices of integers are FLINT's, up to a thousand times faster than its own."""
    return bool(GROUND_TYPES == "flint")


def eliminates(n_units: int) -> bool:
    """Whether determinants of integers are found modulo primes, sparse and lumped."""
    return n_units > FEW_UNITS


def substitutes(n_units: int, bits: int) -> bool:
    """Whether a determinant of polynomials is found as one of integers with so many bits."""
    return n_units > FEW_POLYNOMIALS and bits <= MANY_BITS


def is_quickly_full(n_units: int, n_weights: int) -> bool:
    """Whether a determinant of integers with so many entries is found quickly as that of a full matrix."""
    return has_fast_matrices() and n_units <= MANY_ROWS and 4 * n_weights > n_units**2


def is_lumpable(n_units: int, n_classes: int, *, integers: bool) -> bool:
    """Whether determinants are made of one row a class of interchangeable units.

    That pays when rows become a third; integers are eliminated so quickly that small ones are not worth it.
    """
    return (n_units > MANY_UNITS or not integers) and 3 * n_classes < n_units


def is_narrow(n_units: int, n_weights: int, width: int) -> bool:
    """Whether elimination along an order of this width is much less work than with all entries."""
    return n_units > MANY_UNITS and n_weights < n_units**2 // 4 and 3 * width < n_units
