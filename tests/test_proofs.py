"""Verdicts: what holds, what is refuted and where, what is undecided; and comparison of exact values."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, cbrt, cos, exp, log, pi, sqrt

import exactav as ea
from exactav.errors import InexactError, RefutedError, SingularNetworkError, UndecidedError
from exactav.proofs import derivation
from exactav.proofs.checks import Check, everywhere, exactly, identity, same_digits
from exactav.proofs.comparison import compare
from exactav.proofs.derivation import Derivation, Step
from exactav.proofs.verdicts import HOLDS, all_hold, refuted, undecided

a, b, n, k = sympy.symbols("a b n k")
count = sympy.Symbol("p", positive=True, integer=True)
f, g = sympy.Function("f"), sympy.Function("g")
RING, X = sympy.ring("X", sympy.ZZ)
NET = ea.Network([[0, "1/2"], ["1/4", 0]])

EQUAL: list[tuple[Any, Any]] = [
    (sympy.binomial(a + 1, 2), sympy.binomial(a, 2) + a),
    (sympy.Matrix([[(a + 1) ** 2, 1]]), sympy.Matrix([[a**2 + 2 * a + 1, a / a]])),
    (sympy.Matrix([[1, 2]]), np.array([[1, 2]])),
    ({1: sqrt(5 + 2 * sqrt(6))}, {1: sqrt(2) + sqrt(3)}),
    (cbrt(2 + sqrt(5)), (1 + sqrt(5)) / 2),
    ((sqrt(2) - 1) * (sqrt(2) + 1) / 4, Rational(1, 4)),
    (cos(pi / 7) - cos(2 * pi / 7) + cos(3 * pi / 7), Fraction(1, 2)),
    (sympy.sin(a) ** 2 + cos(a) ** 2, 1),
    (sympy.gamma(n + 1) / sympy.gamma(n), n),
    (2 ** (n + 1), 2 * 2**n),
    (sympy.Sum(k, (k, 1, n)), n * (n + 1) / 2),
    (sqrt(count**2), count),
    (log(6), log(2) + log(3)),
    (sympy.I * sqrt(2), sqrt(-2)),
    (Fraction(1, 2), sympy.QQ(1, 2)),
    (np.int64(3), sympy.Integer(3)),
    ([1, 2], (sympy.Integer(1), 2)),
    (sympy.true, True),
    (X + 1, 1 + X),
    (ea.size_law(NET, start=0), {1: Rational(3, 4), 2: Fraction(1, 4)}),
    (NET, ea.Network([[0, "1/2"], ["1/4", 0]])),
    ({frozenset({1}): a + a}, {frozenset({1}): 2 * a}),
]
DIFFERENT: list[tuple[Any, Any, str]] = [
    (sympy.binomial(a + 1, 2), sympy.binomial(a, 2), "at a = "),
    (sympy.Matrix([[a, 1]]), sympy.Matrix([[a, 2]]), r"at \[0\], at \[1\], left is 1, right is 2"),
    (sympy.Matrix([[1, 2]]), sympy.Matrix([[1], [2]]), "left has 1 entries, right has 2"),
    (sqrt(a**2), a, "at a = -"),
    (sqrt(5 + 2 * sqrt(6)), sqrt(2) + sqrt(3) + Rational(1, 10**60), "left is"),
    (exp(1), Rational(271828, 10**5), "left is E"),
    (sympy.I * sqrt(2), sqrt(2), "left is"),
    ({1: 2}, {1: 2, 3: 0}, "only one side has 3"),
    (ea.size_law(NET, start=0), {1: Rational(1, 4), 2: Rational(3, 4)}, "at 1, left is 3/4, right is 1/4"),
    ({1, 2}, {1}, "only one side has 2"),
    ([1, 2], [1, 2, 3], "2 entries"),
    (True, False, "left is True"),
    (None, True, "left is None"),
    (X + 1, X, "left is"),
    (sympy.oo, 1, "left is oo"),
]
UNDECIDED: list[tuple[Any, Any]] = [
    (f(a), g(a)),
    (True, 1),
    (sympy.nan, sympy.nan),
    (1 / sympy.S.Zero, 1),
    (object(), object()),
    ({sqrt(2)}, {2 / sqrt(2) + f(1)}),
    ("1", 1),
]


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal_values_are_equal_however_they_are_written(left: Any, right: Any) -> None:
    assert compare(left, right) == HOLDS
    assert compare(right, left) == HOLDS


@pytest.mark.parametrize(("left", "right", "where"), DIFFERENT)
def test_different_values_differ_somewhere(left: Any, right: Any, where: str) -> None:
    with pytest.raises(RefutedError, match=where):
        compare(left, right).require("equal")
    assert compare(right, left).is_refuted


@pytest.mark.parametrize(("left", "right"), UNDECIDED)
def test_what_is_not_understood_is_undecided(left: Any, right: Any) -> None:
    assert compare(left, right).outcome == compare(right, left).outcome == "undecided"


@pytest.mark.parametrize(
    "inexact", [0.5, 1j, sympy.Float(1), np.float64(1), [0.5], {1: 0.5}, a * sympy.Float("0.5"), np.ones(2)]
)
def test_floats_are_refused(inexact: Any) -> None:
    with pytest.raises(InexactError, match="float"):
        compare(inexact, inexact)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 3), st.integers(0, 3)), max_size=5))
def test_polynomials_are_decided_whatever_their_form(terms: list[tuple[int, int, int]]) -> None:
    expr = sympy.Add(*(c * (a + b) ** i * (a - 1) ** j for c, i, j in terms))
    assert compare(expr, sympy.expand(expr)) == HOLDS
    assert compare(expr, sympy.expand(expr) + 1).is_refuted
    assert compare(expr * b, sympy.expand(expr) * a).is_refuted is (sympy.expand(expr) != 0)


def test_points_are_those_that_symbols_allow() -> None:
    whole, negative = sympy.Symbol("m", integer=True), sympy.Symbol("y", negative=True)
    assert compare(sympy.floor(whole), whole) == HOLDS
    assert compare(cos(2 * pi * whole), 1) == HOLDS
    assert compare(abs(negative), -negative) == HOLDS
    detail = compare(count * negative, 0 * a).detail
    assert "p = -" not in detail
    assert "y = -" in detail


def test_verdicts_add_up() -> None:
    assert all_hold([]) == all_hold([HOLDS, HOLDS]) == HOLDS
    assert all_hold([HOLDS, undecided("why"), undecided("too")]) == undecided("why")
    assert all_hold([undecided("why"), HOLDS, refuted("here")]) == refuted("here")
    assert refuted("left").at("in case 1") == refuted("in case 1, left")
    with pytest.raises(UndecidedError, match="claim: undecided, why"):
        undecided("why").require("claim")


def test_a_computation_without_a_value_decides_nothing() -> None:
    def inverse(m: int) -> Rational:
        return Fraction(1, m)

    check = exactly("reciprocals", [2, 0], inverse, inverse)
    assert check.verdict().outcome == "undecided"
    with pytest.raises(UndecidedError, match="in case 0, there is no value"):
        check.run()
    later = exactly("reciprocals are 1/2", [0, 2, 3], inverse, lambda _: Fraction(1, 2))
    assert later.verdict() == refuted("in case 3, left is 1/3, right is 1/2")
    singular = identity("no network", lambda: ea.Network([[1]], thresholds=1).volume(), lambda: 0)
    with pytest.raises(UndecidedError, match="there is no value"):
        singular.run()
    with pytest.raises(SingularNetworkError):
        ea.Network([[1]], thresholds=1)


def test_other_errors_are_passed_on() -> None:
    with pytest.raises(KeyError):
        exactly("a slip", [1], lambda _: dict[str, int]()["x"], lambda _: 1).run()


def test_checks_need_cases_and_name_counterexamples() -> None:
    with pytest.raises(UndecidedError, match="there are no cases"):
        exactly("nothing", [], lambda case: case, lambda case: case).run()
    with pytest.raises(RefutedError, match="squares: in case 2, left is 4, right is 3"):
        exactly("squares", [0, 1, 2], lambda m: m * m, lambda m: 2 * m - 1 if m else 0).run()
    with pytest.raises(RefutedError, match="small: in case 3"):
        everywhere("small", range(5), lambda m: m < 3).run()
    with pytest.raises(RefutedError, match="at a = "):
        identity("doubling", lambda: a + a, lambda: 3 * a).run()


def test_digits_are_compared_as_digits() -> None:
    third = Fraction(1, 3)
    shown = sympy.Float("0.33333", 5)
    assert same_digits("a third", 5, [0], lambda _: third, lambda _: shown).verdict() == HOLDS
    wrong = same_digits("a third", 5, [0], lambda _: third, lambda _: sympy.Float("0.33334", 5))
    assert wrong.verdict() == refuted("in case 0, left is 0.33333, right is 0.33334")
    with pytest.raises(TypeError, match="neither rational nor a Float"):
        same_digits("a third", 5, [0], lambda _: 0.25, lambda _: shown).run()


def test_only_what_is_refuted_is_false() -> None:
    """A mutant that is true but hard to see, that crashes, or that holds does not make a derivation hold."""
    doubling = identity("x + x = 2x", lambda: a + a, lambda: 2 * a)

    def theorem(check: Check, mutant: Check) -> Derivation:
        return Derivation(
            "99", "doubling", "$2x$", ("none",), "folklore", (Step("2x", "yes", check, mutant),)
        )

    refutable = identity("x + x = 3x", lambda: a + a, lambda: 3 * a)
    assert len(list(theorem(doubling, refutable).verified())) == 1
    with pytest.raises(RefutedError, match=r"derivation 99, step 1: x \+ x = 3x, at a = "):
        list(theorem(refutable, refutable).verified())
    pascal = identity("Pascal", lambda: sympy.binomial(a + 1, 2), lambda: sympy.binomial(a, 2) + a)
    with pytest.raises(RefutedError, match="does not see that this is false: Pascal"):
        list(theorem(doubling, pascal).verified())
    unknown = identity("f is g", lambda: f(a), lambda: g(a))
    with pytest.raises(UndecidedError, match="step 1: undecided, f is g, left minus right"):
        list(theorem(unknown, refutable).verified())
    crash = exactly("1/0", [0], lambda m: Fraction(1, m), lambda _: 0)
    for mutant in (unknown, crash):
        with pytest.raises(UndecidedError, match=f"does not see that this is false: {mutant.claim}"):
            list(theorem(doubling, mutant).verified())


def test_a_derivation_in_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    true = identity("x + x = 2x", lambda: a + a, lambda: 2 * a)
    false = identity("x + x = 3x", lambda: a + a, lambda: 3 * a)
    unknown = identity("f is g", lambda: f(a), lambda: g(a))
    for check, status, last in (
        (true, 0, "derivation 99 holds"),
        (false, 1, "derivation 99 FAILED: derivation 99, step 1"),
        (unknown, 1, "derivation 99 UNDECIDED: derivation 99, step 1"),
    ):
        step = Step("2x", "because", check, false)
        assert Derivation("99", "doubling", "$2x$", (), "folklore", (step,)).main() == status
        assert capsys.readouterr().out.splitlines()[-1].startswith(last)


def test_a_script_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "98_broken.py"
    script.write_text("1 / 0\n", encoding="utf-8")
    monkeypatch.setattr(derivation, "available", lambda: {"98": script})
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            derivation.load("98")
