"""What checks are made of: covers of regions, terms, signs, enclosures, and comparisons of exact values."""

from fractions import Fraction
from typing import Any, cast

import pytest
import sympy
from sympy import Abs, Eq, Rational, binomial, chebyshevt, exp, factorial, ff, gamma, log, oo, pi, rf, sqrt

from exactav.errors import ArgumentError, InexactError, TooCostlyError, UndecidedError
from exactav.proofs import Blocks, Derivation, Step, certificate, identity, limit, terms
from exactav.proofs.boxes import bounds, excludes_zero
from exactav.proofs.certificates import vanishes_nowhere
from exactav.proofs.comparison import compare
from exactav.proofs.covers import cover
from exactav.proofs.regions import compare_where, conditions
from exactav.proofs.verdicts import HOLDS

a, b, t, x, y = sympy.symbols("a b t x y")
r, s = sympy.symbols("r s", real=True)
n, k = sympy.symbols("n k", integer=True, nonnegative=True)
m = sympy.Symbol("m", integer=True)
UNIT = (Fraction(0), Fraction(1))


# Covers


@pytest.mark.parametrize(
    ("left", "right", "where"),
    [
        (Abs(n - 2), n - 2, [n > Rational(5, 2)]),  # from 3 on
        (Abs(n - 2), n - 2, [n > pi]),
        (Abs(m - 4), 4 - m, [m < pi + 1]),  # down from 4
        (Abs(m - 4), 4 - m, [m < 5]),
        (Abs(m - r), m - r, [m > r]),  # no whole number is known to be the first
        (Abs(n), n, [Eq(n, r)]),
        (Abs(r), r, [Abs(r - 2) < 2]),
        (Abs(r), r, [sympy.Gt(2, Abs(r - 2))]),
        ([r < 1], [r < 1], [r > 0]),
        (Abs(r), r, [sympy.Not(r < 0), sympy.Or(r < 1, r > 2)]),
        (a * a, a**2, [a < oo]),
        ({sympy.S.One, Abs(r)}, {r, sympy.S.One}, [r > 1]),
        (sympy.ring([r], sympy.ZZ)[1] ** 2, r * r, [r > 1]),
    ],
)
def test_what_conditions_tell(left: Any, right: Any, where: Any) -> None:
    assert compare_where(left, right, where) == HOLDS


def test_false_where_conditions_hold() -> None:
    assert compare_where(Abs(n - 2), 2 - n, [n > Rational(5, 2)]).is_refuted
    assert compare_where(a, 2 * a, [a < oo]).is_refuted
    assert compare_where(r, s, [sympy.Xor(r > 0, s > 0)]).is_refuted


def test_conditions_that_nothing_fulfils() -> None:
    for where in ([Eq(n, 2 * k + Rational(1, 2))], [r**2 < 0], [Abs(r) < -1]):
        with pytest.raises(ArgumentError, match="fulfil"):
            conditions(where)
    inside = sympy.Contains(r, sympy.Interval(0, 1))  # not of a form that is understood
    assert compare_where(Abs(r), r, [inside]).outcome == "undecided"
    assert "no point that fulfils B" in compare_where(a, a, [sympy.Symbol("B")]).detail


def test_covers_stay_small() -> None:
    """What has too many alternatives is left out, which makes the cover larger; it takes no time to see."""
    either = [sympy.Or(v < 1, v > 2) for v in sympy.symbols("v:24", real=True)]
    assert cover([sympy.Or(sympy.And(*either), s > 0)]) == [{}]
    assert cover([sympy.Or(*(r < -i for i in range(20)))]) == [{}]
    assert compare_where(Abs(s), s, [sympy.Or(*(r < -i for i in range(20))), s > 0]) == HOLDS
    closed = [part for v in sympy.symbols("v:5", real=True) for part in (v >= 0, v <= 1)]
    assert cover(closed) == [{}]  # each is inside, or at its end
    many = [sympy.Eq((v - 1) * (v - 2), 0) for v in sympy.symbols("v:4", real=True)]
    assert len(cover(many)) == 16


# Terms


@pytest.mark.parametrize(
    "term",
    [
        ((-1) ** (n / 2) + 1) * ((-1) ** (n / 2) - 1),  # (-1)**n - 1
        ((-1) ** x + 1) * ((-1) ** x - 1),
        rf(x, n + 1) - rf(x, n) * (x + n + 1),
        gamma(n * (n + 1) - n**2 - n + 3) - 3,
    ],
)
def test_terms_that_are_not_zero(term: sympy.Expr) -> None:
    assert not terms.is_zero(term)
    assert compare(term, 0) != HOLDS


@pytest.mark.parametrize(
    "term",
    [
        ((-1) ** n + 1) * ((-1) ** n - 1),
        rf(x, n + 1) - rf(x, n) * (x + n),
        gamma(n * (n + 1) - n**2 - n + 3) - 2,
        (sympy.Symbol("x2") - sympy.Symbol("x10")) ** n
        - (-1) ** n * (sympy.Symbol("x10") - sympy.Symbol("x2")) ** n,
    ],
)
def test_terms_that_are_zero(term: sympy.Expr) -> None:
    assert terms.is_zero(term)


@pytest.mark.parametrize(
    ("term", "why"),
    [
        (chebyshevt(n, 2**k), "are no terms"),
        (chebyshevt(n, (a + 1) ** 2 - a**2 - 2 * a), "counted, not terms"),
        (chebyshevt(n / 2, x), "may not be whole"),
        (x ** (n + 501), "too large a power"),
        (gamma(x + 201), "too far from"),
        (gamma(n * (n + 1) - n**2 - n - 3), "no rational value"),
        (ff(x, n * (n + 1) - n**2 - n - 2), "factorial of -2 factors"),
        (sympy.cos(x), "made of cos"),
    ],
)
def test_what_is_no_term_is_refused(term: sympy.Expr, why: str) -> None:
    with pytest.raises(terms.NotATermError, match=why):
        terms.is_zero(term)


def test_ratios_keep_what_does_not_depend_on_the_symbol() -> None:
    for rest in (2**n, factorial(n), sqrt(x)):
        assert sympy.simplify(terms.ratio(k + rest, k) - (k + 1 + rest) / (k + rest)) == 0
    with pytest.raises(terms.NotATermError, match="not rational in k"):
        terms.ratio(2**k + 1, k)


# Certificates


def test_polynomials_that_vanish_somewhere() -> None:
    zero = sympy.S.Zero
    for written in (zero, (n + 1) ** 2 - n**2 - 2 * n - 1):
        assert not vanishes_nowhere(written, k, zero, n, n, 0)
    assert vanishes_nowhere((n + 1) ** 2 - n**2 - 2 * n, k, zero, n, n, 0)
    assert not vanishes_nowhere(k**2 + 1, k, zero, n, n, 0)  # it does not, but it is not linear
    assert vanishes_nowhere(x * (k + 1) + k - n - 1, k, zero, n, n, 0)
    assert not vanishes_nowhere(k - sympy.sqrt(2), k, zero, n, n, 0)


def test_sums_without_a_certificate() -> None:
    for term in (1 / (k + 1), binomial(n, k), factorial(k)):
        with pytest.raises(UndecidedError, match="does not telescope"):
            certificate(term, k)
    with pytest.raises(UndecidedError, match="order up to 0"):
        certificate(binomial(n, k), k, n, order=0)
    with pytest.raises(UndecidedError, match="ratio of neighbouring terms has degree 58"):
        certificate(k**58, k)
    with pytest.raises(UndecidedError, match="would have degree 59"):
        certificate(gamma(k + 1) / gamma(k + 61), k)
    assert certificate(k**5, k).is_valid()


# Enclosures


def test_bounds_that_are_not_known() -> None:
    around = {x: (Fraction(-1), Fraction(1))}
    for expr in (1 / x, log(x), sqrt(x), gamma(x), exp(1 / x), x + oo, exp(exp(exp(exp(3) + x))), y):
        assert bounds(expr, 60, around) is None
    assert bounds(exp(10**9), 60) is None  # too many digits to be written down
    assert bounds(log(x), 60, {x: UNIT}) is None


def test_bounds_hold_what_they_enclose() -> None:
    cases: list[tuple[sympy.Expr, Fraction | int, Fraction | int]] = [
        (Abs(x), 0, 1),
        (sqrt(Abs(x)), 0, 1),
        (1 / (x + 2), Fraction(1, 3), 1),
        (x**2, 0, 1),
        (exp(-(10**9) * (x + 2)), 0, 0),
        (-exp(-(10**9) * (x + 2)), 0, 0),
    ]
    for expr, low, high in cases:
        found = bounds(expr, 60, {x: (Fraction(-1), Fraction(1))})
        assert found is not None
        assert found[0] <= low
        assert high <= found[1]
        assert found[1] - found[0] <= high - low + Fraction(1, 2**20)


def test_numbers_of_any_size_are_told_from_zero() -> None:
    for number in (exp(-(10**12)), exp(10**12), sympy.pi ** (10**10), -exp(-(10**12))):
        assert excludes_zero(number, 60)
        assert compare(number, 0).is_refuted
    assert not excludes_zero(sympy.zeta(3), 60)


# Comparisons


def test_blocks_are_multiplied_by_blocks() -> None:
    blocks = Blocks.of([2], [3], [[1]])
    assert (blocks @ blocks).at(2) == blocks.at(2) ** 2
    with pytest.raises(TypeError, match="unsupported operand"):
        _ = blocks @ cast(Any, 3)


def test_infinite_values_differ_from_finite_ones_only() -> None:
    for series in (sympy.Sum(1, (k, 1, oo)), sympy.Sum(1 / k, (k, 1, oo))):
        assert compare(series, oo).outcome == compare(oo, series).outcome == "undecided"
    for other in (-oo, sympy.S.One, sqrt(2), pi):
        assert compare(oo, other).is_refuted


def test_what_has_no_enclosure_and_no_normal_form_is_undecided() -> None:
    assert compare(sympy.zeta(3), sympy.Catalan).outcome == "undecided"
    assert compare(Abs(sympy.Symbol("i", imaginary=True)), y).outcome == "undecided"  # no rational points
    with pytest.raises(InexactError, match="float in it"):
        identity("", lambda: x, lambda: sympy.Float(1) * x).run()


def test_polynomials_of_different_rings() -> None:
    _, narrow = sympy.ring("x", sympy.ZZ)
    _, wide, _ = sympy.ring("x y", sympy.QQ)
    assert compare(narrow**2 + 1, wide**2 + 1) == HOLDS
    assert compare(narrow**2 + 1, wide**2 + 2).is_refuted
    assert compare((1, 2, 3), sympy.Tuple(1, 2, 3)) == compare(range(3), (0, 1, 2)) == HOLDS


def test_numbers_that_nobody_means_are_refused() -> None:
    with pytest.raises(TooCostlyError, match="numbers are taken up to"):
        limit("", x, x, 0, 2**20_000)
    with pytest.raises(InexactError, match="has a float in it"):
        limit("", x * sympy.Float(1), x, 0, 0)


# Derivations


def test_labels_of_derivations_are_of_steps_before() -> None:
    def theorem(*steps: Step) -> Derivation:
        return Derivation("99", "doubling", "$2x$", (), "folklore", steps)

    doubling = identity("x + x = 2x", lambda: x + x, lambda: 2 * x)
    false = identity("x + x = 3x", lambda: x + x, lambda: 3 * x)
    first = Step("2x", "yes", doubling, false, label="two")
    assert len(theorem(first, Step("2x", r"by \eqref{two}", doubling, false)).steps) == 2
    with pytest.raises(ArgumentError, match="step 1 refers to 'three'"):
        theorem(Step("2x", r"by \eqref{three}", doubling, false))
    with pytest.raises(ArgumentError, match="two steps labelled 'two'"):
        theorem(first, first)
