"""Texts of strangers: nothing that is shown steers a terminal, a page, LaTeX or a spreadsheet."""

import csv
import io
import json
import re
import subprocess
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import sympy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import exactav as ea
from exactav.command.cli import main
from exactav.command.page import page
from exactav.command.rendering import Report, say, text_cell
from exactav.command.sections import Outcome, Section, network_facts, report_sections, unit_texts
from exactav.errors import ExactavError, IgnoredWarning
from exactav.interchange import read_network
from exactav.phase_space import region
from exactav.showing import latex, typesetting
from exactav.showing.mathml import mathml
from exactav.showing.symbols import SYMBOL_COMMANDS
from exactav.texts import MOST_OF_LABEL, MOST_SAID, as_text, label_text, printable, quoted, shortened, spelled

FRAGMENTS = [
    "\x1b[31m", "\x1b]0;title\x07", "\x9b2J", "\u202e", "\u2066", "\u200b", "\n", "\r", "\t", "\0", "\x7f",
    "\u2028",
    "<script>alert(1)</script>", "<!--", "-->", "]]>", '" onload="x', "' onclick='x", "&#x1b;", "&lt;", "&",
    "$", "$\\frac{", "\\input{/etc/passwd}", "\\write18{id}", "^^5c", "^", "_", "%", "#", "~",
    "\\", "\\\\", "\\end{align*}",
    "=cmd|' /C calc'!A0", "=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'", '"', ",", ";", "{", "}",
    "[red]", "[/]", ":smile:",
    "a", "B 1", "é", "東", "🙂", "``", "''", "--", "ffi",
]  # fmt: skip
nasty = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=4).map("".join) | st.text(
    min_size=1, max_size=8
)
quick = settings(max_examples=10, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


class Odd:
    """A label that shows what it is given, or refuses."""

    def __init__(self, text: str | None) -> None:
        self.text = text

    def __repr__(self) -> str:
        if self.text is None:
            raise RuntimeError("no")
        return self.text


def network(*labels: Any) -> ea.Network:
    n = len(labels)
    weights = [[f"1/{n + 2}" if i != j else 0 for j in range(n)] for i in range(n)]
    return ea.Network(weights, labels=labels, increment="1/20")


def report(net: ea.Network, start: Any = None) -> Report:
    return Report(f"Avalanches of {net.labels[0]}", network_facts(net), report_sections(net, start, 9, 60), 4)


def shows_safely(text: str) -> bool:
    return text.replace("\n", "").isprintable()


@quick
@given(nasty, nasty)
@example("x" * 3_000, "\ud800")
@example("1", "=1")
@example("\x1b[31m", "\u202e\n")
def test_no_format_shows_what_a_terminal_obeys(first: str, second: str) -> None:
    net = network(first, Odd(second), Odd(None), 1)
    shown = report(net, net.labels[0])
    for text in (shown.table(), shown.json(), shown.csv(), shown.latex()):
        assert shows_safely(text)
    names = [cell["unit"] for cell in json.loads(shown.json())["units"]]
    assert names == [first, label_text(net.labels[1]), "something of type Odd", 1]
    rows = list(csv.reader(io.StringIO(shown.csv())))
    assert all(len(row) == 5 for row in rows)
    assert not [c for row in rows[1:] for c in row[:3] if c[:1] in ("=", "+", "-", "@", "\t", "\r", "＝")]
    found = [row[1] for row in rows if row[0] == "units" and row[2] == "takes part"]
    assert [cell.removeprefix("'") for cell in found] == list(unit_texts(net).values())
    assert len(set(found)) == len(found)
    law = ea.assembly_law(net, net.labels[1])
    written = second.encode(errors="replace").decode()  # halves of characters are refused in names
    named = ea.size_law(net).given([1, 2], name=written)
    for value in (
        net,
        law,
        named,
        ea.pattern_law(net, net.labels[1]),
        ea.size_law(net, input={first: "1/9"}),
    ):
        assert shows_safely(repr(value))
    assert shows_safely(repr(ea.Drive([(1, dict.fromkeys(net.labels, "1/9"))])))


@quick
@given(nasty, nasty)
def test_what_was_written_is_read_back(first: str, second: str) -> None:
    net = network(f"{first}1", f"{second}2")
    assert ea.from_json(net.to_json()) == net
    assert eval(repr(net), {"Network": ea.Network}) == net
    law = ea.assembly_law(net, net.labels[0])
    assert ea.from_json(law.to_json()) == law


def test_cells_of_tables_are_read_back() -> None:
    for text in FRAGMENTS:
        cell = text_cell(text)
        assert cell[:1] not in ("=", "+", "-", "@", "＝")
        assert cell.removeprefix("'") == printable(text)
    values = [-sympy.Symbol("a"), sympy.Integer(-1), sympy.Symbol("=cmd|' /C calc'!A0")]
    rows = [(Outcome("x", "x", "x"), values)]
    shown = Report("", {}, [Section("s", "", "", ["p", "q", "r"], rows)]).csv()
    exact = [row["exact"] for row in csv.DictReader(io.StringIO(shown))]
    assert exact == ["-a", "-1", "'=cmd|' /C calc'!A0"]  # what the grammar reads is no text


class Parsed(HTMLParser):
    """Elements with their attributes, and the text beside them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.marks: set[tuple[str, str]] = set()
        self.said: list[str] = []
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.marks |= {(tag, name) for name, _ in [("", None), *attrs]}

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    handle_pi = unknown_decl = handle_comment


def pages(net: ea.Network) -> Iterator[str]:
    yield page(report(net, net.labels[0]), net, f"exactav report {net.labels[0]}")
    law = ea.assembly_law(net, net.labels[0])
    for shown in (net, law, ea.pattern_law(net, net.labels[1]), ea.size_law(net, net.labels[1])):
        yield shown._repr_html_()
    yield ea.state_law(net, net.labels[0])._repr_html_()


@cache
def usual_marks() -> set[tuple[str, str]]:
    """Elements and attributes of pages with labels of every friendly kind."""
    tame = [network("a", "b $x_1$ & (c) <d>"), network("a b", 1)]
    math = [mathml(latex.label(text)) for text in ("a_b^c~#%&$-+{}\\", "x")]
    seen = [Parsed(text).marks for net in tame for text in pages(net)] + [Parsed(text).marks for text in math]
    return set().union(*seen)


@quick
@given(nasty, nasty)
@example("<script>alert(1)</script>", "<!--")
@example('" onload="x', "\u202e&#x1b;")
def test_pages_and_cards_hold_labels_as_text_alone(first: str, second: str) -> None:
    net = network(f"{first}1", Odd(f"{second}2"))
    for text in pages(net):
        found = Parsed(text)
        assert found.marks <= usual_marks()
        assert not found.others
        assert shows_safely(text)
        assert not re.search(r"&#x?0*(?:[01]?[0-9a-f]|127|20[2-6][0-9a-f]);", text, re.IGNORECASE)
    said = re.sub(r"\s+", "", "".join(Parsed(net._repr_html_()).said))
    assert re.sub(r"\s+", "", spelled(f"{first}1")) in said


HARMLESS = {
    r"\text", r"\backslash", r"\sim", r"\hat", r"\textbackslash", r"\textasciitilde", r"\textasciicircum",
    r"\fallback",
}  # fmt: skip


@cache
def usual_commands() -> set[str]:
    return set(re.findall(r"\\[A-Za-z]+", report(network("a", "b")).latex())) | HARMLESS


@quick
@given(nasty, nasty)
@example("\\input{x}", "^^5cinput{x}")
def test_latex_has_no_command_from_a_label(first: str, second: str) -> None:
    for net in (network(first, Odd(second)), ea.Network([[sympy.Symbol(first) / 9]], labels=[second])):
        text = report(net, net.labels[0]).latex()
        _, _, body = text.partition(r"\begin{document}")
        assert set(re.findall(r"\\[A-Za-z]+", text)) <= usual_commands() | SYMBOL_COMMANDS
        assert "^^" not in body
        plain = re.sub(r"\\(?:[A-Za-z]+|.|\n)", "", body)
        assert not set(plain) & set("%#~")
        assert plain.count("{") == plain.count("}")


def test_names_of_symbols_are_latex_only_where_that_is_harmless() -> None:
    for name in ("alpha", r"\hat{\lambda}_{1}", "x_1", r"\mathcal{E}'", "p^{(1)}", "beta_max"):
        written = typesetting.expression(sympy.Symbol(name))
        assert written == sympy.latex(sympy.Symbol(name))
    for name in (
        r"\input{x}",
        r"\href{javascript:x}{y}",
        "^^M{",
        r"a}\def{",
        "x\\",
        r"\csname input\endcsname{x}",
    ):
        written = typesetting.expression(sympy.Symbol(name) + 1)
        assert not re.search(r"\\(?:input|href|def|csname)|\^\^", written)
        assert written.count("{") - written.count(r"\{") == written.count("}") - written.count(r"\}")
    renamed = ea.Network([["a/9"]]).latex(symbol_names={"a": r"\mymacro{1}"})  # its author answers for it
    assert r"\mymacro{1}" in renamed
    law = ea.size_law(network("a", "b")).map(lambda size: size, letter=r"\input{x}", name="\x1b[31m")
    law = ea.from_json(law.to_json())
    assert isinstance(law, ea.Law)
    assert r"\input" not in law.latex() + law.latex_table()
    assert shows_safely(repr(law) + law._repr_html_())


def test_pictures_take_any_label(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    net = network("$\\frac{", Odd("\x1b[31m<b>\n"), Odd(None), "^{$_$", "\\undefined", "$$", "_x")
    drawn: list[Callable[[], Any]] = [
        net.draw,
        lambda: ea.plot_participation(net),
        lambda: ea.assembly_law(net).plot(),
        lambda: ea.size_law(net).plot(label="$\\frac{"),
        lambda: ea.size_law(net).plot(label=r"$\alpha = 1$"),
        lambda: ea.state_law(net, net.labels[0]).plot(),
        lambda: ea.composition_law(net, {"$_{": [net.labels[0]], "\x07": [net.labels[1]]}).plot(),
        lambda: region.draw(network("$\\frac{", Odd("\x1b"))),
    ]
    for place, draw in enumerate(drawn):
        path = tmp_path / f"{place}.svg"
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph")
            draw().figure.savefig(path)
        ElementTree.parse(path)
    bars = ea.assembly_law(network("1", 1)).plot().get_yticklabels()
    assert len(bars) == 3  # two outcomes that read the same


MEGABYTE = "x" * 1_000_000
LONG_NUMBER = "1" * 1_000_000
FILES: dict[str, str | bytes] = {
    "cell.csv": f"0,{MEGABYTE}?\n0,0\n",
    "number.csv": f"0,1/{LONG_NUMBER}\n0,0\n",
    "label.csv": f"{MEGABYTE},b\n0,0\n0,0\n",
    "twice.csv": f"{'y' * 900},{'y' * 900}\n0,0\n0,0\n",
    "quote.csv": f'0,"{MEGABYTE}\n0,0\n',
    "columns.csv": f"source,target,{MEGABYTE[:100_000]}\na,b,c\n",
    "label.edges": f"{MEGABYTE} b\n",
    "weight.edges": f"a b {MEGABYTE}!\n",
    "edge.edges": f"a b c {MEGABYTE}\n",
    "row.txt": f"0 1 {MEGABYTE}\n{MEGABYTE} 0\n",
    "key.json": json.dumps({MEGABYTE: 1}),
    "label.json": json.dumps({"weights": [[0]], "labels": [MEGABYTE]}),
    "long.json": json.dumps({"format": 2, "weights": [[2]], "labels": [MEGABYTE]}),
    "weight.json": json.dumps({"weights": [[f"{MEGABYTE}?"]]}),
    "number.json": f'{{"weights": [[{LONG_NUMBER}]]}}',
    "object.json": json.dumps({"format": 2, "weights": [[{"symbol": MEGABYTE, "no": 1}]]}),
    "edge.json": json.dumps({"edges": [[MEGABYTE, "b"], [MEGABYTE, "b"]]}),
    "no.json": MEGABYTE,
    "label.graphml": f'<graphml><graph edgedefault="directed"><node id="{MEGABYTE}"/></graph></graphml>',
    "edge.graphml": f'<graphml><graph edgedefault="directed"><edge source="{MEGABYTE}"/></graph></graphml>',
    "no.graphml": f"<{MEGABYTE}",
    "no.npy": b"\x93NUMPY\x01\x00v\x00" + MEGABYTE.encode(),
    "descr.npy": b"\x93NUMPY\x02\x00" + len(MEGABYTE).to_bytes(4, "little") + MEGABYTE.encode(),
    "law.json": json.dumps({"law": MEGABYTE}),
    "ending." + "z" * 200: "0",
}  # fmt: skip
SPECS = {
    "family": f"{MEGABYTE}:N=3",
    "parameter": f"ring:{MEGABYTE}=3",
    "part": f"ring:{MEGABYTE}",
    "value": f"ring:N=3,alpha={MEGABYTE}?",
    "labels": f"homogeneous:N=2,alpha=1/2,labels={MEGABYTE};b",
    "name": MEGABYTE,
    "path": f"/{MEGABYTE}.csv",
    "escape": "\x1b[31m.csv",
}


def refusal(source: str, **options: Any) -> str:
    with pytest.raises(ExactavError) as caught:
        read_network(source, **options)
    return str(caught.value)


@pytest.mark.parametrize("name", FILES)
def test_readers_say_briefly_what_is_wrong(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    content = FILES[name]
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if name == "law.json":
        with pytest.raises(ExactavError) as caught:
            ea.from_json(path.read_text())
        said = str(caught.value)
    elif name == "columns.csv":
        with pytest.warns(IgnoredWarning, match="are ignored") as warned:
            read_network(path, coupling="1/2")
        said = str(warned[0].message)
    else:
        said = refusal(str(path))
        assert str(path)[:40] in said
    assert 20 < len(said) <= MOST_SAID
    assert said.isprintable()


@pytest.mark.parametrize("spec", SPECS)
def test_what_names_a_network_is_quoted_briefly(spec: str) -> None:
    said = refusal(SPECS[spec])
    assert 20 < len(said) <= MOST_SAID
    assert said.isprintable()


OPTIONS: list[list[str]] = [
    ["--start", MEGABYTE],
    ["--observed", f'"{MEGABYTE}'],
    ["--observed", MEGABYTE],
    ["--input", MEGABYTE],
    ["--input", f"{MEGABYTE}=1"],
    ["--set", MEGABYTE],
    ["--set", f"a={MEGABYTE}?"],
    ["--coupling", f"{MEGABYTE}?"],
    ["--method", MEGABYTE],
    ["--format", MEGABYTE],
    ["--digits", MEGABYTE],
    [f"--{MEGABYTE}"],
    ["-o", f"/{MEGABYTE}"],
    ["--start", "\x1b[31m\n"],
]


@pytest.mark.parametrize("given_", OPTIONS, ids=lambda given_: str(given_[0])[:12])
def test_the_command_line_quotes_briefly(given_: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sizes", "ring:N=3,alpha=a", *given_]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("exactav: error: ")
    assert len(err) <= MOST_SAID + 20
    assert err.removesuffix("\n").isprintable()


ERRORS = [c for c in vars(ea.errors).values() if isinstance(c, type) and issubclass(c, ExactavError)]


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_is_one_short_line(error: type[ExactavError]) -> None:
    said = str(error(f"before \x1b[31m\n{MEGABYTE} after"))
    assert said.startswith("before \\x1b[31m ")
    assert said.endswith(" after")
    assert len(said) == MOST_SAID
    assert str(error("short")) == "short"


def test_labels_of_families_are_checked() -> None:
    assert "cannot be printed" in refusal("homogeneous:N=2,alpha=1/2,labels=a;\x1b[31m")
    assert "cannot be printed" in refusal("homogeneous:N=2,alpha=1/2,labels=a;\u202eb")
    assert "cannot be printed" in refusal("homogeneous:N=2,alpha=1/2,labels=a;")
    net = read_network("homogeneous:N=2,alpha=1/2,labels=x;y\u200cz")
    assert net.labels == ("x", "y\u200cz")  # a letter of some scripts
    assert "y\\u200cz" in report(net).table()


@pytest.mark.parametrize("mark", ["\x1b", "\x00", "\x85", "\u202e", "\u2066", "\u2028"])
def test_files_hold_no_such_labels(mark: str, tmp_path: Path) -> None:
    files = {
        "net.csv": f'"a{mark}b",c\n0,0\n0,0\n',
        "net.edges": f"a{mark}b c\n",
        "net.json": json.dumps({"edges": [[f"a{mark}b", "c"]]}),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        assert refusal(str(tmp_path / name)).isprintable()


def test_quoting() -> None:
    assert quoted(Odd("\x1b\n[31m")) == "\\x1b [31m"
    assert quoted(Odd(None)) == label_text(Odd(None)) == "something of type Odd"
    assert as_text(10**50_000) == "a number of about 50000 digits"
    assert len(label_text("\x1b" * 10_000)) <= 4 * MOST_OF_LABEL
    assert shortened("ab", 2) == "ab"
    for most in (10, 40, 60, 100):
        assert len(shortened("y" * 5000, most)) <= max(most, len(" ... (5000 characters) ... "))
    assert shows_safely(printable("".join(map(chr, range(0x3000)))))
    assert spelled("".join(map(chr, range(0x3000)))).isprintable()


def test_what_is_said_is_printable(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[31m\nb\u202e\n")
    say(Odd("\x07"), err=True)
    assert capsys.readouterr() == ("a\\x1b[31m\nb\\u202e\n", "\\x07\n")


def test_all_that_is_printed_goes_through_one_door() -> None:
    """Only what escapes prints; derivations print their own words and errors, which are escaped."""
    package = Path(ea.__file__).parent
    doors = {
        "command/rendering.py": "click.echo Console",
        "command/group.py": "Console",
        "proofs/derivation.py": "print",
        "proofs/draft.py": "print",
    }
    found = {}
    printing = r"(?<![\w.\"'])(print|click\.s?echo|Console|sys\.std(?:out|err)\.write)\("
    for path in package.rglob("*.py"):
        text = re.sub(r"(?m)^\s*(?:>>>|\.\.\.|#).*$", "", path.read_text(encoding="utf-8"))
        text = re.sub(r'f"print\(', "", text)  # as Python that is written
        if used := dict.fromkeys(re.findall(printing, text)):
            found[path.relative_to(package).as_posix()] = " ".join(used)
    assert found == doors


@pytest.mark.slow
def test_latex_compiles_with_any_label(tmp_path: Path) -> None:
    nets = [
        network(*(f"{text}{place}" for place, text in enumerate(FRAGMENTS[start : start + 4])))
        for start in range(0, len(FRAGMENTS), 4)
    ]
    symbols = [sympy.Symbol(text + "q") for text in FRAGMENTS if "\ud800" not in text]
    laws = [ea.assembly_law(net, net.labels[0]) for net in nets]
    latex.document(*nets, *laws, sympy.Add(*symbols), title="".join(FRAGMENTS), path=tmp_path / "x.tex")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-recorder", "x.tex"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "/etc/passwd" not in (tmp_path / "x.fls").read_text(errors="replace")
