"""LaTeX: rows that fit, nothing lost where they are broken, documents that compile without complaint."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import networkx as nx
import pytest
import sympy
from sympy import Integer, Matrix, Rational, Symbol, sqrt, symbols
from sympy.parsing.sympy_parser import implicit_multiplication, parse_expr, standard_transformations

from exactav.laws.assembly import assembly_latex, assembly_law
from exactav.laws.duration import size_duration_law
from exactav.laws.pattern import pattern_law
from exactav.laws.size import size_law
from exactav.network import families
from exactav.network.laplacian import forest_weight, induced_laplacian, tree_weight
from exactav.network.network import Network
from exactav.showing import latex, typesetting
from exactav.showing.typesetting import LINE, cut, escape, expression, fragments, label, labels, packed, width

STATED_OVERFULL = 5.0  # pt, stated in the docstring of latex.document
EM = 10.0  # pt
A, B = symbols("a b")
ALPHA = Symbol("alpha")
ODD_LABELS = ["a_b", "50%", "x^2", "Müller", "back\\slash", "{braces}", "$5", "#1 & #2", "~tilde", "Łódź"]
ODD_LABELS += ["東京", "β-cell", "😀 happy", "a--b <c> |d|", "two\n\nlines\x07"]
# What formulas may use, because MathJax and KaTeX know it as pdflatex does.
KNOWN_TO_MATHJAX = set(
    re.findall(
        r"\\\w+",
        r"\alpha \backslash \bar \beta \begin \big \bigl \bigr \cdot \det \end \frac \hat \hookleftarrow"
        r" \left \mid \qquad \quad \right \setminus \sim \sqrt \tau \text \times \to \varnothing \vdots"
        r" \vphantom",
    )
)


def mathematics(latex_text: str) -> sympy.Expr:
    """The expression in a and b that a piece of LaTeX stands for."""
    text = re.sub(r"\\(left|right|bigl|bigr|big|,|;|hookleftarrow|qquad)(?![A-Za-z])|&|\\\\", "", latex_text)
    text = re.sub(r"(?<=\d)\s+(?=\d)", "", text)
    text = re.sub(r"\^\{(\d+)\}", r"**\1 ", text.replace(r"\cdot", "*").replace("[", "(").replace("]", ")"))
    while r"\frac" in text:
        text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
    spaced = re.sub(r"(?<=[\w)]) *(?=[a-z(])", " ", text)
    return parse_expr(spaced, transformations=(*standard_transformations, implicit_multiplication))


def random_network(n_units: int, seed: int = 0, largest: int = 97, names: list[str] | None = None) -> Network:
    random = Random(seed)
    weight = [
        [Rational(random.randint(1, largest), 23 * largest * n_units) for _ in range(n_units)]
        for _ in range(n_units)
    ]
    return Network(weight, labels=names)


def generic_network(n_units: int) -> Network:
    return families.generic(n_units)


def florentine_network() -> Network:
    graph = nx.florentine_families_graph()
    families_sorted = sorted(graph)
    entries = {
        (families_sorted.index(u), families_sorted.index(v)): Rational(3, 20)
        for edge in graph.edges
        for u, v in (edge, edge[::-1])
    }
    return Network.from_entries(len(graph), entries, labels=families_sorted)


class TestNames:
    @pytest.mark.parametrize("character", "&%$#_{}")
    def test_special_characters_get_a_backslash(self, character: str) -> None:
        assert escape(f"a{character}b") == f"a\\{character}b"
        assert label(f"a{character}b") == rf"\text{{a}}\{character}\text{{b}}"

    def test_other_special_characters_get_words(self) -> None:
        assert escape("~^\\") == r"\textasciitilde{}\textasciicircum{}\textbackslash{}"
        assert label("~^\\") == r"{\sim}\hat{\ }\backslash "

    def test_ligatures_are_parted(self) -> None:
        assert escape("50--60 <<x") == "50-{}-60 <{}<x"
        assert label("a--b") == r"\text{a-}\text{-b}"

    def test_control_characters_and_line_ends(self) -> None:
        assert label("a\n\nb\x07") == r"\text{a b[U+0007]}"
        assert label("\udc80") == r"\text{[U+DC80]}"

    def test_integers_and_symbols_stay_mathematics(self) -> None:
        assert (label(12), label(Symbol("x_1")), label((0, 1))) == ("12", "x_{1}", r"\text{(0, 1)}")

    def test_sets(self) -> None:
        assert labels([]) == r"\varnothing"
        assert labels([0, 1]) == r"\{0, 1\}"
        assert labels(["a", 1]) == r"\{\text{a},\ 1\}"

    def test_a_long_label_comes_in_parts_that_lose_nothing(self) -> None:
        for name in ("x" * 150, "many words " * 20, "東" * 30):
            parts = re.findall(r"\\text\{([^}]*)\}", label(name))
            assert "".join(parts) == name.strip()
            assert all(width(rf"\text{{{part}}}") <= LINE for part in parts)

    @pytest.mark.parametrize(
        ("name", "written"),
        [
            ("alpha", r"\alpha"),
            ("w_{01}", "w_{01}"),
            ("w_01", "w_{01}"),
            ("50%", r"50\%"),
            ("été", r"\text{été}"),
            ("α_1", "α_{1}"),
        ],
    )
    def test_symbols(self, name: str, written: str) -> None:
        assert expression(Symbol(name)) == written


class TestExpressions:
    @pytest.mark.parametrize(
        ("expr", "written"),
        [
            (1 - A, "1 - a"),
            (2 - A - B, "2 - a - b"),
            (B - A, "b - a"),
            (-A - B, "- a - b"),
            (A**2 * B - 3 * A + 7, "7 - 3 a + a^{2} b"),
            (sqrt(2) - 1, r"\sqrt{2} - 1"),
            (Rational(-3, 8), r"- \frac{3}{8}"),
        ],
    )
    def test_order_of_terms(self, expr: sympy.Expr, written: str) -> None:
        assert expression(expr) == written

    def test_width_grows(self) -> None:
        assert (
            0
            == width("")
            < width("1")
            < width("12")
            < width("1 + 2")
            < width(r"\frac{1 + 23}{4}")
            < width("1 + 2345")
        )

    def test_width_counts_spaces_in_text_only(self) -> None:
        assert width(r"\text{a b}") > width(r"\text{ab}")
        assert width("a b") == width("ab")

    def test_scripts_are_small(self) -> None:
        assert width("a") < width("a_{1}") < width("a1")


class TestPieces:
    def test_what_fits_is_one_piece(self) -> None:
        assert fragments(Rational(3, 8)) == [r"\frac{3}{8}"]

    @pytest.mark.parametrize("seed", range(5))
    @pytest.mark.parametrize("line", [12, 25, LINE])
    def test_broken_rows_mean_what_the_expression_means(self, seed: int, line: float) -> None:
        random = Random(seed)

        def polynomial(n_terms: int) -> sympy.Expr:
            terms = (
                random.randint(-9, 9) * A ** random.randint(0, 4) * B ** random.randint(0, 4)
                for _ in range(n_terms)
            )
            return sympy.Add(*terms) + 10 + A

        for expr in (
            polynomial(12),
            polynomial(9) * polynomial(3) ** 2 / 7,
            -polynomial(4) / (96 * polynomial(9) * polynomial(2) ** 3),
            5 * A * polynomial(8) / polynomial(8),
            1 / polynomial(12),
        ):
            rows = packed(fragments(expr, line), "&", line)
            assert sympy.cancel(mathematics(" ".join(rows)) - expr) == 0

    @pytest.mark.parametrize(
        "number", [Integer(7) ** 100, -(Integer(7) ** 200), Integer(10) ** 90, Integer(10) ** 59]
    )
    def test_long_integers_keep_their_digits_and_say_that_they_go_on(self, number: sympy.Integer) -> None:
        rows = packed(fragments(number, 20), "&", 24)
        assert re.sub(r"[^-\d]", "", "".join(rows)) == str(number)
        assert len(rows) > 1
        assert all(row.endswith(r"\;\hookleftarrow") for row in rows[:-1])
        assert "hookleftarrow" not in rows[-1]

    def test_long_fractions_start_a_row_with_the_slash(self) -> None:
        number = Rational(Integer(7) ** 150, Integer(3) ** 300)
        rows = packed(fragments(number))
        below = next(index for index, row in enumerate(rows) if "/" in row)
        assert rows[below].startswith(r"&\qquad \big/ ")
        assert re.sub(r"\D", "", "".join(rows[:below])) == str(7**150)
        assert re.sub(r"\D", "", "".join(rows[below:])) == str(3**300)

    def test_no_row_is_wider_than_the_line(self) -> None:
        expr = sympy.expand((1 + A + 2 * B) ** 15)
        assert all(width(row) <= LINE for row in packed(fragments(expr)))

    def test_cut_loses_nothing(self) -> None:
        text = rf"P(A = {labels(ODD_LABELS)} \to {labels(range(30))} \mid k = {label('x' * 200)})"
        assert "".join(cut(text)) == text
        assert all(width(part) <= LINE for part in cut(text))
        assert all(width(row) <= LINE for row in packed(cut(text)))


class TestAlignedEquations:
    def test_equal_signs_below_each_other(self) -> None:
        text = latex.aligned_equations([("x", A), ("y", B)], dots=True)
        assert text.splitlines()[1:-1] == [r"x &= a \\", r"y &= b \\", r"&\;\;\vdots"]

    def test_long_left_sides_have_rows_of_their_own(self) -> None:
        left = rf"P(A = {labels(['Acciaiuoli'] * 12)})"
        rows = latex.aligned_equations([(left, Rational(1, 3)), ("P", Rational(2, 3))]).splitlines()[1:-1]
        assert rows[0].startswith("&P(A = ")
        assert rows[-2] == r"&\quad = \frac{1}{3} \\[6pt]"
        assert rows[-3].endswith(r" \\")
        assert rows[-1] == r"&P = \frac{2}{3}"

    def test_a_shared_long_denominator_is_written_once(self) -> None:
        below = sympy.expand((3 + A + B) ** 7)
        text = latex.aligned_equations([("x", A / 2 / below), ("y", (1 - A) / below), ("z", B)], dots=True)
        assert text.count("2187") == 1
        assert r"x &= \frac{a}{2 Z}" in text
        assert text.index(r"\vdots") < text.index(r"\text{where } Z &= ")

    def test_long_fractions_get_one_common_denominator(self) -> None:
        values = [
            Rational(Integer(7) ** 120, 3 * Integer(11) ** 150),
            Rational(Integer(5) ** 150, 2 * Integer(11) ** 150),
            Rational(1, 2),
        ]
        result, names = latex._with_shared_denominators(values, LINE)
        ((value, name),) = names.items()
        assert value == 6 * Integer(11) ** 150
        assert [expr.subs(name, value) for expr in result] == values
        assert result[-1] == Rational(1, 2)

    def test_the_name_of_the_denominator_is_free(self) -> None:
        below = sympy.expand((3 + Symbol("Z") + B) ** 7)
        assert r"\text{where } Z' &= " in latex.aligned_equations([("x", A / below), ("y", B / below)])

    def test_nothing(self) -> None:
        assert latex.aligned_equations([]) == "\\begin{align*}\n\n\\end{align*}"

    def test_many_rows_come_in_several_environments(self) -> None:
        text = latex.align(f"x_{{{i}}} &= {i}" for i in range(1000))
        assert text.count(r"\begin{align*}") == text.count(r"\end{align*}") == 3
        assert [int(i) for i in re.findall(r"&= (\d+)", text)] == list(range(1000))

    def test_rows_chain(self) -> None:
        short = latex.rows("x", r"\det M", A)
        assert short == [r"x &= \det M = a"]
        long = latex.rows("x", r"\det M", sympy.expand((1 + A) ** 20))
        assert (long[0], long[1][:6]) == (r"x &= \det M", "&= 1 +")


class TestMatrices:
    def written(self, entries: Any) -> str:
        return "\n".join(latex.matrix_rows([("M &=", Matrix(entries), None)]))

    def test_small(self) -> None:
        assert self.written([[1, A], [0, Rational(1, 2)]]) == (
            r"M &= \begin{pmatrix}1 & a \\[6pt] 0 & \frac{1}{2}\end{pmatrix}"
        )

    def test_empty(self) -> None:
        assert latex.matrix_rows([("M &= \\det", Matrix(0, 0, []), Integer(1))]) == [r"M &= \det (\;) = 1"]

    def test_more_than_ten_columns(self) -> None:
        assert "smallmatrix" in self.written(sympy.eye(12))

    def test_sums_get_names_when_they_are_too_wide(self) -> None:
        total = sum(symbols("w1:7"))
        text = self.written([[total if i == j else A for j in range(5)] for i in range(5)])
        assert text.count("w_{6}") == 1
        assert r"\text{where } d_1 &= w_{1} + w_{2}" in text.replace("d_{1}", "d_1")

    def test_blocks_of_columns_hold_every_entry(self) -> None:
        text = self.written([[Rational(i + 1, 10**6 + j) for j in range(30)] for i in range(4)])
        for i in range(4):
            for j in range(30):
                assert str(Rational(i + 1, 10**6 + j)).replace("/", " / ") in text
        rows = text.splitlines()
        assert len(rows) > 1
        assert all(row.endswith(r"\right.\;\hookleftarrow") for row in rows[:-1])

    def test_too_large_to_write_out(self) -> None:
        assert r"(70 \times 70 \text{ matrix" in self.written(sympy.zeros(70))

    def test_a_symbolic_probability_is_written_where_it_is_short(self) -> None:
        short = assembly_latex(Network([[0, "1/2"], [A, 0]]), {0}, 0).splitlines()[-2]
        assert short.endswith(r"{\det M_{\setminus k}} = 1 - a")
        long = assembly_latex(families.generic(4), {0, 1}, 0).splitlines()[-2]
        assert long.endswith(r"{\det M_{\setminus k}}")

    def test_assembly(self) -> None:
        text = assembly_latex(Network([[0, "1/2"], ["1/4", 0]]), {0}, 0)
        assert text.splitlines()[1:-1] == [
            r"k &= 0 \\",
            r"A &= \{0\} \\",
            r"\bar{A} &= \{1\} \\",
            r"\tau_k(A) &= \det (\;) = 1 \\",
            r"f(\bar{A}) &= \det \begin{pmatrix}\frac{3}{4}\end{pmatrix} = \frac{3}{4} \\",
            r"\det M_{\setminus k} &= \det \begin{pmatrix}1\end{pmatrix} = 1 \\",
            r"P(A \mid k) &= \frac{\tau_k(A)\, f(\bar{A})}{\det M_{\setminus k}} = \frac{3}{4}",
        ]


class TestTables:
    def test_dots_stand_for_rows_that_are_left_out(self) -> None:
        law = size_law(families.ring(3, "1/2"))
        assert r"\vdots" not in law.latex_table(max_rows=3)
        assert law.latex_table(max_rows=3) == law.latex_table()
        assert law.latex_table(max_rows=2).count(r"\vdots") == 1


class TestDocuments:
    def test_parts(self) -> None:
        text = latex.document("Text.", size_law(families.homogeneous(3, ALPHA)), Matrix([[A]]), A / 2)
        assert (
            text.index("Text.") < text.index("P(L = 1)") < text.index("pmatrix") < text.index(r"\frac{a}{2}")
        )
        assert text.endswith("\\end{document}\n")

    def test_title_is_plain_text(self) -> None:
        assert r"\section*{50\% of a\_b}" in latex.document(title="50% of a_b")

    def test_file(self, tmp_path: Path) -> None:
        path = tmp_path / "law.tex"
        text = latex.document("Müller", path=path)
        assert path.read_text(encoding="utf-8") == text
        assert r"\fallback{ü}{00FC}{" in text

    def test_the_mark_at_row_ends_is_explained(self) -> None:
        assert "A row that ends with" in latex.document(Integer(7) ** 200)
        assert "A row that ends with" not in latex.document(Integer(7))

    def test_wide_and_long_tables_come_in_parts(self) -> None:
        text = latex.table(
            ["unit", *("abcdefghij" * 2)], [[str(i), *["0.123456789"] * 20] for i in range(50)]
        )
        assert text.count(r"\begin{tabular}") >= 4
        assert text.count("0.123456789") == 20 * 50
        assert text.count("unit & ") == text.count(r"\begin{tabular}")

    def test_a_cell_that_is_too_wide_becomes_dots(self) -> None:
        assert "0 & $\\cdots$" in latex.table(["unit", "x"], [["0", "9" * 100]])


# Documents of every kind, compiled below.

sqrt2_network = Network(
    [
        [0, sqrt(2) / 8, Rational(1, 7)],
        [sqrt(2) / 9, 0, Rational(1, 5)],
        [Rational(1, 3), (2 - sqrt(2)) / 4, 0],
    ]
)


def many_symbols() -> list[Any]:
    names = [
        "alpha",
        "w_{01}",
        "α_1",
        "été",
        "50%",
        "a&b",
        "x#1",
        "日",
        "Z",
        "d_1",
        "x^2",
        "rate",
        "beta_max",
    ]
    all_symbols = [Symbol(name) for name in names]
    total = sum((symbol**i for i, symbol in enumerate(all_symbols, 1)), Integer(0))
    matrix = Matrix(6, 6, lambda i, j: total - all_symbols[i] if i == j else all_symbols[i * j % 13])
    return [total, (1 - total) ** 3 * (2 + total) ** 2 / (1 + sum(all_symbols) ** 2), matrix]


def rare_labels() -> list[Any]:
    names = ["x" * 150, "many words " * 20, "東京" * 30, "e\u0301\u0301", "\udc80", "", "𝔘𝔫𝔦", "Привет"]
    names += ["µm ½ ° ±", "þ ð « „ “ € £", "ŉ ĸ ŧ ŋ", "ß ẞ ł", "\u200b", "ά ς ϑ Ω"]
    ring = {(i, (i + 1) % len(names)): "1/3" for i in range(len(names))}
    net = Network.from_entries(len(names), ring, labels=names)
    law = assembly_law(net)
    last = [(f"P(A = {law.kind.latex(outcome)})", law[outcome]) for outcome in list(law)[-2:]]
    return [law.latex(max_rows=30), latex.aligned_equations(last), assembly_latex(net, names[:2], names[1])]


def odd_labels() -> list[Any]:
    net = random_network(5, 1, 7, ODD_LABELS[:5])
    others = [random_network(5, 1, 7, ODD_LABELS[i : i + 5]) for i in (5, 10)]
    laws = [assembly_law(net), assembly_law(others[0]), assembly_law(others[1], start=ODD_LABELS[13])]
    return [
        *laws,
        pattern_law(net, start="a_b").latex(max_rows=40),
        assembly_latex(net, ODD_LABELS[:3], "50%"),
    ]


def florentine() -> list[Any]:
    net = florentine_network()
    law = assembly_law(net)
    last = [(f"P(A = {law.kind.latex(outcome)})", law[outcome]) for outcome in list(law)[-30:]]
    sets = [["Medici"], ["Medici", "Ridolfi", "Strozzi"], net.labels]
    written = [assembly_latex(net, assembly, "Medici") for assembly in sets]
    return [law.latex(max_rows=60), latex.aligned_equations(last), size_law(net, start="Medici"), *written]


def symbolic_assemblies() -> list[Any]:
    three, five = generic_network(3), generic_network(5)
    blocks = families.populations([4, 4], [[A / 8, B / 8], [B / 8, A / 8]])
    return [
        assembly_latex(three, {0}, 0),
        assembly_latex(three, {0, 1, 2}, 1),
        assembly_latex(five, {0, 1, 2}, 1),
        assembly_latex(blocks, {0, 1, 2, 5}, 0),
        induced_laplacian(five, range(5)),
        tree_weight(five, range(5), 0),
        forest_weight(five, range(4)),
    ]


def rational_assemblies() -> list[Any]:
    random = Random(3)
    floats = Network.from_floats([[random.random() / 20 for _ in range(8)] for _ in range(8)])
    dense = random_network(15)
    return [
        assembly_latex(Network([["1/2"]]), {0}, 0),
        assembly_latex(random_network(12), range(5), 2),
        assembly_latex(dense, range(9), 2),
        assembly_latex(floats, range(5), 2),
        induced_laplacian(dense, dense.labels, leak=True),
    ]


def per_step() -> list[Any]:
    net = families.homogeneous(3, "3/4", increment="1/8")
    return [law(net).per_step() for law in (size_law, assembly_law, pattern_law, size_duration_law)]


def dense_sizes() -> list[Any]:
    floats = Network.from_floats([[0.04 / (i + j + 1.7) for i in range(10)] for j in range(10)])
    return [size_law(random_network(12)), size_law(floats)]


def one_and_two_parameters() -> list[Any]:
    blocks = families.populations([4, 4], [[A / 8, B / 8], [B / 8, A / 8]])
    four = families.homogeneous(4, ALPHA)
    return [size_law(families.homogeneous(8, ALPHA)), size_duration_law(four), size_law(blocks)]


def tables() -> list[Any]:
    body = [[f"${label(name)}$", *[r"$\frac{1}{2}$"] * 15] for name in ODD_LABELS * 4]
    return [latex.table(["unit", *map(escape, ODD_LABELS)], body)]


def text_and_numbers() -> list[Any]:
    numbers = [Integer(10) ** 200, -(Integer(7) ** 200) * sqrt(2), Rational(1, 3) ** 300]
    return ["Text, é, 東.", A / 2, "More text.", *numbers]


ZOO: dict[str, Callable[[], list[Any]]] = {
    "ring": lambda: [size_law(families.ring(10, "4/5"))],
    "parameters": one_and_two_parameters,
    "generic_sizes": lambda: [size_law(generic_network(4))],
    "generic_patterns": lambda: [assembly_law(generic_network(3)), pattern_law(generic_network(3), start=0)],
    "dense_sizes": dense_sizes,
    "all_assemblies": lambda: [assembly_law(random_network(9))],
    "algebraic": lambda: [size_law(sqrt2_network), assembly_law(sqrt2_network)],
    "per_step": per_step,
    "odd_labels": odd_labels,
    "rare_labels": rare_labels,
    "florentine": florentine,
    "symbolic_assemblies": symbolic_assemblies,
    "rational_assemblies": rational_assemblies,
    "many_symbols": many_symbols,
    "tables": tables,
    "text": text_and_numbers,
}


def compiled(text: str, folder: Path) -> list[str]:
    """The lines of pdflatex's log; fails if there is an error."""
    if shutil.which("pdflatex") is None:
        pytest.fail(
            "pdflatex is missing: apt-get install --no-install-recommends "
            "texlive-latex-base texlive-latex-recommended texlive-fonts-recommended"
        )
    (folder / "paper.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    run = subprocess.run(
        command, cwd=folder, capture_output=True, check=False, env={**os.environ, "max_print_line": "1000"}
    )
    log = (folder / "paper.log").read_text(encoding="utf-8", errors="replace").splitlines()
    assert run.returncode == 0, [line for line in log if line.startswith("!")]
    assert (folder / "paper.pdf").stat().st_size > 0
    return log


def overfull(log: list[str]) -> list[float]:
    """By how many pt boxes are too wide or too high."""
    found = (re.match(r"Overfull \\[hv]box \(([\d.]+)pt", line) for line in log)
    return [float(match[1]) for match in found if match]


@pytest.mark.parametrize(
    "name", ["parameters", "algebraic", "odd_labels", "symbolic_assemblies", "rational_assemblies"]
)
def test_formulas_use_only_what_mathjax_knows(name: str) -> None:
    text = latex.document(*ZOO[name]()).partition(r"\begin{document}")[2].partition(r"\end{document}")[0]
    assert text.count(r"\begin{align*}") == text.count(r"\end{align*}") > 0
    assert set(re.findall(r"\\[A-Za-z]+", text)) <= KNOWN_TO_MATHJAX
    assert set(re.findall(r"\\begin\{(.*?)\}", text)) <= {"align*", "pmatrix", "smallmatrix"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ZOO)
def test_pdflatex_has_nothing_to_complain_about(name: str, tmp_path: Path) -> None:
    log = compiled(latex.document(*ZOO[name](), title=f"{name}: 50% é 東 α"), tmp_path)
    assert [excess for excess in overfull(log) if excess > STATED_OVERFULL] == []
    assert [line for line in log if "Missing character" in line or "Warning" in line] == []


@pytest.mark.slow
def test_an_overfull_box_would_be_seen(tmp_path: Path) -> None:
    assert max(overfull(compiled(latex.document("x" * 300), tmp_path))) > STATED_OVERFULL


@pytest.mark.slow
def test_widths_are_not_underestimated(tmp_path: Path) -> None:
    samples = [
        expression(sympy.expand((1 + A + 2 * B) ** 3)),
        expression(forest_weight(generic_network(3), range(3))),
        expression(ALPHA**7 * (1 - ALPHA) / (8 - 7 * ALPHA)),
        expression(Rational(3**40, 7**50)),
        rf"P(A = {labels(['Acciaiuoli', 'Medici', 'a_b', 'Müller'])} \mid k = 3)",
        rf"P(G = {labels([0])} \to {labels([1, 2])})",
        r"\text{Mass MWmw WWW iii}",
    ]
    measured = (rf"\sbox0{{$\displaystyle {sample}$}}\message{{width=\the\wd0.}}" for sample in samples)
    log = " ".join(compiled(latex.document("x", *measured), tmp_path))
    real = [float(found) / EM for found in re.findall(r"width=([\d.]+)pt\.", log)]
    assert len(real) == len(samples)
    for sample, em in zip(samples, real, strict=True):
        assert em - 0.3 <= width(sample) <= 1.35 * em + 0.5, sample
    assert typesetting.LINE * EM + STATED_OVERFULL <= 455.24  # \textwidth of document()


def test_equations_that_fill_a_row_are_cut() -> None:
    many = labels(range(60))
    rows = latex.approximate_rows([("P(L = 1)", "0.25"), (f"P(A = {many})", "0.125"), ("p", "1" * 90)])
    assert rows[0] == r"&P(L = 1) \approx 0.25"
    cut_at = rows.index(r"&\quad \approx 0.125")
    names = re.findall(r"\d+", "".join(rows[1:cut_at]))
    assert names == [str(unit) for unit in range(60)]  # none is lost where a row ends
    assert all(width(row) <= LINE for row in rows[:cut_at])
    assert rows[cut_at + 1 :] == ["&p", rf"&\quad \approx {'1' * 90}"]


def test_signs_and_factors_of_products_that_are_cut() -> None:
    first, second = (sum(symbols(f"{name}0:60")) for name in "cd")
    for coefficient, begins in ((-1, "- x"), (1, "x"), (3, "3"), (Rational(-3, 7), "-3")):
        pieces = fragments(coefficient * Symbol("x") * first * second)
        assert len(pieces) > 100
        assert pieces[0].startswith(begins)
        written = " ".join(pieces).replace(r"\bigl", "").replace(r"\bigr", "").replace(r"\cdot", "*")
        written = re.sub(r"([cd])_\{(\d+)\}", r"\1\2", written).replace(r"\big/", "/")
        factor, *_ = written.split("(", 1)
        assert parse_expr(
            factor.rstrip("* "), transformations=(*standard_transformations, implicit_multiplication)
        ) / Symbol("x") in (coefficient, -3)


def test_a_matrix_with_an_entry_wider_than_a_row_has_a_column_a_block() -> None:
    wide = sum(symbols("c0:60"))
    blocks = typesetting.matrix_blocks(Matrix([[wide, 1], [0, wide]]), LINE)
    assert len(blocks) == 2
    assert all(text.count("c_{59}") == 1 and em > LINE for text, em in blocks)


def test_a_decimal_that_is_not_known_is_a_question_mark() -> None:
    assert latex.decimal(None) == "?"
