"""Pages: one file each, whatever labels are; and, in a real browser, whether they can be read."""

import json
import re
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import browser
import pytest

import exactav as ea
from exactav.command.asked import Asked
from exactav.command.cli import main
from exactav.command.formulae import behind, worked
from exactav.command.markup import escaped, mathml
from exactav.command.sections import report_sections
from exactav.formulas import catalogue
from exactav.showing import latex

HOSTILE = [
    "<script>console.error(1)</script>",
    "<img src=x onerror=console.error(2)>",
    '"><b onclick="x">',
    "&lt;i&gt;",
    "</style><svg/onload=console.error(3)>",
    "$\\frac{1}{2}$ \\end{align*}",
    "\u202eback",
    "a very long label that goes on and on and has hardly anywhere to be broken" + 40 * "_",
    7,
]


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    path = tmp_path / "<i>net & co.json"
    edges = [[a, b, f"1/{4 + k}"] for k, (a, b) in enumerate(pairwise(HOSTILE))]
    path.write_text(json.dumps({"labels": HOSTILE, "edges": [*edges, [HOSTILE[0], HOSTILE[5], "1/9"]]}))
    return str(path)


def made(tmp_path: Path, *arguments: str) -> Path:
    path = tmp_path / "page.html"
    assert main(["report", *arguments, "--html", str(path)]) == 0
    return path


class Elements(HTMLParser):
    """The elements of a page with their attributes, its text, and what is left open."""

    VOID = ("meta", "br", "img", "link")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.opened: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section"),
    *("h1", "h2", "h3", "p", "code", "cite", "dl", "div", "dt", "dd", "figure", "figcaption", "span"),
    *("table", "thead", "tbody", "tr", "th", "td"),
    *("svg", "defs", "marker", "path", "circle", "line", "text", "tspan"),
}
MATHS = {
    *("math", "mrow", "mi", "mo", "mn", "ms", "mtext", "mspace", "mfrac", "msub", "msup", "msubsup"),
    *("munder", "mover", "munderover", "mtable", "mtr", "mtd", "msqrt", "mroot", "mstyle", "mpadded"),
}


@pytest.mark.parametrize("as_output", [False, True])
def test_one_file_without_scripts_or_anything_from_elsewhere(
    as_output: bool, hostile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.html"
    assert main(["report", hostile, "-o" if as_output else "--html", str(path), "--top", "200"]) == 0
    assert capsys.readouterr() == ("", "")
    page = path.read_text(encoding="utf-8")
    read = Elements(page)
    assert read.opened == []
    assert {tag for tag, _ in read.elements} <= TAGS | MATHS
    for _, attributes in read.elements:
        assert not {"src", "href", "srcset", "data"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
    assert not re.search(r"@import|url\((?!#)", page)
    assert page.replace("\n", "").isprintable()
    for label in HOSTILE:
        assert escaped(label) in page
    assert "<i>net & co.json" in read.text


def test_a_page_says_what_was_asked_and_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = made(tmp_path, "homogeneous:N=3,alpha=a", "--set", "a=3/4")
    page = path.read_text(encoding="utf-8")
    text = Elements(page).text
    assert f"exactav report homogeneous:N=3,alpha=a --set a=3/4 --html {path}" in text
    assert f"exactav {ea.__version__}" in text
    net = ea.families.homogeneous(3, "3/4")
    for probability in [*ea.size_law(net).values(), *ea.duration_law(net).values()]:
        assert f'<span class="exact">{probability}</span>' in page
    for name in ("network", "summary", "sizes", "assemblies", "durations", "units", "participation"):
        assert f'<section id="{name}">' in page
    assert page.count("<svg") == 3
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "here N = 3, alpha = 3/4 (homogeneous.size)" in text


def test_symbols_are_shown_without_pictures_of_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read = Elements(made(tmp_path, "ring:N=3,alpha=a").read_text(encoding="utf-8"))
    titles = [attributes.get("title") for tag, attributes in read.elements if tag == "span"]
    for probability in ea.size_law(ea.read_network("ring:N=3,alpha=a")).values():
        assert str(probability) in titles


def test_a_large_network_says_what_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = made(tmp_path, "torus:rows=9,columns=9,alpha=1/2", "--max-cost", "0.01")
    page = path.read_text(encoding="utf-8")
    assert "Not drawn: it has 81 units, more than 60." in page
    assert page.count("not computed: ") == 3
    assert "Not shown: 81 units, more than 40" in page
    assert len(page) < 100_000


def test_every_format_of_every_command_can_be_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("sizes", "durations", "assemblies", "starts", "simulate"):
        assert main([command, "ring:N=3,alpha=1/2", "--format", "html"]) == 0
        out = capsys.readouterr().out
        assert out.startswith("<!DOCTYPE html>")
        assert Elements(out).opened == []


@pytest.mark.parametrize("start", [None, 1])
@pytest.mark.parametrize("observed", [None, [0, 2]])
def test_formulas_of_every_section(start: int | None, observed: list[int] | None) -> None:
    sections = report_sections(Asked("line", ea.families.line(3, "1/2"), start, observed), 3, 60.0)
    shown = {section.name: behind(section, start) for section in sections}
    assert [name for name, formulas in shown.items() if not formulas] == ["units"]
    for formulas in shown.values():
        for written, _ in formulas:
            assert well_formed(mathml(written))
    assert ("mid k" in shown["sizes"][0][0]) == (start is not None)
    assert ("cap O" in shown["sizes"][0][0]) == (observed is not None)
    assert ("mid k" in shown["assemblies"][0][0]) == (start is not None)


def well_formed(written: str) -> bool:
    """Whether MathML is XML without an error, with nothing of LaTeX left in it."""
    root = ElementTree.fromstring(written)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    texts = [text for element in root.iter() if (text := element.text)]
    return tags <= MATHS and not any("\\" in text or "&" in text or "6pt" in text for text in texts)


@pytest.mark.parametrize("formula_id", catalogue())
def test_every_formula_is_typeset(formula_id: str) -> None:
    assert well_formed(mathml(catalogue()[formula_id].latex()))


def test_an_assembly_worked_out_is_typeset() -> None:
    for net in (ea.families.ring(5, "4/5"), ea.families.homogeneous(2, "a"), ea.Network([["1/2"]])):
        ((written, _),) = worked(net, None)
        assert well_formed(mathml(written))


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_in_formulas_are_text(label: Any) -> None:
    root = ElementTree.fromstring(mathml(f"P({latex.label(label)})"))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= MATHS


def test_without_the_converter_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", None)
    assert main(["sizes", "ring:N=3,alpha=1/2", "--format", "html"]) == 2
    assert "pip install 'exactav[html]'" in capsys.readouterr().err


def test_a_page_beside_another_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, beside = tmp_path / "page.html", tmp_path / "beside.json"
    question = ["report", "ring:N=3,alpha=1/2", "--html", str(path)]
    assert main(question) == 0
    assert capsys.readouterr().out == ""
    assert main([*question, "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("section,outcome")
    assert main([*question, "-o", str(beside)]) == 0
    assert json.loads(beside.read_text(encoding="utf-8"))["format"] == 1
    assert main([*question, "-o", str(path)]) == 2
    assert "which is needed" in capsys.readouterr().err


def test_without_a_browser_the_slow_tests_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(AssertionError, match="apt-get install chromium"):
        browser.found()


NETWORKS = {
    "florentine": ["florentine"],
    "ring": ["ring:N=6,alpha=4/5", "--increment", "1/10", "--start", "2"],
    "symbols": ["ring:N=4,alpha=a"],
    "karate": ["karate", "--float", "--max-cost", "5"],
    "large": ["torus:rows=9,columns=9,alpha=1/2", "--max-cost", "0.01"],
}
# Elements that stick out of the window although no ancestor of theirs scrolls or hides what is too much.
STICKING_OUT = """
[...document.querySelectorAll("body *")].filter(e => {
  if (e.getBoundingClientRect().right <= document.documentElement.clientWidth + 1) return false;
  for (let a = e; a && a !== document.body; a = a.parentElement)
    if (getComputedStyle(a).overflowX !== "visible") return false;
  return true;
}).map(e => e.tagName + ": " + e.textContent.slice(0, 60))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", [*NETWORKS, "hostile"])
def test_in_a_browser(name: str, hostile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing complains, nothing is asked for, nothing sticks out, and dark is dark."""
    path = made(tmp_path, *NETWORKS.get(name, [hostile]))
    colours = {}
    with browser.tab(tmp_path / "profile") as tab:
        for width in (400, 1400):
            for dark in (False, True):
                tab.open(path, width, dark=dark)
                assert tab.complaints() == []
                assert tab.requests() == [path.as_uri()]
                assert tab.value("document.documentElement.clientWidth") == width
                assert tab.value("document.documentElement.scrollWidth") <= width
                assert tab.value(STICKING_OUT) == []
                colours[dark] = tab.value("getComputedStyle(document.documentElement).backgroundColor")
                first = "document.querySelector('math').getBoundingClientRect().height"
                assert tab.value(first) > 30, "a fraction is typeset on two lines"
                assert tab.picture().startswith(b"\x89PNG")
        brightness = {dark: sum(map(int, re.findall(r"\d+", colour)[:3])) for dark, colour in colours.items()}
        assert brightness[False] > 700 > 100 > brightness[True]
        assert tab.printed().startswith(b"%PDF")


@pytest.mark.slow
def test_the_browser_does_notice(tmp_path: Path) -> None:
    """A page with each of the faults is told from one without."""
    path = tmp_path / "bad.html"
    path.write_text(
        "<!DOCTYPE html><body><div style='width: 3000px'>wide</div><img src='none.png'>"
        "<script>console.error('no')</script>",
        encoding="utf-8",
    )
    with browser.tab(tmp_path / "profile") as tab:
        tab.open(path, 400, dark=False)
        assert tab.value("document.documentElement.scrollWidth") > 400
        assert tab.value(STICKING_OUT)
        assert len(tab.requests()) == 2
        assert len(tab.complaints()) >= 2
