"""The page of a report, and pictures in files: what they say, and how pages look in a browser."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sympy

import exactav as ea
from exactav.command.cli import main
from exactav.showing import latex
from exactav.showing.mathml import mathml

Asked = Callable[..., str]


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    path = tmp_path / "hostile.json"
    weights = [["1/9" if i != j else 0 for j in range(5)] for i in range(5)]
    labels = ["<script>alert(1)</script>", "a & b", "$x$", "‮back", "y" * 300]
    path.write_text(json.dumps({"labels": labels, "weights": weights, "format": 2}))
    return str(path)


@pytest.fixture
def page(tmp_path: Path) -> Asked:
    def made(*arguments: str) -> str:
        path = tmp_path / "page.html"
        assert main(["report", *arguments, "--html", str(path)]) == 0
        return path.read_text(encoding="utf-8")

    return made


@pytest.mark.slow
def test_the_page_says_what_the_report_says(page: Asked) -> None:
    text = page("florentine")
    law = ea.size_law(ea.read_network("florentine"))
    for size in law:
        assert str(law[size]) in text or len(str(law[size])) > 40
        assert str(ea.evaluate(law[size], 10)).rstrip("0")[:8] in text or size > 9
    for said in (
        "exactav report florentine",
        "Medici",
        "Avalanche durations",
        "Participation",
        ea.__version__,
    ):
        assert said in text
    assert text.count("<svg") == 3
    assert text.count("<math") >= 3


def test_the_page_stands_alone_and_runs_nothing(page: Asked, hostile: str) -> None:
    for asked in ("florentine", hostile, "generic:N=2", "ring:N=70,alpha=1/2"):
        text = page(asked)
        assert not re.search(r"<script|<link|<img|<iframe|@import|url[(]| on[a-z]+=", text)
        assert set(re.findall(r"https?://[^\"<]*", text)) <= {"http://www.w3.org/1998/Math/MathML"}
        body = re.sub(r"<!DOCTYPE html>|<meta[^>]*>|&\w+;", "", text)
        ElementTree.fromstring(body)  # every tag that opens closes
    assert "Not drawn" in text


def test_the_page_says_the_whole_command(page: Asked, tmp_path: Path) -> None:
    text = page("ring:N=3,alpha=a", "--set", "a=1/2", "--start", "1", "--top", "3")
    said = "exactav report ring:N=3,alpha=a --set a=1/2 --start 1 --top 3 --html"
    assert f"{said} {tmp_path / 'page.html'}"[:390] in text


@pytest.mark.slow
def test_closed_forms_of_families_are_shown(page: Asked) -> None:
    text = page("homogeneous:N=5,alpha=3/4")
    assert "homogeneous.size" in text
    assert "N = 5, alpha = 3/4" in text
    assert page("florentine").count("homogeneous.size") == 0


def test_mathml_shows_what_it_cannot_read_as_it_is() -> None:
    assert mathml(r"\frobnicate x").startswith("<span")
    for formula in ea.formulas.catalogue().values():
        found = mathml(formula.latex())
        assert found.startswith("<math"), formula.id
        texts = [part.text or "" for part in ElementTree.fromstring(found).iter()]
        assert not any("&" in text or "pt" in text for text in texts), formula.id
    assert "<mi>\\</mi>" in mathml(r"M_{\setminus k}")


@pytest.mark.parametrize(
    "label", ["<script>alert(1)</script>", "&lt;i&gt;", '"><b onclick="x">', "</math><svg/onload=x>", "$x$"]
)
def test_labels_in_mathml_are_text(label: str) -> None:
    root = ElementTree.fromstring(mathml(f"P({latex.label(label)})"))
    assert {part.tag.rpartition("}")[2] for part in root.iter()} <= {
        "math",
        "mrow",
        "mi",
        "mo",
        "mn",
        "mtext",
    }
    assert {name for part in root.iter() for name in part.attrib} <= {"display", "stretchy"}


@pytest.mark.parametrize(
    "kind", ["sizes", "assemblies", "durations", "sizes-durations", "network", "participation"]
)
def test_pictures_are_files(kind: str, tmp_path: Path) -> None:
    for ending, magic in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        path = tmp_path / f"picture.{ending}"
        assert main(["plot", "ring:N=4,alpha=4/5", "--of", kind, "-o", str(path)]) == 0
        assert path.read_bytes().startswith(magic)


def test_what_has_no_meaning_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    net = "ring:N=4,alpha=4/5"
    for arguments, message in [
        (["durations", net, "--observed", "1"], "--observed has no meaning here"),
        (["starts", net, "--observed", "1"], "--observed has no meaning here"),
        (["starts", net, "--start", "1"], "--start has no meaning here"),
        (["report", net, "--float"], "--float has no meaning here"),
        (["validate", net, "--observed", "1"], "--observed has no meaning here"),
        (["plot", net, "-o", str(tmp_path / "x.gif")], "name it .svg, .png or .pdf"),
        (["plot", net], "-o"),
        (["sizes", net, "--format", "csv", "-o", str(tmp_path / "x.json")], "leave out one of them"),
        (["report", net, "--html", "x.html", "-o", "y.html"], "not both"),
        (
            ["plot", net, "--of", "network", "--float", "-o", str(tmp_path / "x.svg")],
            "--float has no meaning",
        ),
    ]:
        assert main(arguments) == 2
        assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["csv", "json", "tex", "html", "txt"])
def test_the_ending_decides_the_format(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"law.{ending}"
    assert main(["sizes", "ring:N=4,alpha=4/5", "-o", str(path)]) == 0
    begins = {
        "csv": "section,",
        "json": "{",
        "tex": "\\documentclass",
        "html": "<!DOCTYPE",
        "txt": "Avalanches",
    }
    assert path.read_text().startswith(begins[ending])


def test_starts_are_the_green_matrix(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    net = ea.Network(
        [[0, "1/2", 0], ["1/4", 0, "1/9"], [0, "1/3", 0]], drive=["1/2", "1/2", 0], increment="1/9"
    )
    path = tmp_path / "net.json"
    path.write_text(net.to_json())
    assert main(["starts", str(path), "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["starts"]
    green = ea.green_matrix(net)
    fed = [net.drive[k] * green[k, k] for k in range(3)]
    for k, row in enumerate(rows):
        assert sympy.Rational(row["share of avalanches"]["exact"]) == fed[k] / sum(fed)
        assert sympy.Rational(row["mean size"]["exact"]) == ea.mean_size(net, k)
        wanted = ea.avalanche_probability(net, k) if net.drive[k] else 0
        assert sympy.Rational(row["avalanche when fed"]["exact"]) == wanted


def test_observed_assemblies(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["assemblies", "ring:N=4,alpha=4/5", "--observed", "0", "--observed", "1", "--format", "json"])
        == 0
    )
    rows = json.loads(capsys.readouterr().out)["assemblies"]
    law = ea.assembly_law(ea.families.ring(4, "4/5")).map(lambda assembly: assembly & {0, 1})
    assert {
        frozenset(row["assembly"]): sympy.Rational(row["probability"]["exact"]) for row in rows
    } == law.pmf()


def test_columns_that_are_ignored_are_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text("source,target,weight,region\na,b,1/3,x\n")
    assert main(["sizes", str(path)]) == 0
    assert "exactav: note: columns 'region' are ignored" in capsys.readouterr().err


def test_citing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--cite"]) == 0
    said = capsys.readouterr().out
    assert said.count("@") == 2
    assert "2202.02520" in said
    assert f"version = {{{ea.__version__}}}" in said
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert "exactav --cite" in readme


def test_the_layout_of_json_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["layout"]) == 0
    assert '"format": 1' in capsys.readouterr().out
