"""Symbolic entries are bounded before they are worked on, and integers of any length are written."""

import json
import random
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import ZZ, ring

import exactav as ea
from exactav.errors import ExactavError, InexactError, InvalidNetworkError, OptionError, TooCostlyError
from exactav.interchange import from_json as network_from_json
from exactav.kernels.determinants import inverse
from exactav.numbers import coding
from exactav.numbers.cancelling import cancelled
from exactav.numbers.coding import coded
from exactav.numbers.digits import sign_of
from exactav.numbers.expressions import described, exact, shown
from exactav.numbers.extent import TooLargeError, extent
from exactav.numbers.fields import equal, normal_form
from exactav.numbers.signs import assumed_sign
from exactav.numbers.trees import replaced_in, text_of
from exactav.numbers.whole import integer_text

A, B = sympy.symbols("a b")
HANG = 60  # seconds, far above what anything here takes


def in_time(function: Any, *arguments: Any) -> Any:
    """What a function returns or raises as an ExactavError, guarded against hanging."""
    start = time.process_time()
    try:
        return function(*arguments)
    except ExactavError as error:
        return error
    finally:
        assert time.process_time() - start < HANG


def nested(times: Any, step: Any) -> sympy.Expr:
    expr = A
    for _ in range(times):
        expr = step(expr)
    return expr


TOO_LARGE = {
    "nested sums": nested(5_000, lambda e: sympy.Add(sympy.exp(e, evaluate=False), 1, evaluate=False)),
    "doubled": nested(90, lambda e: sympy.Mul(e, e, evaluate=False)),
    "power of ten": sympy.Pow(10, 10**9, evaluate=False),
    "power of power": sympy.Pow(sympy.Pow(10, 1000, evaluate=False), 1000, evaluate=False),
    "degree": A ** (10**6),
    "terms": (A + B + sympy.Symbol("c")) ** 5000,
    "fractions": sympy.Add(*(1 / (sympy.Symbol(f"a{i}") + i + 1) for i in range(16))),
    "digits": sympy.Integer(2) ** (2**21),
    "symbols below": 1 / sympy.Add(*sympy.symbols("x:300")),
    "root": sympy.sqrt(1 - A - B - sympy.Symbol("c")) + (A * B) ** 90,
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_grows_too_large_is_refused_before_it_is_multiplied_out(name: Any) -> None:
    found = in_time(exact, TOO_LARGE[name], "W[0, 1]")
    assert isinstance(found, TooCostlyError)
    assert str(found).startswith("W[0, 1]")
    assert len(str(found)) < 600
    refused = in_time(ea.Network, [[0, TOO_LARGE[name]], [0, 0]])
    assert isinstance(refused, TooCostlyError | InvalidNetworkError)


NO_NUMBERS = [
    sympy.nan,
    sympy.zoo,
    A + sympy.oo,
    sympy.AccumBounds(0, 1),
    A + 0.5,
    sympy.MatrixSymbol("M", 2, 2),
    sympy.Symbol("n", commutative=False),
    sympy.Mul(0, sympy.Pow(0, -1, evaluate=False), evaluate=False),
    sympy.Piecewise((A, A > 0), (1, True)),
    sympy.Integral(A, A),
    sympy.Sum(1 / A, (A, 1, 10**9)),
    sympy.factorial(10**9, evaluate=False),
    sympy.binomial(10**9, 5 * 10**8, evaluate=False),
    sympy.cos(sympy.pi / 1009),
    sympy.pi,
    sympy.I,
    sympy.Matrix([[1]]),
    sympy.true,
]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=str)
def test_what_is_no_exact_number_is_refused_unevaluated(value: Any) -> None:
    assert isinstance(in_time(ea.Network, [[0, value], [0, 0]]), ExactavError)
    assert isinstance(in_time(ea.Network([[0, A], [0, 0]]).at, {A: value}), ExactavError)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (sympy.Mul(2, sympy.Rational(1, 4), evaluate=False), "1/2"),
        (sympy.Pow(2, -1, evaluate=False), "1/2"),
        (sympy.Add(sympy.Rational(1, 4), sympy.Rational(1, 4), evaluate=False), "1/2"),
        (sympy.Mul(A, sympy.Pow(A, -1, evaluate=False), sympy.Rational(1, 3), evaluate=False), "1/3"),
        (sympy.Pow(sympy.Rational(1, 4), sympy.Rational(1, 2), evaluate=False), "1/2"),
    ],
)
def test_what_was_left_open_is_taken_at_its_value(value: Any, meant: Any) -> None:
    assert exact(value, "x") == sympy.Rational(meant)
    net = ea.Network([[0, value], [value, 0]])
    assert net.weights[0, 1] == sympy.Rational(meant)
    assert ea.size_law(net) == ea.size_law(ea.Network([[0, meant], [meant, 0]]))


def test_many_symbols_are_added_and_multiplied() -> None:
    symbols = sympy.symbols("x:600")
    for text, total in (("+".join, sympy.Add(*symbols)), ("*".join, sympy.Mul(*symbols[:400]))):
        net = in_time(ea.Network, [[0, text(list(map(str, total.args)))], ["1/2", 0]])
        assert net.weights[0, 1] == total
        assert ea.size_law(net, start=1)[1] == 1 - total


def test_sums_of_fractions_have_the_extent_that_they_get() -> None:
    for parts in range(1, 7):
        expr = sympy.Add(*(1 / (sympy.Symbol(f"a{i}") + i + 1) for i in range(parts)))
        _, (element,) = normal_form([expr])
        found = extent(expr)
        assert len(element.denom) == found.below.terms == 2**parts
        assert len(element.numer) <= found.terms <= 2**parts


def expressions(draw_leaf: Any) -> st.SearchStrategy[sympy.Expr]:
    """Random expressions, evaluated or not."""
    sizes = st.sampled_from(
        [1, 2, 3, -1, -2, sympy.Rational(1, 2), sympy.Rational(-1, 3), 40, -40, 10**7, 10**12]
    )

    def wider(inner: Any) -> st.SearchStrategy[sympy.Expr]:
        return st.one_of(
            st.tuples(st.sampled_from([sympy.Add, sympy.Mul]), st.lists(inner, min_size=1, max_size=3)).map(
                lambda made: made[0](*made[1], evaluate=False)
            ),
            st.tuples(inner, sizes).map(lambda made: sympy.Pow(*made, evaluate=False)),
            inner.map(lambda e: sympy.exp(e, evaluate=False)),
            inner.map(lambda e: sympy.factorial(e, evaluate=False)),
            inner.map(lambda e: sympy.Abs(e, evaluate=False)),
        )

    return st.recursive(draw_leaf, wider, max_leaves=8)


LEAVES = st.sampled_from(
    [
        A,
        B,
        sympy.Symbol("p", positive=True),
        sympy.Symbol("n", negative=True),
        sympy.Symbol("i", integer=True),
        sympy.Symbol("z", imaginary=True),
        sympy.Integer(0),
        sympy.Integer(-3),
        sympy.Rational(2, 7),
        sympy.Rational(1, 10**400),
        sympy.Integer(7) ** 3000,
        sympy.CRootOf(sympy.Symbol("x") ** 3 - sympy.Symbol("x") - 1, 0),
        sympy.GoldenRatio,
        sympy.pi,
        sympy.I,
        sympy.oo,
        sympy.nan,
        sympy.Float("0.5"),
    ]
)


@settings(max_examples=60, derandomize=True)
@given(expressions(LEAVES), expressions(LEAVES))
def test_any_expression_is_answered_or_refused(one: Any, other: Any) -> None:
    found = in_time(exact, one, "x")
    shown(one)
    if isinstance(found, sympy.Expr):
        in_time(sign_of, found)
        in_time(equal, found, found + 1)
    in_time(ea.Network, [[0, one], ["1/7", 0]])
    in_time(ea.Network([[0, A], ["1/7", 0]]).at, {A: other})
    in_time(ea.size_law(ea.families.homogeneous(3, "a")).at, {"a": other})


def test_values_that_make_a_law_too_large_are_refused() -> None:
    law = ea.size_law(ea.families.homogeneous(20, "a"))
    value = sympy.Add(*sympy.symbols("x:9")) / 10
    assert isinstance(in_time(law.at, {"a": value}), TooCostlyError)
    assert isinstance(
        in_time(law.network.at, {"a": sympy.Rational(1, 3**400_000)}), ExactavError | ea.Network
    )
    assert law.at(a="1/2") == ea.size_law(ea.families.homogeneous(20, "1/2"))


def test_formulas_with_symbols_left_are_not_written_out_for_large_networks() -> None:
    for name in ("homogeneous.second_moment", "homogeneous_without_self.size", "ring.size", "ladder.size"):
        assert isinstance(in_time(lambda: ea.formulas.get(name).at(N=10**6)), TooCostlyError)  # noqa: B023
    assert ea.formulas.get("homogeneous.mean").at(N=10**6) == 10**6 / (
        10**6 - (10**6 - 1) * sympy.Symbol("alpha")
    )
    second = ea.formulas.get("homogeneous.second_moment")
    assert second.at(N=5).subs("alpha", sympy.Rational(1, 2)) == second.at(N=5, alpha="1/2")


def test_values_go_in_at_once_and_not_below_roots() -> None:
    x = sympy.Symbol("x")
    root = sympy.CRootOf(x**3 - x - 1, 0)
    assert replaced_in(x * root, {x: sympy.Integer(2)}) == 2 * root
    assert replaced_in(A / B, {A: B, B: A}) == B / A


SIGNED = [sympy.Symbol("p", positive=True), sympy.Symbol("q", nonnegative=True), sympy.Symbol("r", real=True)]
SIGNED += [sympy.Symbol("n", negative=True), sympy.Symbol("m", nonpositive=True), sympy.Symbol("z")]
POINTS = {"p": [1, 3], "q": [0, 2], "r": [-2, 0, 1], "n": [-1, -3], "m": [0, -2], "z": [-1, 0, 2]}


@settings(max_examples=80, derandomize=True)
@given(
    st.recursive(
        st.sampled_from([*SIGNED, sympy.Integer(1), sympy.Integer(-2)]),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: sympy.Add(*parts)),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: sympy.Mul(*parts)),
            st.tuples(inner, st.integers(1, 3)).map(lambda made: made[0] ** made[1]),
        ),
        max_leaves=6,
    ),
    st.randoms(use_true_random=False),
)
def test_a_sign_that_is_told_is_the_sign_everywhere(expr: Any, chance: Any) -> None:
    sign = assumed_sign(expr)
    for _ in range(6):
        value = replaced_in(expr, {s: sympy.Integer(chance.choice(POINTS[s.name])) for s in SIGNED})
        assert sign is None or sympy.sign(value) == sign


def test_signs_of_long_sums_are_found_without_a_search() -> None:
    positive = sympy.symbols("x:400", positive=True)
    total = sympy.Add(*(x * y for x, y in pairwise(positive)))
    assert in_time(sign_of, total) == 1
    assert in_time(sign_of, -total - 1) == -1
    assert in_time(sign_of, total - 1) is None


@settings(max_examples=60, derandomize=True)
@given(st.integers(0, 10**6))
def test_lowest_terms_are_those_of_sympy(seed: Any) -> None:
    chance = random.Random(seed)
    domain, *gens = ring("x0:6", ZZ)

    def polynomial() -> Any:
        return sum(
            (chance.randint(-6, 6) * chance.choice(gens) * chance.choice([*gens, 1]) for _ in range(3)),
            domain.ground_new(chance.randint(1, 6)),
        )

    shared = polynomial() if chance.random() < 0.5 else domain.one
    above, below = polynomial() * shared, polynomial() * shared
    if above and below:
        assert cancelled(above, below) == above.cancel(below)


def test_inverses_by_minors_are_inverses() -> None:
    domain = ZZ[sympy.symbols("x0:16")]
    rows = [[domain.gens[4 * i + j] + 2 * (i == j) for j in range(4)] for i in range(4)]
    numerators, denominator = inverse(domain, rows)
    for i in range(4):
        for j in range(4):
            assert sum(rows[i][k] * numerators[k][j] for k in range(4)) == (denominator if i == j else 0)


def test_sparse_networks_of_many_symbols_have_means() -> None:
    edges = {(i, (i + 1) % 9): sympy.Symbol(f"w{i}") for i in range(9)}
    net = ea.Network.from_edges(edges)
    around = sympy.Mul(*edges.values())
    found = ea.participation(net)
    assert equal(found[1, 0], edges[0, 1])
    assert equal(found[0, 1], around / edges[0, 1])


def test_symbolic_means_of_many_units_are_refused_at_once() -> None:
    net = ea.families.generic(9)
    assert isinstance(in_time(ea.participation, net), TooCostlyError)
    assert isinstance(in_time(ea.mean_size, net), TooCostlyError)


LONG = sympy.Rational(1, 3**11_000)  # 5,249 digits


@pytest.fixture
def short_limit() -> Iterator[None]:
    """The lowest limit that Python knows on digits of integers."""
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(640)
    yield
    sys.set_int_max_str_digits(before)


@pytest.mark.usefixtures("short_limit")
@pytest.mark.parametrize("bits", [1, 1_999, 2_000, 2_001, 4_003, 50_000])
def test_texts_of_integers_have_all_digits(bits: Any) -> None:
    for number in (2**bits, 2**bits - 1, 10 ** (bits // 4), -(3 ** (bits // 2))):
        text = integer_text(number)
        value = 0
        for place in range(0, len(text.lstrip("-")), 500):
            part = text.lstrip("-")[place : place + 500]
            value = value * 10 ** len(part) + int(part)
        assert value == abs(number)
        assert text.startswith("-") == (number < 0)


@pytest.mark.usefixtures("short_limit")
@pytest.mark.parametrize("factor", [sympy.Integer(1), A, sympy.sqrt(2)], ids=str)
def test_networks_and_laws_of_long_numbers_are_written_in_every_way(factor: Any) -> None:
    net = ea.Network([[0, factor * LONG], [sympy.Rational(1, 4) + LONG, 0]])
    law = ea.size_law(net)
    digits = integer_text(3**11_000)
    assert len(repr(net)) < 20_000
    assert len(repr(law)) < 20_000
    assert "hookleftarrow" in law.latex()
    for one in (net, law):
        one._repr_html_()
        assert ea.from_json(one.to_json()) == one
        json.loads(one.to_json())
    assert text_of(net.weights[1, 0] - sympy.Rational(1, 4)) == f"1/{digits}"
    if factor == 1:
        assert law.evaluate(20)[1] > 0


@pytest.mark.usefixtures("short_limit")
def test_long_numbers_where_small_ones_are_wanted_are_errors_in_words() -> None:
    number = 10**5000
    net = ea.Network([[0, "1/2"], ["1/4", 0]])
    law = ea.size_law(net)
    for ask in (
        lambda: ea.Network([[number, 0], [0, 0]]),
        lambda: ea.Network([[0, 0], [0, 0]], labels=[number, number + 1]),
        lambda: ea.families.homogeneous(number, "1/2"),
        lambda: law[number],
        lambda: net.index(number),
        lambda: law.evaluate(number),
    ):
        with pytest.raises(ExactavError) as caught:
            ask()
        assert len(str(caught.value)) < 500
    assert described(number) == "a number of about 5000 digits"
    with pytest.raises(OptionError, match="about 5000 digits"):
        ea.size_law(net).quantile(number)


def test_an_interrupt_leaves_no_half_results(monkeypatch: Any) -> None:
    net = ea.families.generic(3)
    whole = ea.participation(ea.families.generic(3))

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    from exactav.network import system

    with monkeypatch.context() as patch:
        patch.setattr(system, "inverse", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ea.participation(net)
    assert ea.participation(net) == whole


def test_a_number_too_large_is_told_apart_from_an_inexact_one() -> None:
    with pytest.raises(TooLargeError, match="exponent above"):
        extent(A**20_000)
    with pytest.raises(InexactError, match="contains a float"):
        exact(A + 0.5, "x")


def test_laws_of_many_terms_are_priced_before_they_are_written() -> None:
    law = ea.size_law(ea.families.generic(5))
    for write, what in ((law.latex, "LaTeX"), (law.to_json, "JSON")):
        with ea.limits(max_cost=2), pytest.raises(TooCostlyError, match=f"{what} of 4,320 terms would take"):
            write()
    small = ea.size_law(ea.families.generic(3))
    with ea.limits(max_cost=2):
        assert small.latex().count("w_{01}") > 3
        assert ea.from_json(small.to_json()) == small


def test_notebooks_do_not_write_out_laws_of_many_terms() -> None:
    law = ea.size_law(ea.families.generic(5))
    assert law._repr_latex_() is None
    assert "a quotient of 625 terms by 2,160" in law._repr_html_()
    small = ea.size_law(ea.families.generic(3))
    assert small._repr_latex_() == small.latex()
    assert "quotient of" not in small._repr_html_()


def test_one_expression_at_many_places_is_worked_on_once() -> None:
    """A ring took 17 seconds, by an estimate of one."""
    a = sympy.Symbol("a")
    with ea.limits(max_cost=1):
        net = ea.families.ring(20_000, a)
        assert set(net.leak) == {1 - a}
    with ea.limits(max_cost=1), pytest.raises(TooCostlyError, match="about 3 seconds"):
        ea.families.ring(80_000, a)


def test_leaks_of_rows_with_the_same_weights_in_another_order() -> None:
    """Of these the sum is made once; thresholds may differ."""
    a, b, c = sympy.symbols("a b c", positive=True)
    rows = [[0, a, b, c], [b, 0, c, a], [a, c, 0, b], [a, a, b, 0]]
    levels = [1, 2, 1, 1]
    found = ea.Network(rows, levels).leak
    wanted = [level - sum(row) for level, row in zip(levels, rows, strict=True)]
    assert [sympy.expand(leak - other) for leak, other in zip(found, wanted, strict=True)] == [0] * 4


def test_signs_of_numbers_in_a_field_with_symbols() -> None:
    a = sympy.Symbol("a")
    with pytest.raises(InvalidNetworkError, match="-1/3 is negative"):
        ea.Network([[0, a], [sympy.Rational(-1, 3), 0]])
    with pytest.raises(InvalidNetworkError, match="sums to 4/3, threshold is 1"):
        ea.Network([[0, a], [sympy.Rational(4, 3), 0]])
    with pytest.raises(InvalidNetworkError, match="drive sums to a"):
        ea.Network([[0, "1/2"], ["1/2", 0]], drive=[a, 0])


def test_very_many_different_texts_and_expressions_are_priced() -> None:
    a = sympy.Symbol("a")
    texts = {(i, i + 1): f"1/{i + 2}" for i in range(9999)}
    with ea.limits(max_cost=1), pytest.raises(TooCostlyError, match="of 9,999 different texts and expr"):
        ea.Network.from_entries(10_000, texts)
    expressions = {place: a / (place[0] + 2) for place in list(texts)[:4000]}
    with ea.limits(max_cost=1), pytest.raises(TooCostlyError, match="the same objects again and again"):
        ea.Network.from_entries(10_000, expressions)
    with ea.limits(max_cost=1):
        assert ea.Network.from_entries(10_000, dict.fromkeys(texts, "a/2")).leak[0] == 1 - a / 2


def test_long_expressions_in_json_are_priced_both_ways(monkeypatch: Any) -> None:
    """The leak of such a unit took a minute: a quotient was brought to lowest terms that was in them."""
    names = sympy.symbols("a:6")
    net = ea.Network([[0, (sum(names) + 1) ** -3], [0, 0]], 3)
    assert net.at(dict.fromkeys(names, 1)).leak[0] == 3 - sympy.Rational(1, 7**3)
    text = net.to_json()
    assert ea.from_json(text) == net
    large = ea.Network([[0, (sum(names) + sympy.Symbol("b")) ** -6], [0, 0]], 3)
    with ea.limits(max_cost=0.2):
        with pytest.raises(TooCostlyError, match=r"reading expressions of .* parts"):
            ea.from_json(json.dumps({"weights": [[0, {"+": ["a/3"] * 20_000}], [0, 0]]}))
        with pytest.raises(TooCostlyError, match=r"writing expressions of .* parts"):
            large.to_json()
        plain = json.dumps({"edges": [[i, i + 1, "1/2"] for i in range(3000)], "increment": {"*": [1, "x"]}})
        assert network_from_json(plain).n_units == 3001
    monkeypatch.setattr(coding, "MOST_PARTS", 10)
    with pytest.raises(InvalidNetworkError, match="at most 10 are read"):
        coded(sum(names) ** 2 + 1)
