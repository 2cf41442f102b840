"""Numbers of laws of an integer: by definition in fractions, and as SymPy and SciPy have them."""

import math
from fractions import Fraction
from itertools import accumulate
from typing import Any

import mpmath
import oracles
import pytest
import strategies
import sympy
from hypothesis import given, settings

import exactav as ea
from exactav.errors import NotRationalError, OptionError, TooCostlyError, UndecidedError

few = settings(max_examples=25)
alpha = sympy.Symbol("alpha", positive=True)
z = sympy.Symbol("z")
ROOT = sympy.sqrt(2) / 3
Table = dict[int, Fraction]


def network(data: Any) -> ea.Network:
    return ea.Network(data.weights, data.thresholds, drive=data.drive, increment=data.increment)


def sizes(data: Any) -> Table:
    table = oracles.assembly_law_by_listing(data.weights, data.thresholds, data.drive)
    found = oracles.push_forward(table, len)
    return {size: p for size, p in sorted(found.items()) if p}


def rational(x: Fraction) -> sympy.Rational:
    return sympy.Rational(x.numerator, x.denominator)


def central(table: Table, order: int) -> Fraction:
    mean = sum(x * p for x, p in table.items())
    return sum(((x - mean) ** order * p for x, p in table.items()), Fraction(0))


def cumulants(table: Table) -> list[Fraction]:
    """Of orders 1 to 5, by central moments."""
    mean = sum((x * p for x, p in table.items()), Fraction(0))
    mu = [central(table, order) for order in range(6)]
    return [mean, mu[2], mu[3], mu[4] - 3 * mu[2] ** 2, mu[5] - 10 * mu[3] * mu[2]]


def check(rounded: Any, true: sympy.Expr) -> None:
    """A float within the bound that it says, of a number that may be negative or irrational."""
    bound = sympy.Rational(rounded.error_bound)
    gap = sympy.Abs(sympy.Rational(float(rounded)) - true) - bound * sympy.Abs(true)
    assert gap == 0 or gap.evalf(60) <= 0


def check_unless_undecided(ask: Any, true: sympy.Expr) -> bool:
    try:
        found = ask()
    except UndecidedError:
        return False
    check(found, true)
    return True


@few
@given(strategies.rational_networks())
def test_moments_by_definition(data: Any) -> None:
    table, net = sizes(data), network(data)
    law, rounded = ea.size_law(net), ea.size_law(net, arithmetic="float")
    shift = 2
    for change in (lambda x: x, lambda x: x - shift, lambda x: 3 - x * x):
        found, floats = law.map(change), rounded.map(change)
        image = oracles.push_forward(table, change)
        for order, kappa in enumerate(cumulants(image), start=1):
            assert found.cumulant(order) == rational(kappa)
            check_unless_undecided(lambda order=order: floats.cumulant(order), rational(kappa))  # noqa: B023
            falling = sum(p * math.prod(range(x - order + 1, x + 1)) for x, p in image.items())
            assert found.factorial_moment(order) == rational(Fraction(falling))
            check_unless_undecided(
                lambda order=order: floats.factorial_moment(order),  # noqa: B023
                found.factorial_moment(order),
            )
            moment = rational(sum((p * x**order for x, p in image.items()), Fraction(0)))
            assert found.moment(order) == moment
            check_unless_undecided(lambda order=order: floats.moment(order), moment)  # noqa: B023
        assert found.factorial_moment(0) == found.moment(0) == 1
        if len(image) == 1:
            for ask in (found.skewness, found.kurtosis, floats.skewness, floats.kurtosis):
                with pytest.raises(OptionError, match="of one outcome"):
                    ask()
            continue
        kappas = cumulants(image)
        skewness = rational(kappas[2]) / sympy.sqrt(rational(kappas[1])) ** 3
        assert sympy.simplify(found.skewness() - skewness) == 0
        assert found.kurtosis() == rational(kappas[3] / kappas[1] ** 2)
        check_unless_undecided(floats.skewness, skewness)
        check_unless_undecided(floats.kurtosis, found.kurtosis())
        for value in (Fraction(1, 3), Fraction(-2), Fraction(5, 4)) if min(image) >= 0 else ():
            expected = rational(sum((p * value**x for x, p in image.items()), Fraction(0)))
            assert found.pgf(value) == expected
            check_unless_undecided(lambda value=value: floats.pgf(rational(value)), expected)  # noqa: B023


@few
@given(strategies.rational_networks())
def test_distribution_by_definition(data: Any) -> None:
    table, net = sizes(data), network(data)
    law, rounded = ea.size_law(net), ea.size_law(net, arithmetic="float")
    sums = dict(zip(table, accumulate(table.values()), strict=True))
    for x in (-1, 0, Fraction(1, 2), 1, 2.5, sympy.sqrt(5), 3, net.n_units, math.inf, -math.inf, sympy.oo):
        below = sum((p for size, p in table.items() if size <= float(x)), Fraction(0))
        assert law.cdf(x) == rational(below)
        assert law.sf(x) == 1 - rational(below)
        check(rounded.cdf(x), rational(below))
        check(rounded.sf(x), rational(1 - below))
    levels = [Fraction(0), Fraction(1, 7), Fraction(1, 2), Fraction(9, 10), Fraction(1), *sums.values()]
    for q in levels:
        expected = next(size for size, total in sums.items() if total >= q)
        assert law.quantile(q) == expected
        try:
            assert rounded.quantile(q) == expected
        except UndecidedError:
            assert min(abs(total - q) for total in sums.values()) < Fraction(1, 10**10)
    assert rounded.quantile(1) == max(table)
    assert rounded.quantile(0) == min(table)
    assert law.median() == law.quantile("1/2")
    mode = min(table, key=lambda size: (-table[size], size))
    assert law.mode() == mode
    try:
        assert rounded.mode() == mode
    except UndecidedError:
        assert sorted(table.values())[-1] - sorted(table.values())[-2] < Fraction(1, 10**10)


@few
@given(strategies.rational_networks())
def test_covariances_by_definition(data: Any) -> None:
    net = network(data)
    if net.n_units == 1:
        return
    table = oracles.assembly_law_by_listing(data.weights, data.thresholds, data.drive)
    groups = [net.labels[:1], net.labels[1:]]
    law, rounded = ea.composition_law(net, groups), ea.composition_law(net, groups, arithmetic="float")
    counts = oracles.push_forward(table, lambda a: (int(0 in a), len(a - {0})))
    means = [sum(o[k] * p for o, p in counts.items()) for k in (0, 1)]
    cov = [
        [sum((o[i] - means[i]) * (o[j] - means[j]) * p for o, p in counts.items()) for j in (0, 1)]
        for i in (0, 1)
    ]
    for i in (0, 1):
        for j in (0, 1):
            expected = rational(Fraction(cov[i][j]))
            assert law.covariance(i, j) == expected
            check_unless_undecided(lambda i=i, j=j: rounded.covariance(i, j), expected)
    # variances of sums, by laws of another road
    assert law.size_law().variance() == law.covariance(0, 0) + 2 * law.covariance() + law.covariance(1, 1)
    if cov[0][0] and cov[1][1]:
        expected = rational(Fraction(cov[0][1])) / sympy.sqrt(rational(cov[0][0] * cov[1][1]))
        assert sympy.simplify(law.correlation() - expected) == 0
        assert law.correlation(1, 1) == 1
        check_unless_undecided(rounded.correlation, expected)
    else:
        with pytest.raises(OptionError, match="always the same"):
            law.correlation()
    with pytest.raises(OptionError, match="no place 2"):
        law.covariance(0, 2)


def test_bounds_are_useful() -> None:
    """Where nothing cancels, floats keep nearly all their digits; where all does, they are refused."""
    law = ea.size_law(ea.families.ring(12, "9/10"), arithmetic="float")
    for number in (
        *(law.cumulant(order) for order in range(1, 5)),
        law.skewness(),
        law.kurtosis(),
        law.pgf("1/2"),
        law.pgf(-1),
    ):
        assert 0 < number.error_bound < 1e-9
    symmetric = ea.size_law(ea.families.homogeneous(3, "3/4"), arithmetic="float")
    with pytest.raises(UndecidedError, match="below the error"):
        symmetric.skewness()
    with pytest.raises(UndecidedError, match="closer than the error"):
        symmetric.mode()
    with pytest.raises(UndecidedError, match="closer than the error"):
        symmetric.quantile("5/8")


def test_irrational_numbers() -> None:
    """Orders of roots are decided, also of roots that are equal."""
    net = ea.Network([[0, ROOT, 0], ["1/3", 0, ROOT], ["1/5", "1/7", 0]])
    law = ea.size_law(net)
    values = {size: mpmath.mpf(p.evalf(50)) for size, p in law.items()}
    mean = sum(x * p for x, p in values.items())
    var = sum((x - mean) ** 2 * p for x, p in values.items())
    third = sum((x - mean) ** 3 * p for x, p in values.items())
    fourth = sum((x - mean) ** 4 * p for x, p in values.items())
    for found, expected in (
        (law.mean(), mean),
        (law.cumulant(3), third),
        (law.skewness(), third / mpmath.power(var, 1.5)),
        (law.kurtosis(), fourth / var**2 - 3),
        (law.pgf(ROOT), sum(p * mpmath.mpf(ROOT.evalf(50)) ** x for x, p in values.items())),
    ):
        assert abs(mpmath.mpf(str(ea.evaluate(found, 30))) - expected) < abs(expected) * 1e-13
    assert law.mode() == max(values, key=values.__getitem__)
    for q in (law[1], law.cdf(2), sympy.sqrt(3) - sympy.sqrt(2)):
        expected_x = next(x for x in values if sympy.N(law.cdf(x) - q, 60) >= -(10**-50))
        assert law.quantile(q) == expected_x
    assert law.quantile(law.cdf(1) + sympy.Rational(1, 10**40)) == 2
    assert law.quantile(1) == 3
    # reached exactly, written in another way
    one = ea.size_law(ea.families.homogeneous(2, ROOT))
    assert one.quantile(sympy.radsimp(1 - one[2])) == 1


def test_symbols() -> None:
    law = ea.size_law(ea.families.homogeneous(3, alpha))
    at = law.at({alpha: "1/3"})
    for name, arguments in (
        ("factorial_moment", (2,)),
        ("cumulant", (3,)),
        ("cumulant", (4,)),
        ("skewness", ()),
        ("kurtosis", ()),
        ("cdf", (2,)),
        ("sf", (1,)),
    ):
        symbolic = getattr(law, name)(*arguments)
        assert symbolic.free_symbols == {alpha}
        assert sympy.simplify(symbolic.subs(alpha, sympy.Rational(1, 3)) - getattr(at, name)(*arguments)) == 0
    polynomial = law.pgf()
    assert sympy.cancel(polynomial.diff(z, 2).subs(z, 1) - law.factorial_moment(2)) == 0
    assert sympy.cancel(polynomial.subs(z, 1) - 1) == 0
    assert sympy.Poly(at.pgf(), z).degree() == 3
    assert sympy.cancel(law.pgf(alpha) - polynomial.subs(z, alpha)) == 0
    for ask in (law.mode, law.median, lambda: law.quantile(ROOT)):
        with pytest.raises(NotRationalError):
            ask()
    for ask in (lambda: at.quantile(alpha), lambda: law.cdf(alpha), lambda: at.quantile(sympy.sqrt(2))):
        with pytest.raises(OptionError):
            ask()
    with pytest.raises(OptionError, match="give another one"):
        ea.size_law(ea.families.homogeneous(3, z)).pgf()


def test_sympy_and_scipy_say_the_same() -> None:
    from sympy import stats

    law = ea.size_law(ea.Network([[0, "1/3", "1/9"], ["1/5", 0, 0], ["1/2", "1/7", 0]]))
    X = stats.FiniteRV("X", dict(law.pmf()))
    assert law.skewness() == sympy.simplify(stats.skewness(X))
    assert law.kurtosis() == sympy.simplify(stats.kurtosis(X)) - 3
    assert law.factorial_moment(2) == stats.factorial_moment(X, 2)
    assert law.variance() == stats.variance(X)
    scipy_stats = pytest.importorskip("scipy.stats")
    frozen = scipy_stats.rv_discrete(values=law.to_numpy())
    mean, var, skew, kurt = frozen.stats(moments="mvsk")
    for found, expected in (
        (mean, law.mean()),
        (var, law.variance()),
        (skew, law.skewness()),
        (kurt, law.kurtosis()),
        (frozen.cdf(2), law.cdf(2)),
        (frozen.sf(1), law.sf(1)),
        (frozen.entropy(), law.entropy()),
    ):
        assert math.isclose(float(found), float(expected), rel_tol=1e-9, abs_tol=1e-12)
    for q in ("1/10", "1/2", "95/100"):
        assert frozen.ppf(float(sympy.Rational(q))) == law.quantile(q)
    assert frozen.median() == law.median()


LONG: dict[str, Any] = {
    "exact": lambda: ea.size_law(ea.families.homogeneous(5, "1/2")),
    "float": lambda: ea.size_law(ea.families.homogeneous(5, "1/2"), arithmetic="float"),
    "symbols": lambda: ea.size_law(ea.families.homogeneous(5, sympy.Symbol("a"))),
    "negative": lambda: ea.size_law(ea.families.homogeneous(5, "1/2")).map(lambda x: x - 3),
    "negative floats": lambda: ea.size_law(ea.families.homogeneous(5, "1/2"), arithmetic="float").map(
        lambda x: x - 3
    ),
}


@pytest.mark.parametrize("name", LONG)
def test_moments_of_huge_orders_are_refused_at_once(name: str) -> None:
    law = LONG[name]()
    for order in (10**7, 10**30, 10**400):
        with pytest.raises(TooCostlyError, match=r"moment of order .* bits"):
            law.moment(order)
    with pytest.raises(OptionError, match="below"):
        law.moment(10**5000)
    if "negative" in name:
        with pytest.raises(TooCostlyError, match=r"factorial moment of order .* bits"):
            law.factorial_moment(10**30)
    else:
        assert law.factorial_moment(10**30) == 0
    with pytest.raises(OptionError, match="at most 60"):
        law.cumulant(10**30)


def test_moments_of_long_orders_are_those_of_the_definition() -> None:
    law = ea.size_law(ea.families.homogeneous(5, "1/2"))
    assert law.moment(3000) == sum(p * sympy.Integer(x) ** 3000 for x, p in law.items())
    signs = law.map(lambda x: (-1) ** x)
    assert signs.moment(10**30) == 1
    assert signs.moment(10**30 + 1) == signs.mean()
    assert law.map(lambda x: x * 10**9).factorial_moment(7) > 0
    with pytest.raises(TooCostlyError, match="factorial moment"):
        law.map(lambda x: x * 10**9).factorial_moment(10**9)


def test_the_mode_is_the_smallest_of_several_with_roots() -> None:
    """Down a line: P(1) = 1 - x and P(2) = x (1 - y), the same where y = 2 - 1/x."""
    x = 2 * sympy.sqrt(2) / 5
    law = ea.size_law(ea.Network([[0, 0, 0], [x, 0, 0], [0, 2 - 1 / x, 0]]), 0)
    assert sympy.radsimp(law[1] - law[2]) == 0
    assert law.mode() == 1
    assert law.map(lambda size: 4 - size).mode() == 2
