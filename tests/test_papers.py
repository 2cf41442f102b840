"""The grammar of formulas in papers, what files assume, chains, conditions, bounds, and the command."""

import json
import re
import time
from contextlib import suppress
from pathlib import Path

import pytest
import sympy
from click.testing import CliRunner

import exactav as ea
from exactav.command.cli import main
from exactav.command.group import cli
from exactav.errors import ExactavError, OptionError, ParseError, UnknownNameError
from exactav.papers.nodes import Call, Name, Node, free_names, number
from exactav.papers.operations import NoValueHereError
from exactav.papers.parser import Parser
from exactav.papers.points import Question, points
from exactav.papers.source import Display, source
from exactav.papers.symbolic import in_symbols
from exactav.papers.tokens import NotUnderstoodError, tokens_of
from exactav.papers.values import at_point

SCALARS = frozenset("abcdefgklmnoqrstuvwxyzLNM") | {"alpha", "beta"}


def read(latex: str) -> Node:
    tokens = tokens_of(latex, 0, len(latex))
    return Parser(tokens, lambda name: False if name in SCALARS else None).whole()


def expression(latex: str) -> str:
    node = read(latex)
    return str(in_symbols(node, {name: sympy.Symbol(name) for name in free_names(node)}))


READ = {
    r"\frac12 + \tfrac{a}{b} - \dfrac 3 4": "a/b - 1/4",
    r"2\alpha(1-\alpha)": "2*alpha*(1 - alpha)",
    r"a \cdot b \times c * d": "a*b*c*d",
    r"\sqrt{a} + \sqrt[3]{8}": "sqrt(a) + 2",
    r"\left(a + b\right)^2": "(a + b)**2",
    r"\bigl[ a \bigr]\Bigl( b \Bigr)\,\!\;": "a*b",
    r"a_1 a_{12} a_{k}": "a_1*a_12*a_k",
    r"\bar\alpha + \bar{\alpha} + \hat{x}_1": "2*bar(alpha) + hat(x)_1",
    r"\mathrm{Pe} + \mathcal{N}": "Pe + mathcal(N)",
    r"\binom{n}{2} + {n \choose 2} - 2\tbinom n2": "0",
    r"n!/(n-1)!": "factorial(n)/factorial(n - 1)",
    r"|a|^2": "Abs(a)**2",
    r"\left| a - |b| \right|": "Abs(a - Abs(b))",
    r"e^{-a} + \exp(a) + \mathrm{e}^{a}": "2*exp(a) + exp(-a)",
    r"\ln a + \log\left(b\right)": "log(a) + log(b)",
    r"\sum_{k=1}^{3} k^2": "14",
    r"\sum_{k=1}^n \sum_{l=1}^{k} l": "Sum(l, (l, 1, k), (k, 1, n))",
    r"\prod_{k=1}^{3} (1 - a^k)": "(1 - a)*(1 - a**2)*(1 - a**3)",
    r"\sum_{k\ge 0} a^k": "Sum(a**k, (k, 0, oo))",
    r"\det\begin{pmatrix} a & b \\ c & d \end{pmatrix}": "a*d - b*c",
    r"\begin{vmatrix} 1 & 0 & 0 \\ 0 & a & 0 \\ 0 & 0 & b \end{vmatrix}": "a*b",
    r"\begin{cases} a & n = 1 \\ b & \text{otherwise} \end{cases}": "Piecewise((a, Eq(n, 1)), (b, True))",
    r"a^2b^{3}c^n": "a**2*b**3*c**n",
    r"{a \over b}": "a/b",
    r"-a + b": "-a + b",
    r"0.25 a": "a/4",
    r"\cos\frac{\pi}{3} + \sin^2 a": "sin(a)**2 + 1/2",
    r"n^{\underline{2}}": "n*(n - 1)",
    r"\langle L \rangle + \langle L^2 \rangle": "<L> + <L^2>",
    r"\max(1, 2) + \min\{1, 2\}": "3",
    r"\Gamma(n+1)": "gamma(n + 1)",
}

NOT_UNDERSTOOD = {
    r"\int_0^1 x": "command is not known",
    r"\frac{dx}{dy}": "derivatives",
    r"a/bc": "two readings",
    r"a/b/c": "two readings",
    r"P(N-1)": "P is a number or a function",
    r"a(b)": "looks like a function",
    r"\ln a (b+c)": "set parentheses",
    r"\exp(a)^2": "two readings",
    r"\sum_{k} a_k": "index = its first value",
    r"\sum_{k=1}^{n} k + k": "behind the sum",
    r"n!!": "double factorials",
    r"a^b^c": "power of a power",
    r"(n)_k": "subscript",
    r"A^{(1)}": "no power",
    r"A^T": "no power",
    r"x^{\mathrm{max}}": "no power",
    r"f^{-1}(x+1)": "inverse",
    r"\mathbf{A} b": "vectors",
    r"i a": "imaginary",
    r"a + ": "the end",
    r"a \pm b": "not known",
    r"(a": "wanted )",
    r"\det M": "explicit matrix",
    r"\begin{pmatrix} a \end{pmatrix}": "no value",
    r"\begin{vmatrix} a & b \end{vmatrix}": "not square",
    r"[0, 1)": "wanted ]",
    r"1 2": "two numbers",
    r"\foo": "not known",
    r"\sin^{-1} a": "inverse",
}


@pytest.mark.parametrize("latex", READ)
def test_formulas_are_read(latex: str) -> None:
    assert expression(latex) == READ[latex]


@pytest.mark.parametrize("latex", NOT_UNDERSTOOD)
def test_what_is_not_known_is_said_and_not_guessed(latex: str) -> None:
    with pytest.raises(NotUnderstoodError, match=re.escape(NOT_UNDERSTOOD[latex])) as said:
        read(latex)
    assert 0 <= said.value.offset <= len(latex)


def outcomes(text: str) -> list[str]:
    return [row.outcome for row in ea.check_paper(text).rows]


def test_rows_of_a_chain() -> None:
    rows = r" (a+b)^2 &= a^2 + 2ab \\", r" &\quad + b^2 \\", " &= b^2 + a(a+2b) = (a+b)^3"
    text = "\n".join([r"\begin{align}", *rows, r"\end{align}"])
    found = ea.check_paper(text).rows
    assert [(row.line, row.outcome) for row in found] == [(2, "holds"), (4, "holds"), (4, "refuted")]


@pytest.mark.parametrize("environment", ["equation", "align*", "gather", "multline*", "eqnarray", "flalign"])
def test_environments(environment: str) -> None:
    text = rf"\begin{{{environment}}} 1 + 1 = 2 \label{{a=b}} \end{{{environment}}}"
    assert outcomes(text) == ["holds"]


@pytest.mark.parametrize("text", [r"\[ 1 = 1 \]", "$$ 1 = 1 $$", r"\begin{displaymath}1=1\end{displaymath}"])
def test_plain_displays(text: str) -> None:
    assert outcomes(text) == ["holds"]


def test_assumptions_restrict_the_points() -> None:
    wrong_for_small = r"\[ |x - 1| = x - 1 \]"
    assert outcomes("% exactav: x real\n" + wrong_for_small) == ["refuted"]
    assert outcomes("% exactav: 1 < x < 2\n" + wrong_for_small) == ["undecided"]
    assert outcomes("% exactav: n integer\n" + r"\[ (-1)^{2n} = 1 \]") == ["holds"]


@pytest.mark.parametrize(
    "condition",
    [
        r"\quad (L < N)",
        r"\qquad L<N",
        r", \text{ for } L < N",
        r"\text{ if $L<N$}",
        r"\quad L = 1, \dots, N-1",
        r", \quad 1 \le L \le N - 1 .",
        r"\quad \forall L < N",
    ],
)
def test_side_conditions(condition: str) -> None:
    head = "% exactav: L, N positive integer, L <= N, 0 < alpha < 1\n% exactav: P(L) = directed_ring.size\n"
    equation = r"\[ P(L) = \alpha^{L-1}(1-\alpha)"
    assert outcomes(f"{head}{equation} {condition} \\]") == ["holds"]
    assert outcomes(f"{head}{equation} \\]") == ["refuted"]


def test_words_that_may_be_conditions_are_not_passed_over() -> None:
    (row,) = ea.check_paper(r"\[ x^2 = 1 \quad \text{for special } x \]").rows
    assert row.outcome == "not understood"
    assert "special" in row.detail
    assert outcomes(r"\[ x^2 = x x \quad \text{for special } x \]") == ["holds"]  # with or without


def test_what_the_text_says_is_a_condition() -> None:
    assert outcomes("% exactav: N integer\nFor $N = 2$ \\[ N^2 = 2 N \\]") != ["refuted"]
    assert outcomes("% exactav: N integer\nFor $N = 2$\n\nand\n\\[ N^2 = 2 N \\]") == ["refuted"]
    assert outcomes("With $q = 1 - p$ \\[ p q = p - p^2 \\]") == ["undecided"]


def test_bindings_are_compared_in_all_cases() -> None:
    head = "% exactav: p(N) = homogeneous.full(alpha = a)\n% exactav: m = homogeneous.mean(alpha = a)\n"
    text = (
        "% exactav: N positive integer, 0 < a < 1\n"
        + head
        + r"\[ p(N) = \frac{a^{N-1}}{N-(N-1)a}, \quad p(3) = \frac{a^2}{3-2a}, \quad m = N \]"
    )
    assert outcomes(text) == ["holds", "holds", "refuted"]


@pytest.mark.parametrize(
    "comment",
    [
        "P(L) = homogeneous.nothing",
        "P(L) = homogeneous.size(beta = 1)",
        "P(x) = homogeneous.size",
        "N imaginary",
        "N",
        "?",
        "N integer real <",
        "P(L, x) = homogeneous.size",
    ],
)
def test_comments_that_say_nothing_are_reported(comment: str) -> None:
    (row,) = ea.check_paper(f"% exactav: {comment}\n").rows
    assert row.outcome == "not understood"
    assert (row.line, row.column) == (1, 12)


def test_definitions_are_used_and_not_judged() -> None:
    assert outcomes(r"\[ q = 1 - p, \] \[ q^2 = 1 - 2p + p^2, \qquad q^2 = 1 + p^2 \]") == [
        "defines",
        "holds",
        "refuted",
    ]
    assert outcomes(r"\[ f(x) = x^2 \] \[ f(y+1) = y^2 + 2y + 1 \]") == ["defines", "holds"]
    assert outcomes(r"\[ r = q^2, \quad q = 1 - p \] \[ r = (1-p)^2 \]") == ["defines", "defines", "holds"]
    assert outcomes(r"\[ s = p q, \quad \text{where } q = 1 - p \] \[ s = p - p^2 \]")[-1] == "holds"
    assert outcomes(r"\[ g(x) = x^2, \quad x = 2 \]") == ["defines"]
    assert outcomes("% exactav: q real\n" + r"\[ q := 1 - p \] \[ 1 - q = p \]") == ["defines", "holds"]
    assert outcomes(r"\[ A = \int f \] \[ 2A = 2 \]") == ["not understood", "undecided"]


def test_abbreviations_in_comments() -> None:
    assert outcomes("% exactav: q = 1 - alpha\n\\[ 1 - q^2 = \\alpha (2 - \\alpha) \\]") == ["holds"]
    assert outcomes("% exactav: a = b, b = a\n\\[ a + 1 = 2 \\]") == ["undecided"]


def test_commands_of_the_file() -> None:
    head = (
        r"\newcommand{\avg}[1]{\langle #1 \rangle} \newcommand\al{\alpha} \def\half{\tfrac{1}{2}}"
        r"\DeclareMathOperator{\Var}{Var} \newcommand{\endless}{\endless + 1}"
        "\n% exactav: \\langle L \\rangle = homogeneous.mean\n% exactav: N positive integer, 0 < alpha < 1\n"
    )
    assert outcomes(head + r"\[ \avg{L} = \frac{N}{N-(N-1)\al}, \quad \half + \half = 2 \]") == [
        "holds",
        "refuted",
    ]
    assert outcomes(head + r"\[ \Var(L) = \half \]") == ["defines"]
    assert outcomes(head + r"\[ \endless = 1 \] \[ \avg = 1 \] \[ \unknown = 1 \]") == ["not understood"] * 3


def test_endless_sums_need_a_range() -> None:
    series = r"\[ \sum_{k=0}^{\infty} x^k = \frac{1}{1-x} \]"
    assert outcomes("% exactav: 0 <= x < 1\n" + series) == ["holds"]
    assert outcomes("% exactav: x real\n" + series) != ["holds"]
    assert outcomes("% exactav: 0 < x < 2\n" + series) != ["holds"]


def test_sums_and_products_over_symbolic_ranges() -> None:
    head = "% exactav: n positive integer\n"
    assert outcomes(head + r"\[ \prod_{k=1}^{n} k^2 = (n!)^2, \quad \prod_{k=1}^n k = n^n \]") == [
        "holds",
        "refuted",
    ]
    assert outcomes(
        head + r"\[ \sum_{k=1}^{n} \ln k = \ln n!, \quad \sum_{k=0}^{n-1} (a + k d) = n a + n \]"
    ) == [
        "holds",
        "undecided",
    ]
    assert outcomes(head + r"\[ \sum_{k=0}^{n} (-1)^k \binom{n}{k} = 0 \]") == ["holds"]
    assert outcomes(
        "% exactav: n nonnegative integer\n" + r"\[ \sum_{k=0}^{n} (-1)^k \binom{n}{k} = 0 \]"
    ) == ["refuted"]


def test_words_may_be_names_or_parts_of_the_formula() -> None:
    assert outcomes(r"\[ 2\,\text{Var}(L) = 3\,\text{Var} (L) \]") == ["undecided"]
    assert outcomes(r"\[ x^2 = x x \text{ foo } (y) \]") == ["not understood"]
    assert outcomes(r"\[ \text{foo } x = x \]") == ["not understood"]


@pytest.mark.parametrize(
    "latex",
    [
        r"\sum_{k=1}^{n} p_k = n p_k",
        r"\log 100 = 2",
        r"u_{n+1} = u_n + 1",
        r"\delta_{L,N} a = \delta_{N,L} b",
        r"2\alpha = \lambda + 1",
        r"P(L) + P(N) = 1",
        r"\langle x y \rangle + 1 = \langle x \rangle \langle y \rangle + 1",
        r"\frac{0}{0} = 1",
    ],
)
def test_what_may_be_right_is_not_refuted(latex: str) -> None:
    assert outcomes(rf"\[ {latex} \]") in (["undecided"], ["not understood"])


def test_ignored_displays_are_counted() -> None:
    found = ea.check_paper(
        "% exactav: ignore\n\\[ 1 = 2 \\]\n"
        "\\begin{align}\n 1 &= 1 \\\\\n% exactav: ignore\n 1 &= 3\n\\end{align}"
    )
    assert ([row.outcome for row in found.rows], found.ignored) == (["holds"], 2)


def test_comments_and_verbatim_parts_are_no_equations() -> None:
    assert outcomes("% \\[ 1 = 2 \\]\n\\begin{verbatim}\\[ 1 = 2 \\]\\end{verbatim} \\verb|$$1=2$$|") == []
    assert outcomes("\\[ 1 = % 2\n 1 \\% \\]") == ["not understood"]


def test_zero_to_the_zero_and_divisions_by_zero_refute_nothing() -> None:
    assert outcomes("% exactav: x real\n" + r"\[ \frac{x^2}{x} = x \]") == ["holds"]
    with pytest.raises(NoValueHereError):
        at_point(Call("^", (number(0), number(0))), {})
    assert outcomes("% exactav: n positive integer\n" + r"\[ \sum_{k=0}^{n} \binom{n}{k} 0^k = 1 \]") != [
        "refuted"
    ]


def test_points_fulfil_what_is_assumed() -> None:
    n, x = Name("n"), Name("x")
    asked = Question(
        n, x, (Call("<", (number(2), n)), Call("<", (x, n))), (), {"n": ("integer",), "x": ("real",)}
    )
    found = list(points(asked, 10))
    assert len(found) == 10
    assert all(point["n"].is_Integer and point["n"] > 2 and point["x"] < point["n"] for point in found)


BOUNDS = {
    "depth": r"\[ " + "(" * 3000 + "1" + ")" * 3000 + r" = 1 \]",
    "braces": r"\[ " + "{" * 500 + "1" + "}" * 500 + r" = 1 \]",
    "postfix": r"\[ 1" + "!^2" * 1000 + r" = 1 \]",
    "tokens": r"\[ " + "1 + " * 5000 + r"1 = 1 \]",
    "power": r"\[ 9^{9^{9^{9}}} = 1 \]",
    "factorial": r"\[ 100000000! = 1 \]",
    "range": r"\[ \sum_{k=1}^{1000000000} k = 1 \]",
    "digits": r"\[ " + "9" * 5000 + r" = 1 \]",
    "binomial": r"\[ \binom{10^{9}}{10^{8}} = 1 \]",
    "unclosed": r"\begin{equation} 1 = 2",
    "stray": r"\] \end{equation} $$ 1 = 1",
    "matrix": r"\[ \det\begin{pmatrix}" + ("1 &" * 19 + r"1 \\") * 20 + r"\end{pmatrix} = 0 \]",
    "definitions": "".join(rf"\[ a_{{{n + 1}}} = a_{{{n}}} + a_{{{n}}} b \]" for n in range(60)),
    "control": "\\[ 1 = \x1b[31m \\]",
}


@pytest.mark.parametrize("name", BOUNDS)
def test_nothing_hangs(name: str) -> None:
    begun = time.monotonic()
    found = ea.check_paper(BOUNDS[name], seconds=2)
    assert time.monotonic() - begun < 8
    assert not any(row.outcome == "holds" for row in found.rows if name not in ("braces", "definitions"))


HUGE = {
    "opened brackets": "\\[" * 4_000,
    "too many displays": "\\[ \\]" * 30_000,
    "opened environments": "\\begin{equation}" * 4_500 + "\\end{equation}",
    "dollars": "$" * 900_000,
    "backslashes": "\\" * 900_000,
    "blank comment": "% exactav: " + " ." * 400_000,
    "comments": "% exactav: x real\n" * 40_000,
    "unclosed texts": "\\[" + "\\text{" * 6_000 + "\\]",
    "texts in texts": "\\[" + "\\text{$" * 200 + "$}" * 200 + "\\]",
    "unclosed verbs": "".join(f"\\verb{chr(5_000 + n)}" for n in range(60_000)),
    "verbatim": "\\begin{verbatim}" * 60_000,
    "inline": "$x=1$ " * 100_000 + "\\[ 1 = 1 \\]",
    "macros": r"\newcommand{\a}[1]{#1#1#1#1}\[" + r"\a{" * 30 + "1" + "}" * 30 + r" = 1 \]",
    "functions": r"\[ f(x) = x + x + x + x + x \] \[ " + "f(" * 30 + "1" + ")" * 30 + r" = 1 \]",
    "braces": "{" * 900_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_large_files_are_read_in_time_or_refused(name: str) -> None:
    begun = time.monotonic()
    with suppress(ParseError):
        ea.check_paper("\n" + HUGE[name], seconds=1)
    assert time.monotonic() - begun < 10


def test_what_takes_too_long_is_undecided() -> None:
    text = (
        "% exactav: x, y, z positive\n"
        r"\[ (x+y+z+1)^{120} (x+y+z)^{2} = (x+y+z)^2 (1+x+y+z)^{119} (1 + z + y + x)"
        r" + 0 \sum_{k=1}^{n} \sqrt{k+x} \]"
    )
    (row,) = ea.check_paper(text, seconds=0.02).rows
    assert row.outcome == "undecided"
    assert "0.02 s" in row.detail


def test_arguments_are_checked(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="no such file"):
        ea.check_paper("paper.tex")
    with pytest.raises(OptionError, match="seconds"):
        ea.check_paper(r"\[ 1 = 1 \]", seconds=0)
    with pytest.raises(ParseError, match="1 MB"):
        ea.check_paper("% \n" * 400_000)
    with pytest.raises(ParseError, match="cannot be read"):
        ea.check_paper(tmp_path)
    (tmp_path / "latin.tex").write_bytes(b"\xe9\\[ 1 = 1 \\]")
    with pytest.raises(ParseError, match="UTF-8"):
        ea.check_paper(tmp_path / "latin.tex")


def test_rows_and_papers_show_themselves() -> None:
    found = ea.check_paper(r"\[ 1 = 1, \quad 1 = 2 \]")
    assert repr(found) == "<PaperCheck of 2 equations: 1 holds, 1 refuted>"
    assert repr(found.rows[1]) == "<line 1: refuted, 1 = 2>"
    assert found.counts["refuted"] == 1
    assert "left is 1, right is 2" in found._repr_html_()
    assert "<script>" not in ea.check_paper(r"\[ <script> = 1 \]")._repr_html_()


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text("\\[ 1 + 1 = 2 \\]\n\\[ 1 = \\foo\x1b[31m \\]\n", encoding="utf-8")
    assert main(["check", str(paper)]) == 0
    out = capsys.readouterr().out
    assert "2 equations: 1 holds, 1 not understood" in out
    assert "\x1b" not in out
    paper.write_text("\\[ 1 + 1 = 3 \\]\n", encoding="utf-8")
    assert main(["check", str(paper), "--json", "--seconds", "5"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["format"] == 1
    assert said["counts"]["refuted"] == 1
    assert said["rows"][0]["detail"] == "left is 2, right is 3"
    assert main(["check", str(paper), "-o", str(tmp_path / "out.json")]) == 1
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == said
    assert main(["check", str(tmp_path / "none.tex")]) == 2
    assert main(["check", str(paper), "-o", str(paper)]) == 2
    assert main(["check", str(paper), "--seconds", "0"]) == 2
    assert "% exactav: ignore" in CliRunner().invoke(cli, ["check", "--help"]).output


def test_sources_keep_places() -> None:
    found = source("text\n\\[ a\n = b \\]")
    (display,) = found.items
    assert isinstance(display, Display)
    assert found.place(display.offset) == (2, 1)
    assert issubclass(NotUnderstoodError, ExactavError)
