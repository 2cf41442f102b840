"""Symbols: values by one policy, roots and exponentials of symbols, series and limits, equations."""

import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, exp, log, oo, sqrt

import exactav as ea
from exactav.errors import (
    ArgumentError,
    InexactError,
    InvalidNetworkError,
    OptionError,
    TooCostlyError,
    UndecidedError,
    UnknownSymbolError,
)

a, b, N, eps = sympy.symbols("alpha beta N eps")


def _mixed() -> ea.Network:
    return ea.Network(
        [[0, sqrt(1 - a), 0], [a / 3, 0, exp(-b / 2) / 4], [exp(-b) / 5, a * sqrt(2) / 9, exp(-2 * b) / 7]],
        thresholds=[2, 1, 1],
    )


VALUES = [
    (ea.families.homogeneous(3, sqrt(a)), {a: Rational(1, 4)}),
    (ea.families.homogeneous(3, sqrt(a)), {a: Rational(1, 3)}),
    (ea.families.homogeneous(3, "1 - 1/sqrt(N)"), {N: 9}),
    (ea.families.homogeneous(3, "1 - 1/sqrt(N)"), {N: 7}),
    (ea.families.ring(4, a ** Rational(2, 3)), {a: Rational(1, 8)}),
    (ea.families.ring(4, "exp(-beta)"), {b: log(3)}),
    (ea.families.ring(3, sqrt(1 - a)), {a: Rational(3, 4)}),
    pytest.param(_mixed(), {a: Rational(3, 4), b: 2 * log(3)}, marks=pytest.mark.slow),
    pytest.param(_mixed(), {a: Rational(1, 2), b: 0}, marks=pytest.mark.slow),
    (ea.Network([[0, sqrt(a * b)], [b / 2, 0]]), {a: Rational(1, 4), b: Rational(1, 9)}),
    (ea.Network([[0, sqrt(1 + a) / 2], [sqrt(2 + 2 * a) / 5, 0]]), {a: Rational(1, 8)}),
]


@pytest.mark.parametrize(("net", "values"), VALUES)
def test_putting_values_in_and_the_law_commute(net: ea.Network, values: dict[Any, Any]) -> None:
    law, there = ea.assembly_law(net), net.at(values)
    assert set(net.symbols) == set(values)
    assert law.at(values) == ea.assembly_law(there)
    assert sympy.Add(*law.values()).subs(values).equals(1)
    for question in (ea.mean_size, ea.avalanche_probability if net.increment else ea.participation_overall):
        found: Any = question(net)
        wanted: Any = question(there)
        assert sympy.Matrix([found]).subs(values).equals(sympy.Matrix([wanted]))
    assert pickle.loads(pickle.dumps(law)) == law
    assert pickle.loads(pickle.dumps(net)) == net
    assert "Dummy" not in sympy.srepr(sum(law.values()))
    assert all(p.free_symbols <= set(values) for p in law.values())


@pytest.mark.slow
@settings(max_examples=15)
@given(st.fractions(Fraction(1, 20), Fraction(19, 20)), st.fractions(0, 3), st.sampled_from([0, 1, 2]))
def test_symbolic_laws_are_the_numeric_ones_everywhere(x: Fraction, y: Fraction, start: int) -> None:
    """Against 50 digits of the law of a network whose entries are numbers of mpmath rounded to fractions."""
    law = ea.size_law(_mixed(), start=start)
    with mpmath.workdps(60):
        point = {a: mpmath.mpf(x.numerator) / x.denominator, b: mpmath.mpf(y.numerator) / y.denominator}
        entries = {
            place: Fraction(
                int(mpmath.floor(sympy.lambdify([a, b], w, "mpmath")(*point.values()) * 10**50)), 10**50
            )
            for place, w in law.network.entries.items()
        }
        near = ea.size_law(ea.Network.from_entries(3, entries, thresholds=[2, 1, 1]), start=start)
        for size in law:
            value = sympy.lambdify([a, b], law[size], "mpmath")(*point.values())
            assert abs(value - mpmath.mpf(near[size].p) / near[size].q) < mpmath.mpf(10) ** -40


def test_what_is_equal_is_the_same_network() -> None:
    pairs = [
        ((sqrt(a) + 1) * (sqrt(a) - 1) + 1, a),
        ((sqrt(1 - a) + 1) * (sqrt(1 - a) - 1) + 1, 1 - a),
        (exp(b / 2) * exp(b / 2) / 9, exp(b) / 9),
        (sqrt(2 + 2 * a), sqrt(2) * sqrt(1 + a)),
        ((a ** Rational(1, 6)) ** 2, a ** Rational(1, 3)),
        ((1 - sqrt(a)) * (1 + sqrt(a)) / (1 - a), sympy.Integer(1)),
    ]
    for one, other in pairs:
        nets = [ea.Network([[0, x / 9], [0, 0]]) for x in (one, other)]
        assert nets[0] == nets[1]
        assert hash(nets[0]) == hash(nets[1])
        assert nets[0].field == nets[1].field
    assert ea.Network([[0, sqrt(a)], [0, 0]]) != ea.Network([[0, a], [0, 0]])


REFUSED = [
    (sqrt(a) + sqrt(1 - a), "one for each root"),
    (sympy.sin(a), "not made of symbols"),
    (exp(1 + b), "exponents are sums"),
    (exp(a * b / (1 + a)), "exponents are sums"),
    (exp(exp(b)), "exponents are sums"),
    (exp(5000 * b), "coefficients are taken"),
    (a**b, "not made of symbols"),
    (2**b, "not made of symbols"),
    (sqrt(a**2 + 1), "linear in a symbol"),
    (sqrt(1 / a), "no polynomial"),
    (sqrt(1 + sqrt(a)), "no polynomial"),
    (sqrt(1 + exp(b)), "no polynomial"),
    (sqrt(eps**2), "linear in a symbol"),
    (a ** Rational(1, 1009), "above 100"),
    (exp(1), "not a real algebraic number"),
]


@pytest.mark.parametrize(("entry", "message"), REFUSED)
def test_what_is_not_understood_is_refused(entry: sympy.Expr, message: str) -> None:
    with pytest.raises(InexactError, match=message):
        ea.Network([[0, entry], [0, 0]])


# One policy.


POSITIVE = sympy.Symbol("alpha", positive=True)
WAYS: list[Callable[[Any], Any]] = [
    lambda thing: thing.at({a: "1/3"}),
    lambda thing: thing.at({"alpha": Rational(1, 3)}),
    lambda thing: thing.at({POSITIVE: Fraction(1, 3)}),
    lambda thing: thing.at(alpha="1/3"),
    lambda thing: thing.at({}, alpha="1 - 2/3"),
    lambda thing: thing.at(alpha="1 - eps").at(eps="2/3"),
    lambda thing: thing.at(alpha=POSITIVE / 2).at(alpha="2/3"),
    lambda thing: thing.at(alpha="sqrt(eps)").at(eps="1/9"),
]


@pytest.mark.parametrize("way", WAYS)
def test_networks_laws_and_formulas_take_values_alike(way: Callable[[Any], Any]) -> None:
    for alpha in (a, POSITIVE):
        net = ea.families.homogeneous(3, alpha)
        assert way(net) == ea.families.homogeneous(3, "1/3")
        assert way(ea.size_law(net)) == ea.size_law(ea.families.homogeneous(3, "1/3"))


def test_formulas_take_some_values_and_expressions() -> None:
    size = ea.formulas.get("homogeneous.size")
    net = ea.families.homogeneous(4, a)
    law = ea.size_law(net)
    for L in law:
        assert (size.at(N=4, L=L) - law[L]).equals(0)
        assert size.at(N=4, L=L, alpha="1/3") == law.at(alpha="1/3")[L]
        assert (size.at({"N": 4}, L=L, alpha="1 - eps") - law.at(alpha="1 - eps")[L]).equals(0)
        assert size.at(L=L, alpha=POSITIVE) == size.at(L=L)
        assert size.evaluate(N=4, L=L, alpha="1/3", digits=12) == size.evaluate(
            {"N": 4, "L": L, "alpha": "1/3"}, 12
        )
    with pytest.raises(OptionError, match="breaks"):
        size.at(N=4, L=5)
    with pytest.raises(UnknownSymbolError, match="did you mean 'alpha'"):
        size.at(N=4, alfa="1/2")


def test_formulas_share_their_symbols() -> None:
    seen: dict[str, sympy.Symbol] = {}
    for formula in ea.formulas.catalogue().values():
        for symbol in [*formula.symbols, *formula.expr.free_symbols]:
            assert seen.setdefault(symbol.name, symbol) == symbol, formula.id
    assert {"N", "L", "alpha"} <= set(seen)


def test_wrong_values_are_refused() -> None:
    net = ea.families.homogeneous(3, a)
    for thing in (net, ea.size_law(net), ea.formulas.get("homogeneous.mean")):
        things: Any = thing
        with pytest.raises(UnknownSymbolError, match="did you mean 'alpha'"):
            things.at(alpa="1/2")
        with pytest.raises(UnknownSymbolError, match="two values"):
            things.at({"alpha": "1/2"}, alpha="1/2")
        with pytest.raises(UnknownSymbolError, match="two values"):
            things.at({a: "1/2", POSITIVE: "1/2"})
        with pytest.raises(InexactError, match="float"):
            things.at(alpha=0.5)
        with pytest.raises(ArgumentError, match="mapping"):
            things.at([("alpha", 1)])
        with pytest.raises(ArgumentError, match="names no symbol"):
            things.at({3: 1})
    with pytest.raises(UnknownSymbolError, match="floating point"):
        ea.size_law(ea.families.ring(3, "1/2"), arithmetic="float").at(alpha=1)


# Calculus.


def test_derivatives_are_those_of_the_probabilities() -> None:
    mixed = ea.Network([[0, sqrt(1 - a)], [a * exp(-b) / 3, 0]], thresholds=[2, 1])
    for net in (ea.families.ring(4, a), ea.families.homogeneous(3, sqrt(a)), mixed):
        law = ea.size_law(net)
        found = law.diff("alpha")
        assert sympy.Add(*found.values()).equals(0)
        at = {a: Rational(1, 3), b: Rational(1, 2)}
        for size, slope in found.items():
            step = Rational(1, 10**12)
            ends = [law[size].subs({a: at[a] + sign * step, b: at[b]}).n(40) for sign in (1, -1)]
            assert abs((ends[0] - ends[1]) / (2 * step) - slope.subs(at).n(40)) < 1e-15
    second = ea.size_law(ea.families.ring(3, a)).diff(a, 2)
    for size, p in ea.size_law(ea.families.ring(3, a)).items():
        assert sympy.cancel(second[size] - sympy.diff(p, a, 2)) == 0
    product = ea.size_law(ea.Network([[0, sqrt(a * b)], [exp(-a * b) / 9, 0]], increment=a * b / 9))
    assert sum(product.diff(a).values()).equals(0)
    assert product.per_step()[0].equals(1 - ea.avalanche_probability(product.network))
    for size, p in product.items():
        assert (product.diff(b)[size] - sympy.diff(p, b)).equals(0)
    roots = ea.size_law(ea.families.ring(3, sqrt(2) / 2)).network
    assert ea.size_law(roots.replace(weights={(0, 1): a / 2})).diff(a)[1].free_symbols == {a}


def test_series_are_those_of_sympy() -> None:
    law = ea.size_law(ea.families.ring(4, "1 - eps"))
    for size, series in law.series(eps, 0, 4).items():
        assert (series - sympy.series(law[size], eps, 0, 4)).removeO().equals(0)
        assert series.getO() == sympy.O(eps**4)
    assert law.series(eps, order=4) == law.series(eps, 0, 4)
    about = ea.size_law(ea.families.ring(4, a)).series("alpha", "1/2", 3)
    for size, series in about.items():
        p = ea.size_law(ea.families.ring(4, a))[size]
        for order in range(3):
            wanted = sympy.diff(p, a, order).subs(a, Rational(1, 2))
            assert sympy.diff(series.removeO(), a, order).subs(a, Rational(1, 2)) == wanted
    roots = ea.size_law(ea.families.homogeneous(3, sqrt(a))).series(a, 0, 2)
    assert roots[3].removeO().equals(a / 3 + 2 * a ** Rational(3, 2) / 9)


def test_limits_are_laws() -> None:
    law = ea.size_law(ea.families.ring(4, a))
    limit = law.limit(a, 1)
    assert limit.pmf() == {4: 1}
    assert limit.condition == "the limit alpha -> 1"
    assert law.limit(a, "1/3") == law.at(alpha="1/3")
    assert law.limit(a, "1/3").condition == ""
    sizes = ea.size_law(ea.families.homogeneous(4, "1 - 1/sqrt(N)")).limit("N", oo)
    assert sizes.pmf() == {4: 1}
    chain = ea.Network([[0, a], [1 - a, 0]])
    assert sum(ea.size_law(chain, start=0).limit(a, 1).values()) == 1
    with pytest.raises(UnknownSymbolError):
        law.limit("beta", 1)
    for ask in (lambda: limit.at(alpha="1/2"), lambda: limit.diff("alpha"), lambda: limit.limit("alpha", 0)):
        with pytest.raises(UnknownSymbolError, match="alpha is not a symbol of this law"):
            ask()
    assert law.given(lambda size: size > 1, "L > 1").limit("alpha", 0).pmf() == {2: 1}
    with pytest.raises(OptionError, match="negative"):
        law.limit("alpha", "3/2")
    two = ea.size_law(ea.Network([[0, a], [b, 0]])).limit("alpha", 0)
    assert two.at(beta="1/2").pmf() == {1: Rational(3, 4), 2: Rational(1, 4)}


# Equations.


def test_roots_are_where_the_mean_is_the_value() -> None:
    for net, mean in (
        (ea.families.ring(9, a), 4),
        (ea.families.star(6, a), Rational(3, 2)),
        (ea.families.line(8, a), 2),
    ):
        law = ea.size_law(net)
        solution = ea.solve(law.mean(), a, mean).one()
        low, high = solution.enclosure(30)
        assert high - low <= Rational(1, 10**30)
        ends = [
            ea.mean_size(net.at({a: end})) for end in (low - Rational(1, 10**30), high + Rational(1, 10**30))
        ]
        assert ends[0] < mean < ends[1]
        assert abs(Rational(str(solution.evaluate(25))) - low) < Rational(1, 10**24)


SOLVED: list[tuple[Any, Any, Any, tuple[Any, Any], list[Any]]] = [
    ("3/(3 - 2*x)", "x", 2, (0, 1), [Rational(3, 4)]),
    ("x**2", "x", "1/2", (0, 1), [sqrt(2) / 2]),
    ("x**2", "x", "1/2", (-oo, oo), [-sqrt(2) / 2, sqrt(2) / 2]),
    ("(x - 1/2)**2*(x - 1/3)*(x - 2)", "x", 0, (0, 1), [Rational(1, 3), Rational(1, 2)]),
    ("x**2 + 1", "x", 0, (0, 1), []),
    ("x", "x", 1, (0, 1), [1]),
    ("x", "x", 0, (0, 1), [0]),
    ("x**2", "x", 2, (0, "sqrt(2)"), [sqrt(2)]),
    ("sqrt(x)", "x", "3/4", (0, 1), [Rational(9, 16)]),
    ("sqrt(x)", "x", -1, (0, 2), []),
    ("sqrt(1 - x) + x", "x", 1, (0, 1), [0, 1]),
    ("exp(-x)", "x", "1/3", (0, 5), [log(3)]),
    ("exp(-x) + exp(x/2)", "x", 2, (-1, 1), [0, 2 * log((sqrt(5) + 1) / 2)]),
    ("exp(-x)", "x", 1, (0, 5), [0]),
    ("exp(x)", "x", -1, (0, 5), []),
    ("x*exp(-x)", "x", 0, (0, 5), [0]),
    ("sqrt(2)*x**2", "x", 1, (0, 1), [2 ** Rational(-1, 4)]),
    ("x**5 - x - 1", "x", 0, (0, oo), [sympy.CRootOf(sympy.Symbol("x") ** 5 - sympy.Symbol("x") - 1, 0)]),
]


@pytest.mark.parametrize(("left", "symbol", "right", "between", "wanted"), SOLVED)
def test_all_solutions_are_found(left: str, symbol: str, right: Any, between: Any, wanted: list[Any]) -> None:
    found = ea.solve(left, symbol, right, between=between)
    assert len(found) == len(wanted)
    for solution, number in zip(found, wanted, strict=True):
        low, high = solution.enclosure(40)
        assert low - Rational(1, 10**45) <= sympy.N(number, 60) <= high + Rational(1, 10**45)
        if solution.exact is not None:
            assert abs(sympy.N(solution.exact - number, 30)) < 1e-25
        if number != 0:
            assert abs(solution.evaluate(30) / sympy.N(number, 40) - 1) < 1e-29


@pytest.mark.slow
def test_solutions_without_polynomial_solve_the_equation() -> None:
    x = sympy.Symbol("x")
    cases: list[tuple[sympy.Expr, Any, int]] = [
        (x * exp(-x), Rational(1, 4), 2),
        (sqrt(x) * exp(-x), Rational(1, 10), 2),
        (x**2 + exp(-x), Rational(9, 10), 2),
        (x * exp(-x) / (1 + sqrt(x)), Rational(1, 8), 2),
        (sqrt(2) * x + exp(-x), Rational(1, 2), 0),
    ]
    for expr, value, count in cases:
        found = ea.solve(expr, x, value, between=(0, 10))
        assert len(found) == count
        for digits in found.evaluate(30):
            assert abs((expr - value).subs(x, digits).n(40)) < 1e-27


WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: ea.solve("x + y", "x", 1), OptionError, "other symbols, y"),
    (lambda: ea.solve("x", "y", 1), UnknownSymbolError, "'y' is no symbol"),
    (lambda: ea.solve("x", "x", 1, between=(1, 0)), OptionError, "the smaller one first"),
    (lambda: ea.solve("x", "x", 1, between=3), OptionError, "give two numbers"),  # type: ignore[arg-type]
    (lambda: ea.solve("x", "x", 1, between=("y", 1)), OptionError, "give two numbers"),
    (lambda: ea.solve("x**2 + 1", "x").one(), OptionError, "no solution from 0 to 1"),
    (lambda: ea.solve("x*(1 - x)", "x").one(), OptionError, "2 solutions from 0 to 1: 0, 1"),
    (lambda: ea.solve("x", "x", 0.5), InexactError, "float"),
    (lambda: ea.solve(sympy.Symbol("x") ** 400 - sympy.Symbol("x"), "x"), TooCostlyError, "degree 400"),
    (lambda: ea.solve("(x*exp(-x) - exp(-1)/1)**2", "x", between=(0, 3)), InexactError, "algebraic"),
    (lambda: ea.solve("x*exp(x)", "x", 1, between=(0, oo)), OptionError, "give rational ends"),
]


@pytest.mark.parametrize(("ask", "error", "message"), WRONG)
def test_wrong_equations_are_refused(ask: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        ask()


@pytest.mark.slow
def test_a_solution_that_a_function_only_touches_is_undecided() -> None:
    with pytest.raises(UndecidedError, match="only touches"):
        ea.solve("(x*exp(x) - 2)**2", "x", between=(0, 3))


def test_networks_at_the_border_are_refused() -> None:
    with pytest.raises(InvalidNetworkError):
        ea.families.homogeneous(3, sqrt(a)).at(alpha=4)
