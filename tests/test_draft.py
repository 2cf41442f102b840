"""Derivations of one's own: conditions, chains, and steps that are checked as they are written."""

import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sympy
from sympy import Abs, Eq, Max, Ne, Piecewise, binomial, sqrt
from sympy.logic.boolalg import Boolean

import exactav as ea
from exactav.errors import ArgumentError, OptionError, RefutedError, UndecidedError
from exactav.proofs import Check, Draft, asymptotics, chain, exactly, identity, induction, limit, several
from exactav.proofs.covers import cover
from exactav.proofs.regions import compare_where, conditions

a, b = sympy.symbols("a b", positive=True)
x, y = sympy.symbols("x y", real=True)
N, L = sympy.symbols("N L", integer=True, positive=True)
n = sympy.Symbol("n", integer=True, positive=True)

TRUE_WHERE = [
    (sqrt((1 - a) ** 2), 1 - a, (a < 1,)),
    (Abs(1 - a - b), 1 - a - b, (a + b < 1,)),
    (Abs(x), x, (x >= 0, x <= 1)),
    (Abs(x - y), x - y, (x > y,)),
    (Piecewise((1, L <= N), (0, True)), 1, (L <= N,)),
    (sqrt((1 + a) / (1 - a)) * sqrt((1 - a) * (1 + a)), 1 + a, (a < 1,)),
    (a**2, b**2, (Eq(a, b),)),
    ((x**2 - y**2) / (x - y), x + y, (Ne(x, y),)),
    (Max(a, 1), 1, (a < 1,)),
    (binomial(N, L) * L, N * binomial(N - 1, L - 1), (L <= N,)),
    (Piecewise((1, Eq(x, y)), (0, True)), 0, (Ne(x, y),)),
    (Abs(x * y), -x * y, (x * y < 0,)),
    (sqrt((1 - x) ** 2), 1 - x, (x**2 < 1,)),
    (sqrt((1 - x) ** 2), 1 - x, (Abs(x) < 1,)),
    (Max(x, 1) + Abs(x - 1), 2 * x - 1, (sympy.Or(x > 1, x > 2),)),
    (sympy.Sum(sympy.Symbol("k"), (sympy.Symbol("k"), 1, b)), b * (b + 1) / 2, (b > 1,)),
]


@pytest.mark.parametrize(("left", "right", "where"), TRUE_WHERE)
def test_what_holds_under_conditions(left: sympy.Expr, right: sympy.Expr, where: tuple[object, ...]) -> None:
    assert compare_where(left, right, conditions(where)).outcome == "holds"
    assert compare_where([left], [right], conditions(where)).outcome == "holds"


@pytest.mark.parametrize(
    ("left", "right", "where"),
    [
        (sqrt((1 - a) ** 2), 1 - a, (a < 2,)),
        (Abs(x), x, (x > -1,)),
        (Abs(x - y), x - y, (x > y - 1,)),
        (Piecewise((1, L < N), (0, True)), 1, (L <= N,)),
        (Max(a, 1), 1, (a < 3,)),
        (sympy.sign(x), 1, (x >= 0,)),
        (sqrt(x * y), sqrt(x) * sqrt(y), (x < 0, y < 0)),
    ],
)
def test_points_that_refute_fulfil_the_conditions(
    left: sympy.Expr, right: sympy.Expr, where: tuple[object, ...]
) -> None:
    verdict = compare_where(left, right, conditions(where))
    assert verdict.is_refuted
    named = {symbol.name: symbol for symbol in (a, x, y, L, N)}
    point = {
        named[name]: sympy.Rational(value)
        for name, value in re.findall(r"(\w) = ([-\d/]+)", verdict.detail.partition(", left")[0])
    }
    assert point
    assert all(condition.subs(point) == sympy.true for condition in where if hasattr(condition, "subs"))
    assert left.subs(point) != sympy.sympify(right).subs(point)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ((a < 0,), "never fulfilled"),
        ((x > 1, x < 1), "no values fulfil"),
        ((a + b < 1, a > 1, b > 1), "no values fulfil"),
        ((L > N, N > L), "no values fulfil"),
        ((2 * L > 2, 2 * L < 4), "no values fulfil"),
        ((Eq(x, y), x > y), "no values fulfil"),
        ((Abs(x) < 1, x > 1), "no values fulfil"),
        ((x**2 + 1 < 1,), "never fulfilled|no values fulfil"),
        ("a < 1", "give relations"),
        ((1,), "no condition"),
    ],
)
def test_conditions_that_say_nothing_are_refused(where: object, said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        identity("", lambda: a, lambda: a, where=where)


def test_where_no_point_is_known_nothing_is_claimed() -> None:
    verdict = compare_where(x, x, conditions((x * y > 1, x * y < 0)))
    assert verdict.outcome == "undecided"
    assert "no point" in verdict.detail


def test_where_nothing_has_a_value_nothing_is_claimed() -> None:
    verdict = compare_where((x**2 - y**2) / (x - y), x + y, conditions(Eq(x, y)))
    assert verdict.outcome == "undecided"
    assert "both sides have a value" in verdict.detail


def test_points_are_as_symbols_are_assumed() -> None:
    prime = sympy.Symbol("q", prime=True)
    assert compare_where(sympy.Mod(prime, 2), 1, conditions(prime > 2)).outcome == "undecided"
    with pytest.raises(ArgumentError, match="make it once"):
        identity("two symbols", lambda: Abs(x), lambda: x, where=sympy.Symbol("x") > 0).verdict()


@pytest.mark.parametrize("wrapped", [lambda e: [e], lambda e: {1: e}, lambda e: sympy.Matrix([e]), np.array])
def test_conditions_reach_what_is_in_containers(wrapped: Callable[[sympy.Expr], object]) -> None:
    assert compare_where(wrapped(Abs(x)), wrapped(x), conditions(x > 0)).outcome == "holds"
    assert compare_where(wrapped(Abs(x)), wrapped(x), conditions(x < 1)).is_refuted


def test_limits_and_inductions_have_conditions() -> None:
    small = limit("no large avalanches", a**N * N, N, sympy.oo, 0, where=a < 1)
    assert (small.verdict().outcome, small.said) == ("holds", "proved where a < 1: limit")
    assert limit("no", a**N * N, N, sympy.oo, 1, where=a < 1).verdict().is_refuted
    assert limit("open", a**N * N, N, sympy.oo, 0).verdict().outcome == "undecided"
    assert (
        asymptotics("root", sqrt((1 - a) ** 2) * N, N, (1 - a) * N, where=a < 1).verdict().outcome == "holds"
    )

    growing = asymptotics("a power", (1 - a) ** N * N, N, (1 - a) ** N * N, where=a < 1)
    assert growing.verdict().outcome == "holds"  # which is open for all a > 0

    def powers(where: tuple[object, ...]) -> Check:
        root = sqrt((1 - a) ** 2)
        closed = lambda n: (1 - a) ** n  # noqa: E731
        return induction("powers", n, base={0: 1}, step=lambda n, p: root * p, closed=closed, where=where)

    assert powers((a < 1,)).verdict().outcome == "holds"
    assert powers((a < 2,)).verdict().is_refuted
    with pytest.raises(ArgumentError, match="runs over"):
        powers((n > 2,))


def test_checks_say_their_conditions() -> None:
    both = several("both", identity("", lambda: a, lambda: a, where=a < 1), chain("", x, x, sizes="N = 2"))
    assert both.said == "proved for N = 2 where a < 1: symbolic identity"


def test_a_cover_holds_the_region() -> None:
    for where in ([a + b < 1], [x > -1, x <= 2, y > x], [L <= N, N >= 2]):
        for covered in cover(where):
            made = [condition.subs(covered) for condition in where]
            for point in ({"u'1": 1, "u'2": 2}, {"u'1": 3, "u'2": 1}):
                values = {s: point.get(s.name, 1) for part in made for s in part.free_symbols}
                assert all(part.subs(values) == sympy.true or part == (N >= 2) for part in made), covered


def test_chains_name_the_sign_that_is_wrong() -> None:
    good = chain("squares", (n + 1) ** 2, n**2 + 2 * n + 1, lambda: n * (n + 2) + 1)
    assert good.said == "proved: symbolic identity"
    good.run()
    with pytest.raises(RefutedError, match="the second equals sign, at n = 6, left is 49, right is 37"):
        chain("a slip", (n + 1) ** 2, n**2 + 2 * n + 1, n**2 + 1).run()
    with pytest.raises(UndecidedError, match="telescoping"):
        chain("open", n, n, sympy.Sum(binomial(n, L) ** 2, (L, 0, n)) * n / binomial(2 * n, n)).run()
    with pytest.raises(ArgumentError, match="at least two"):
        chain("alone", n)
    assert chain("for two units", n, n, sizes="N = 2").said == "proved for N = 2: symbolic identity"


def test_a_draft_is_checked_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    draft = Draft("a root", where=(a < 1,), assumptions=["One symbol."], name="mine")

    @draft.step(r"\sqrt{(1-a)^2} = 1-a", "Since $a<1$.")
    def the_root() -> tuple[sympy.Expr, ...]:
        return sqrt((1 - a) ** 2), 1 - a

    assert capsys.readouterr().out == "(1) the root (proved: symbolic identity)\n"

    with pytest.raises(RefutedError, match=r"step 2 \(doubled\)"):

        @draft.step("2-2a = 1-a")
        def doubled() -> tuple[sympy.Expr, ...]:
            return 2 - 2 * a, 1 - a

    assert len(draft.steps) == 1

    @draft.step("2-2a = 2(1-a)", r"By \eqref{the-root}.", false=lambda: (2 - 2 * a, 1 - a), label="two")
    def again() -> tuple[sympy.Expr, ...]:
        """Twice, for all a."""
        return 2 - 2 * a, 2 * (1 - a)

    assert "Twice, for all a (proved: symbolic identity; its false neighbour" in capsys.readouterr().out

    @draft.step("1 = 1", label="the-root")
    def run_again() -> ea.proofs.Check:
        return exactly("one case", [1], lambda i: i, lambda i: i)

    assert [step.label for step in draft.steps] == ["the-root", "two"]
    assert [step.reach for step in draft.steps] == ["tested", "proved"]
    assert repr(draft) == "<Draft: a root; 1 proved, 1 tested, 1 with a false neighbour>"
    text = draft.latex(line="revtex")
    for said in (r"\label{mine:two}", r"\eqref{mine:the-root}", "$a < 1$", "One symbol."):
        assert said in text
    assert r"\textbf{Source.}" not in text
    assert [step.check.claim for step in draft.derivation().verified()] == ["one case", "Twice, for all a"]
    assert "1 with a false neighbour" in draft._repr_html_()


def test_a_draft_refuses_what_says_nothing() -> None:
    draft = Draft("nothing")
    with pytest.raises(ArgumentError, match="refers to 'later'"):
        draft.step("1 = 1", r"By \eqref{later}.")(lambda: (1, 1))
    with pytest.raises(ArgumentError, match="neither a check nor sides"):
        draft.step("1 = 1")(lambda: 1)
    with pytest.raises(RefutedError, match="does not see"):
        draft.step("1 = 1", false=lambda: (2, 2))(lambda: (1, 1))
    with pytest.raises(UndecidedError, match=r"where=\.\.\."):
        draft.step("sqrt")(lambda: (sqrt(x**2) + sympy.Function("f")(x), x + sympy.Function("f")(x)))
    assert draft.steps == ()
    with pytest.raises(OptionError, match="label"):
        draft.step("1 = 1", label="a}b")(lambda: (1, 1))
    with pytest.raises(OptionError, match="name"):
        Draft("nothing", name="")


def test_a_step_that_no_longer_holds_leaves_its_place_open() -> None:
    draft = Draft("two steps", where=a < 1)
    draft.step("x = x", label="one")(lambda: (x, x))
    draft.step("n = n", r"\eqref{one}", label="two")(lambda: (n, n))
    with pytest.raises(RefutedError):
        draft.step("x = y", label="one")(lambda: (x, y))
    assert [step.label for step in draft.steps] == ["two"]
    assert "1 to be corrected" in repr(draft)
    assert "1 to be corrected" in draft._repr_html_()
    with pytest.raises(ArgumentError, match="does not hold as it was last written"):
        draft.step("n = n", r"\eqref{one}", label="three")(lambda: (n, n))
    with pytest.raises(UndecidedError, match="'one' does not hold as it was last written"):
        draft.latex()
    draft.step("x + x = 2x", label="one")(lambda: (x + x, 2 * x))
    assert [step.label for step in draft.derivation().steps] == ["one", "two"]
    assumed = r"$a > 0$, $n \in \{1, 2, \dots\}$, $x \in \mathbb{R}$."
    assert draft.assumptions == (assumed, "$a < 1$.")


GRID = [sympy.Rational(k, 6) for k in range(-18, 19)]


def drawn_linear(dice: random.Random) -> sympy.Expr:
    some = dice.sample([x, y, a], dice.choice([1, 1, 2]))
    return sympy.Add(*(dice.choice([1, -1, 2]) * one for one in some)) + dice.choice([0, 0, 1, -1, 2])


def drawn_condition(dice: random.Random) -> Boolean:
    relation = dice.choice([sympy.Lt, sympy.Le, sympy.Gt, sympy.Ge])
    linear = drawn_linear(dice)
    return dice.choice(
        [
            relation(linear, 0),
            relation(linear, 0),
            Eq(linear, 0),
            Ne(linear, 0),
            relation(Abs(linear), 1),
            relation(dice.choice([x, y]) ** 2, 2),
            sympy.Or(relation(linear, 0), drawn_linear(dice) > 1),
        ]
    )


def drawn_claim(dice: random.Random, told: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    case = dice.choice([sympy.Lt(told, 0), sympy.Le(told, 0), Eq(told, 0), Ne(told, 0)])
    return dice.choice(
        [
            (Abs(told), dice.choice([told, -told])),
            (sqrt(told**2), dice.choice([told, -told])),
            (Piecewise((1, case), (0, True)), sympy.Integer(dice.choice([0, 1]))),
            (sympy.sign(told), sympy.Integer(dice.choice([0, 1, -1]))),
            (Max(told, 0), dice.choice([told, sympy.S.Zero])),
            (sqrt(told) * sqrt(told + 1), sqrt(told * (told + 1))),
        ]
    )


def grid_points(dice: random.Random, where: list[Boolean]) -> list[dict[sympy.Symbol, sympy.Expr]]:
    """By plain trial."""
    tried = ({x: dice.choice(GRID), y: dice.choice(GRID), a: abs(dice.choice(GRID[:18]))} for _ in range(200))
    return [point for point in tried if all(condition.subs(point) == sympy.true for condition in where)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(120))
def test_no_verdict_is_wrong_on_a_grid(seed: int) -> None:
    dice = random.Random(seed)
    where = [drawn_condition(dice) for _ in range(dice.choice([1, 2, 2, 3]))]
    within = grid_points(dice, where)
    try:
        region = conditions(where)
    except ArgumentError:
        assert within == []
        return
    first = next(iter(where[0].atoms(sympy.core.relational.Relational)), None)
    told = first.lhs - first.rhs if first is not None and dice.random() < 0.7 else drawn_linear(dice)
    left, right = drawn_claim(dice, told)
    if compare_where(left, right, region).outcome == "holds":
        for point in within:
            assert sympy.simplify(left.subs(point) - right.subs(point)) == 0, (left, right, where, point)


def in_two_columns(body: str, folder: Path) -> None:
    """Compiles without undefined references; nothing sticks out by 5 pt."""
    text = "\n".join(
        [
            r"\documentclass[aps,pre,twocolumn]{revtex4-2}",
            r"\usepackage{amsmath,amssymb}",
            r"\begin{document}",
            body,
            r"\end{document}",
        ]
    )
    (folder / "d.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "d.tex"]
    for _ in range(2):
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout[-2000:]
    log = (folder / "d.log").read_text(encoding="utf-8", errors="replace")
    assert "undefined references" not in log
    too_wide = [float(width) for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert max(too_wide, default=0) < 5, too_wide


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ea.proofs.available()))
def test_derivations_compile_in_two_columns(name: str, tmp_path: Path) -> None:
    in_two_columns(ea.proofs.load(name).latex(line="revtex"), tmp_path)


@pytest.mark.slow
def test_drafts_compile_in_two_columns(tmp_path: Path) -> None:
    draft = Draft(
        "a probability that is at most 1 & two roots_of it",
        statement=r"For $0<a<1$ \[\sqrt{(1-a)^2}\,(1+a)=1-a^2\le 1 .\]",
        where=(a < 1, Ne(x, y), sympy.Or(x > 1, y > 1)),
        source="a test",
        name="long-1",
    )
    draft.step(r"\sqrt{(1-a)^2} = 1-a", "Since $a<1$.", label="root")(lambda: (sqrt((1 - a) ** 2), 1 - a))

    @draft.step(
        r"(1+a)^8 = 1+8a+28a^2+56a^3+70a^4+56a^5+28a^6+8a^7+a^8 = \sum_{k=0}^{8}\binom{8}{k}a^k",
        r"Expanded; it is used with \eqref{root}, and is longer than a column.",
    )
    def binomial_theorem() -> tuple[sympy.Expr, ...]:
        """the binomial theorem for the exponent 8 in the symbol a, as a sum & written out"""
        return (1 + a) ** 8, sympy.expand((1 + a) ** 8), sum(binomial(8, k) * a**k for k in range(9))

    @draft.step(r"\frac{x^2-y^2}{x-y} = x+y", r"From \eqref{root} and \eqref{binomial-theorem}.")
    def quotient() -> tuple[sympy.Expr, ...]:
        return (x**2 - y**2) / (x - y), x + y

    in_two_columns(draft.latex(line="revtex"), tmp_path)
