"""One place for options, formats by the ending of a file, the layout of JSON, durations, starts, citation."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import sympy

import exactav as ea
from exactav.command.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), f"keys come twice: {pairs}"
    return dict(pairs)


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.json", "{"),
        ("a.CSV", "section,outcome"),
        ("a.tex", "\\documentclass"),
        ("a.txt", "Avalanches of"),
        ("a", "Avalanches of"),
    ],
)
def test_the_ending_of_a_file_says_its_format(
    name: str, begins: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    assert run(capsys, "sizes", "ring:N=3,alpha=1/2", "-o", str(path)) == (0, "", "")
    assert path.read_text(encoding="utf-8").startswith(begins)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "a.json", "--format", "csv"], "--format csv contradicts the ending of a.json"),
        (["-o", "a.dat"], "the ending .dat is no format: wanted .txt, .json, .csv, .tex, .html, or --format"),
        (["-o", "a.svg"], "exactav plot draws it"),
    ],
)
def test_endings_that_are_not_understood(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, "sizes", "ring:N=3,alpha=1/2", *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert os.listdir() == []
    assert run(capsys, "sizes", "ring:N=3,alpha=1/2", "-o", "a.dat", "--format", "csv")[0] == 0


LAW_OPTIONS = {
    "start": ["--start", "0"],
    "observed": ["--observed", "0"],
    "method": ["--method", "subsets"],
    "arithmetic": ["--arithmetic", "float"],
}
KNOWN = {  # which commands an option means something to
    "report": {"start", "observed", "method", "arithmetic"},
    "sizes": {"start", "observed", "method", "arithmetic"},
    "plan": {"start", "observed", "method", "arithmetic"},
    "durations": {"start"},
    "assemblies": {"start", "method"},
    "starts": set[str](),
    "simulate": {"start"},
    "validate": {"start"},
}


@pytest.mark.parametrize("command", KNOWN)
@pytest.mark.parametrize("option", LAW_OPTIONS)
def test_every_command_knows_every_option_or_says_why_not(
    command: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["-n", "100"] if command in ("simulate", "validate") else []
    question = [command, "line:N=3,alpha=a", "--set", "a=1/2", *few]
    status, out, err = run(capsys, *question, *LAW_OPTIONS[option])
    if option in KNOWN[command]:
        assert (status, err) == (0, "")
        if command not in ("plan", "validate", "simulate") and option != "method":
            assert out != run(capsys, *question)[1]
    else:
        assert (status, out) == (2, "")
        assert f"exactav {command} takes no --{option}: " in err
    shown = run(capsys, command, "--help")[1]
    assert (f"--{option}" in shown) == (option in KNOWN[command])


def test_floats_by_either_name(capsys: pytest.CaptureFixture[str]) -> None:
    question = ("sizes", "ring:N=5,alpha=4/5", "--float")
    assert run(capsys, *question) == run(capsys, *question[:2], "--arithmetic", "float")
    status, _, err = run(capsys, *question, "--arithmetic", "exact")
    assert (status, "leave one of the two out" in err) == (2, True)


def test_durations(capsys: pytest.CaptureFixture[str]) -> None:
    """Published numbers: the homogeneous network of four units with alpha = 1/2."""
    _, out, _ = run(capsys, "durations", "homogeneous:N=4,alpha=1/2", "--format", "json")
    rows = json.loads(out)["durations"]
    assert [row["probability"]["exact"] for row in rows] == ["49/80", "17/64", "33/320", "3/160"]


def test_starts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shares as from the volumes of the regions, and the mean size as their mean."""
    path = tmp_path / "net.json"
    path.write_text(
        json.dumps(
            {
                "labels": ["a", "b", "c"],
                "edges": [["a", "b", "1/3"], ["b", "c", "1/2"], ["c", "a", "1/4"], ["b", "b", "1/8"]],
                "drive": ["1/2", "1/3", "1/6"],
            }
        )
    )
    net = ea.read_network(str(path))
    _, out, _ = run(capsys, "starts", str(path), "--format", "json")
    rows = json.loads(out)["starts"]
    shares = [sympy.Rational(row["share of the starts"]["exact"]) for row in rows]
    means = [sympy.Rational(row["mean size if it starts"]["exact"]) for row in rows]
    minors = [net.matrix.minor(k, k) * net.drive[k] for k in range(3)]
    assert [row["unit"] for row in rows] == ["a", "b", "c"]
    assert shares == [minor / sum(minors) for minor in minors]
    assert means == [ea.assembly_law(net, label).size_law().mean() for label in net.labels]
    assert sum(p * m for p, m in zip(shares, means, strict=True)) == ea.size_law(net).mean()


def test_observed_may_be_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.json"
    path.write_text(json.dumps({"labels": ["unit", "a, b", "c"], "edges": [["unit", "a, b", "1/3"]]}))
    odd = str(path)
    together = run(capsys, "sizes", odd, "--observed", '"a, b", unit')
    assert run(capsys, "sizes", odd, "--observed", "unit", "--observed", '"a, b"') == together
    status, _, err = run(capsys, "sizes", odd, "--observed", "unit", "--observed", "unit")
    assert (status, "names unit 'unit' twice" in err) == (2, True)


def test_citation(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--cite")
    assert status == 0
    assert re.findall(r"^@(\w+)\{(\w+),$", out, re.MULTILINE) == [
        ("misc", "schuenemann2022rigorous"),
        ("software", "exactav"),
    ]
    assert "{2202.02520}" in out
    assert f"version = {{{ea.__version__}}}" in out
    assert out.count("{") == out.count("}")
    readme = (Path(ea.__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for entry in re.findall(r"^@.*?^\}", readme, re.MULTILINE | re.DOTALL):
        assert entry in out, "the README cites otherwise"


VALUE = {"exact": str, "decimal": str}
LAYOUT = {  # of --format json, version 1, by command: sections and the keys of their rows
    "report": {
        "summary": ["quantity", "value"],
        "sizes": ["size", "probability"],
        "assemblies": ["assembly", "probability"],
        "durations": ["duration", "probability"],
        "units": ["unit", "takes part", "mean size if it starts", "firings per input"],
        "participation": ["unit", "starts"],
    },
    "sizes": {"sizes": ["size", "probability"]},
    "durations": {"durations": ["duration", "probability"]},
    "assemblies": {"assemblies": ["assembly", "probability"]},
    "starts": {"starts": ["unit", "drive", "share of the starts", "mean size if it starts"]},
    "simulate": {"simulation": ["size", "observed", "share"]},
}


@pytest.mark.parametrize("command", LAYOUT)
def test_the_layout_of_json_is_kept(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, command, "ring:N=3,alpha=1/2", "--format", "json")
    content = json.loads(out, object_pairs_hook=unique)
    facts = {key: content.pop(key) for key in ("format", "title", "n_units", "weights", "leak", "increment")}
    assert facts == {
        "format": 1,
        "title": "Avalanches of ring:N=3,alpha=1/2",
        "n_units": "3",
        "weights": "6 nonzero",
        "leak": "1/2",
        "increment": "weak drive (none given)",
    }
    assert list(content) == list(LAYOUT[command])
    for section, keys in LAYOUT[command].items():
        for row in content[section]:
            assert list(row) == keys
            for value in list(row.values())[1:]:
                for cell in value if isinstance(value, list) else [value]:
                    assert {key: type(text) for key, text in cell.items() if key != "start"} == VALUE
    documented = run(capsys, "schema")[1]
    assert all(f"``{key}``" in documented for key in ("format", "title", "n_units", "weights", "leak"))


def test_the_layout_of_a_formula_in_json_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "formula", "homogeneous.mean", "--json", "--set", "N=3", "--set", "alpha=1/2")
    content = json.loads(out, object_pairs_hook=unique)
    assert content["format"] == 1
    assert sympy.Rational(content["value"]) == sympy.Rational(3, 2)
    assert list(content)[-1] == "value"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ring:N=3,alpha=1/2", "-o", "a.jpeg"], "wanted .svg, .pdf, .png"),
        (["ring:N=3,alpha=1/2"], "Missing option"),
        (["ring:N=3,alpha=a", "-o", "a.svg"], "a picture needs numbers, not a: give --set a=VALUE"),
        (["ring:N=300,alpha=1/2", "-o", "a.svg", "--of", "network"], "300 units, more than the 60"),
        (["ring:N=3,alpha=1/2", "-o", "a.svg", "--of", "network", "--float"], "--arithmetic means nothing"),
        (["ring:N=3,alpha=1/2", "-o", "a.svg", "--of", "durations", "--observed", "1"], "--observed means"),
        (["ring:N=3,alpha=1/2", "-o", "a.svg", "--of", "participation", "--start", "1"], "--start means"),
    ],
)
def test_pictures_that_are_refused(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, "plot", *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert os.listdir() == []
