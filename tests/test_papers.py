"""What files assume, chains of equations, conditions, definitions, and the command."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import exactav as ea
from exactav.command.cli import main
from exactav.command.group import cli
from exactav.errors import ExactavError, OptionError, ParseError, UnknownNameError
from exactav.papers.nodes import Call, Name, number
from exactav.papers.operations import NoValueHereError
from exactav.papers.points import Question, points
from exactav.papers.source import Display, source
from exactav.papers.tokens import NotUnderstoodError
from exactav.papers.values import at_point


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


def test_conditions_in_one_parenthesis_or_in_several() -> None:
    head = "% exactav: n, m nonnegative integer\n"
    for condition in (r"(n \ge 1, m \ge 1)", r"(n \ge 1)\text{ and }(m \ge 1)", r"(n, m \ge 1)"):
        assert outcomes(head + r"\[ 0^{n} 0^{m} = 0 \quad " + condition + r"\]") == ["holds"], condition
        assert outcomes(head + r"\[ n m = 0 \quad " + condition + r"\]") == ["refuted"], condition


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
    found = ea.check_paper(text + "% exactav: P(x) = homogeneous.size\n% exactav: c = k_ring.mean\n")
    assert found.formulas == (
        ("p(N)", "homogeneous.full"),
        ("m", "homogeneous.mean"),
        ("c", "k_ring.mean"),
    )
    assert found.compared_with()[1] == (
        "m is homogeneous.mean, proved for all values in derivation 08, step 8"
    )
    assert json.loads(found.to_json())["formulas"][0] == {
        "written": "p(N)",
        "id": "homogeneous.full",
        "proved": True,
    }


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


def test_arguments_are_checked(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="no such file"):
        ea.check_paper("paper.tex")
    with pytest.raises(OptionError, match="seconds"):
        ea.check_paper(r"\[ 1 = 1 \]", seconds=0)
    with pytest.raises(ParseError, match="1 MB"):
        ea.check_paper("% \n" * 400_000)
    with pytest.raises(ParseError, match="it is a directory"):
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
