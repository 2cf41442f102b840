"""Derivations of one's own: conditions, chains, and steps that are checked as they are written."""

import re
import subprocess
from pathlib import Path

import pytest
import sympy
from sympy import Abs, Eq, Max, Ne, Piecewise, binomial, sqrt

import exactav as ea
from exactav.errors import ArgumentError, RefutedError, UndecidedError
from exactav.proofs import Draft, chain, exactly, identity
from exactav.proofs.regions import compare_where, conditions, cover

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


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ea.proofs.available()))
def test_derivations_compile_in_two_columns(name: str, tmp_path: Path) -> None:
    body = ea.proofs.load(name).latex(line="revtex")
    text = "\n".join(
        [
            r"\documentclass[aps,pre,twocolumn]{revtex4-2}",
            r"\usepackage{amsmath,amssymb}",
            r"\begin{document}",
            body,
            r"\end{document}",
        ]
    )
    (tmp_path / "d.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "d.tex"]
    for _ in range(2):
        result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout[-2000:]
    log = (tmp_path / "d.log").read_text(encoding="utf-8", errors="replace")
    assert "undefined references" not in log
    too_wide = [float(width) for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert max(too_wide, default=0) < 5, too_wide
