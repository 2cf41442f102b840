"""The command line, as a user meets it: what it prints, what it refuses, what it leaves behind."""

import csv
import io
import json
import os
import pty
import random
import re
import shlex
import subprocess
import sys
import threading
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import sympy

import exactav as ea
from exactav.command.cli import main
from exactav.command.validation import Road


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_main_job(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "report", "florentine")
    assert (status, err) == (0, "")
    for words in ("units: 15", "leak: 1/10", "mean size  1.660858641", "{Pazzi}", "Medici", "durations"):
        assert words in out
    assert "not computed" not in out
    law = ea.size_law(ea.from_networkx(nx.florentine_families_graph()))
    shown = [line.split() for line in out.splitlines()]
    for size, probability in law.items():
        digits = str(ea.evaluate(probability, 10)) if size < 10 else None
        (row,) = [row for row in shown if row[:1] == [str(size)] and row[2:] == [str(probability)]][:1]
        assert digits in (row[1], None)


def test_sizes_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    law = ea.size_law(ea.families.ring(5, "4/5"))
    _, out, _ = run(capsys, "sizes", "ring:N=5,alpha=4/5")
    assert all(str(p) in out for p in law.values())
    _, out, _ = run(capsys, "sizes", "ring:N=5,alpha=4/5", "--format", "json", "--digits", "30")
    rows = json.loads(out)["sizes"]
    assert {row["size"]: sympy.Rational(row["probability"]["exact"]) for row in rows} == law.pmf()
    assert rows[0]["probability"]["decimal"] == "0.249266862170087976539589442815"
    _, out, _ = run(capsys, "sizes", "ring:N=5,alpha=4/5", "--format", "csv")
    table = list(csv.DictReader(io.StringIO(out)))
    assert {int(row["outcome"]): sympy.Rational(row["exact"]) for row in table} == law.pmf()
    _, out, _ = run(capsys, "sizes", "ring:N=5,alpha=4/5", "--format", "latex")
    assert out.startswith("\\documentclass")
    assert r"\frac{85}{341}" in out


def test_floats_show_the_digits_that_are_certain(capsys: pytest.CaptureFixture[str]) -> None:
    """As many digits as the error bound allows, all as of the exact law."""
    question = ("sizes", "ring:N=9,alpha=4/5", "--digits", "30", "--format")
    law = ea.size_law(ea.families.ring(9, "4/5"))
    _, out, _ = run(capsys, *question, "json", "--float")
    rows = json.loads(out)["sizes"]
    assert [row["size"] for row in rows] == list(law)
    for row in rows:
        shown = row["probability"]["decimal"]
        digits = len(shown.replace("0.", "", 1).lstrip("0"))
        assert 11 <= digits <= 16
        assert sympy.Rational(shown) == sympy.Rational(str(ea.evaluate(law[row["size"]], digits)))
        assert row["probability"]["exact"] is None
    _, out, _ = run(capsys, *question, "table", "--float")
    assert "floating point, relative errors below" in out
    assert "/" not in out.partition("Avalanche sizes")[2]
    _, out, _ = run(capsys, *question, "csv", "--float")
    assert out.splitlines()[1].startswith("sizes,1,probability,,0.")
    _, out, _ = run(capsys, *question, "latex", "--float")
    assert r"\begin{tabular}" in out


def test_sizes_in_processes_and_with_a_checkpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = ("sizes", "florentine", "--method", "subsets", "--format", "csv")
    expected = run(capsys, *question)
    kept = str(tmp_path / "law.checkpoint")
    assert run(capsys, *question, "--workers", "1", "--checkpoint", kept) == expected
    assert run(capsys, *question, "--checkpoint", kept) == expected
    status, _, err = run(
        capsys, "sizes", "karate", "--method", "subsets", "--checkpoint", kept, "--max-cost", "1e12"
    )
    assert (status, "another question" in err) == (2, True)
    status, _, err = run(capsys, *question, "--workers", "2", "--dask", "tcp://127.0.0.1:1")
    assert (status, "not both" in err) == (2, True)
    status, _, err = run(capsys, *question, "--checkpoint", str(tmp_path / "no" / "file"))
    assert (status, "cannot write" in err) == (2, True)


def test_durations_are_asked_as_sizes_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = ("durations", "ring:N=7,alpha=4/5", "--format", "csv", "--method")
    expected = run(capsys, *question, "generations")
    assert expected[0] == 0
    kept = str(tmp_path / "law.checkpoint")
    assert run(capsys, *question, "subsets", "--workers", "1", "--checkpoint", kept) == expected
    assert run(capsys, *question, "subsets", "--checkpoint", kept) == expected
    _, out, _ = run(capsys, "durations", "homogeneous:N=9,alpha=4/5", "--float")
    assert "floating point, relative errors below" in out
    _, out, _ = run(capsys, "plan", "homogeneous:N=100,alpha=4/5", "--of", "sizes-durations")
    assert "* populations" in out
    assert "101 count vectors at 100 levels" in out
    for command in (["durations"], ["plan", "--of", "durations"]):
        status, _, err = run(capsys, *command, "ring:N=7,alpha=4/5", "--observed", "1")
        assert (status, "leave" in err) == (2, True)
    status, _, err = run(capsys, "sizes", "ring:N=7,alpha=4/5", "--method", "trees")
    assert (status, "give one of auto, subsets" in err) == (2, True)


def test_assemblies_by_either_engine(capsys: pytest.CaptureFixture[str]) -> None:
    question = ("assemblies", "ring:N=8,alpha=4/5", "--method")
    assert run(capsys, *question, "connected") == run(capsys, *question, "subsets")


def test_report_as_json_holds_everything(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(
        capsys, "report", "ring:N=4,alpha=4/5", "--increment", "1/10", "--format", "json", "--top", "3"
    )
    assert status == 0
    content = json.loads(out)
    net = ea.families.ring(4, "4/5", increment="1/10")
    assert len(content["assemblies"]) == 3
    assert [[cell["start"] for cell in row["starts"]] for row in content["participation"]] == [
        [*range(4)]
    ] * 4
    matrix = [[cell["exact"] for cell in row["starts"]] for row in content["participation"]]
    assert sympy.Matrix(4, 4, [sympy.Rational(x) for row in matrix for x in row]) == ea.participation(net)
    summary = {row["quantity"]: row["value"]["exact"] for row in content["summary"]}
    assert summary["mean size"] == str(ea.mean_size(net))
    assert summary["avalanches per slow step"] == str(ea.avalanche_probability(net))
    assert content["units"][0]["firings per slow step"]["exact"] == str(ea.firing_rates(net)[0])
    assert (content["format"], content["n_units"], content["leak"]) == (1, "4", "1/5")


ODD = ["unit", "1", 1, "[/x]", "[red]gone[/red]", ":smile:", "a, b", "東", "\u202eback"]


@pytest.fixture
def odd(tmp_path: Path) -> str:
    """A file of a network whose labels mean something to JSON, to terminals, or to both."""
    path = tmp_path / "[bold]odd :smile:.json"
    edges = [[a, b, f"1/{4 + k}"] for k, (a, b) in enumerate(pairwise(ODD))]
    path.write_text(json.dumps({"format": 2, "labels": ODD, "edges": edges}))  # people's have no \u202e
    return str(path)


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), f"keys come twice: {pairs}"
    return dict(pairs)


def test_json_loses_no_label_and_no_key_comes_twice(
    odd: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "report", odd, "--format", "json", "--top", "100")
    content = json.loads(out, object_pairs_hook=unique)
    assert content["n_units"] == "9"
    assert [row["unit"] for row in content["units"]] == ODD
    net = ea.read_network(odd)
    for i, row in enumerate(content["participation"]):
        assert row["unit"] == ODD[i]
        assert [cell["start"] for cell in row["starts"]] == ODD
        assert [cell["exact"] for cell in row["starts"]] == [str(p) for p in ea.participation(net).row(i)]
    sets = [frozenset(row["assembly"]) for row in content["assemblies"]]
    assert sets == [outcome for outcome, _ in ea.assembly_law(net).most_probable(100)]
    assert out.isascii() or out.replace("\n", "").isprintable()


def test_labels_are_shown_literally_in_every_table(
    odd: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = ["unit", "'1'", "1", "[/x]", "[red]gone[/red]", ":smile:", "a, b", "東", "\\u202eback"]
    status, out, err = run(capsys, "report", odd, "--digits", "3")
    assert (status, err) == (0, "")
    units, _, matrix = out.partition("Units (all starts)")[2].partition("Participation of")
    for table in (units, matrix):
        rows = zip(shown, table.splitlines()[2:], strict=False)
        assert [name for name, line in rows if not line.startswith(f"{name} ")] == []
    header = matrix.splitlines()[1].split()
    assert header == ["unit", *" ".join(shown).split()]
    assert out.startswith(f"Avalanches of {odd}\n")
    assert "{'a, b', 東}" in run(capsys, "assemblies", odd, "--top", "100")[1]
    assert out.replace("\n", "").isprintable()
    assert "Units (start [/x])" in run(capsys, "report", odd, "--start", "[/x]")[1]
    assert run(capsys, "validate", odd, "-n", "100", "--start", "[/x]")[0] == 0
    monkeypatch.setattr(
        "exactav.command.validation.roads", lambda *_, **__: [Road("[/x] \x1b[31m", None, "[red]:a:")]
    )
    assert "[/x] \\x1b[31m  -       [red]:a:" in run(capsys, "validate", "ring:N=3,alpha=1/2")[1]


def test_a_terminal_shows_labels_literally_and_in_no_other_colours(odd: str) -> None:
    """In a terminal, where the library of tables may draw: bold titles are all that it adds."""
    master, slave = pty.openpty()
    command = "import sys; from exactav.command.cli import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "report", odd, "--digits", "3"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": "150"},
    )
    os.close(slave)
    seen = b""
    with suppress(OSError):  # the end of a terminal
        while piece := os.read(master, 65_536):
            seen += piece
    os.close(master)
    assert process.wait() == 0
    text = seen.decode()
    styles = set(re.findall(r"\x1b\[[\d;]*m", text.partition("Avalanches of")[2]))
    assert styles <= {"\x1b[1m", "\x1b[0m"}
    plain = re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", text)
    for label in ("[/x] ", "[red]gone[/red] ", ":smile: ", "\\u202eback ", "'1' ", "[bold]odd :smile:.json"):
        assert label in plain
    assert "Traceback" not in plain


def test_a_start_that_could_be_two_units_is_refused(odd: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "sizes", odd, "--start", "1")
    assert (status, out) == (2, "")
    assert "units '1' and 1 both read 1: relabel one of them" in err


def test_observed_labels_may_hold_commas(odd: str, capsys: pytest.CaptureFixture[str]) -> None:
    law = ea.size_law(ea.read_network(odd), observed=["a, b", "unit"])
    _, out, _ = run(capsys, "sizes", odd, "--observed", '"a, b", unit', "--format", "csv")
    table = list(csv.DictReader(io.StringIO(out)))
    assert {int(row["outcome"]): sympy.Rational(row["exact"]) for row in table} == law.pmf()
    for observed, message in [
        ("unit,unit", "names unit 'unit' twice"),
        ('"unit', "check its quotes"),
        ("", "no unit is labelled ''|has no units"),
    ]:
        status, out, err = run(capsys, "sizes", odd, "--observed", observed)
        assert (status, out) == (2, "")
        assert re.search(message, err)


def test_control_characters_do_not_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a\x1b]0;title\x07\x9b31m\u2028.csv"
    path.write_text("0,1/2\n1/4,0\n")
    for format_ in ("table", "json", "latex"):
        status, out, _ = run(capsys, "sizes", str(path), "--format", format_)
        assert status == 0
        assert out.replace("\n", "").isprintable(), format_
    path.write_text("0,?\n1/4,0\n")
    status, _, err = run(capsys, "sizes", str(path))
    assert status == 2
    assert err.removesuffix("\n").isprintable()
    assert "\\x1b]0;title\\x07" in err


def test_start_by_label(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "assemblies", "florentine", "--start", "Medici", "--format", "json", "--top", "1")
    (best,) = json.loads(out)["assemblies"]
    assert best["assembly"] == ["Medici"]
    status, _, err = run(capsys, "sizes", "florentine", "--start", "Borgia")
    assert status == 2
    assert "no unit is labelled 'Borgia'" in err


def test_symbols(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "report", "homogeneous:N=3,alpha=a")
    assert "symbols: a" in out
    assert "a**2/(3 - 2*a)" in out
    _, numbers, _ = run(capsys, "sizes", "homogeneous:N=3,alpha=a", "--set", "a=3/4")
    assert "3/8" in numbers
    status, _, err = run(capsys, "sizes", "homogeneous:N=3,alpha=a", "--set", "b=3/4")
    assert status == 2
    assert "b is not a symbol of this network" in err


def test_large_networks_are_refused_at_once_and_reported_all_the_same(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rng = random.Random(4)
    rows = [[f"{rng.randint(1, 99)}/4000" for _ in range(36)] for _ in range(36)]
    dense = tmp_path / "dense.csv"
    dense.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    status, out, _ = run(capsys, "report", str(dense))
    assert status == 0
    assert "not computed: the law of size would visit 68,719,476,736 sets" in out
    assert "mean size" in out
    assert f"{float(ea.mean_size(ea.read_network(str(dense)))):.6f}"[:7] in out
    status, out, err = run(capsys, "sizes", str(dense))
    assert (status, out) == (1, "")
    assert "68,719,476,736 sets" in err
    assert err.count("\n") == 1


def test_a_plan_and_its_engines(capsys: pytest.CaptureFixture[str]) -> None:
    """Thirty-four members of a club: exact, by a sweep."""
    _, out, _ = run(capsys, "plan", "karate")
    assert "* frontier" in out
    assert "17,179,869,184 sets" in out
    _, swept, _ = run(capsys, "sizes", "florentine", "--method", "frontier", "--format", "csv")
    _, by_sets, _ = run(capsys, "sizes", "florentine", "--method", "subsets", "--format", "csv")
    assert swept == by_sets
    _, seen, _ = run(capsys, "sizes", "florentine", "--observed", "Medici,Pazzi", "--format", "csv")
    law = ea.size_law(ea.read_network("florentine"), observed=["Medici", "Pazzi"])
    assert all(str(law[size]) in seen for size in range(3))
    status, _, err = run(capsys, "sizes", "florentine", "--observed", "Medici,Nobody")
    assert status == 2
    assert "Nobody" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sizes", "no_such_network"], "no_such_network"),
        (["sizes", "ring:N=5"], "alpha"),
        (["sizes", "ring:N=5,alpha=1"], "singular"),
        (["sizes", "rong:N=5,alpha=1/2"], "ring"),
        (["sizes", "ring:N=5,alpha=1/2", "--increment", "3/4"], "above its leak"),
        (["sizes", "ring:N=5,alpha=1/2", "--increment", "a("], "wanted"),
        (["sizes", "ring:N=5,alpha=1/2", "--set", "a"], "wanted NAME=VALUE"),
        (["sizes", "ring:N=5,alpha=1/2", "--digits", "0"], "digits"),
        (["sizes", "ring:N=5,alpha=1/2", "--format", "xml"], "xml"),
        (["sizes", "ring:N=5,alpha=1/2", "-o", "/no/such/folder/file"], "cannot write"),
        (["sizes", 'ring:N=5,alpha=__import__("os")'], "unexpected"),
        (["sizes", "homogeneous:N=3,alpha=a", "--set", "a=1/2", "--set", "a=1/3"], "a is given twice"),
        (["sizes", "ring:N=5,alpha=1/2", "--set", "=3"], "wanted NAME=VALUE"),
        (["sizes", "ring:N=5,alpha=1/2", "--max-cost", "nan"], "wanted seconds"),
        (["report", "ring:N=5,alpha=1/2", "--max-cost", "nan"], "wanted seconds"),
        (["assemblies", "ring:N=5,alpha=1/2", "--max-cost", "-1"], "wanted seconds"),
        (["validate", "ring:N=5,alpha=1/2", "--max-cost", "-nan"], "wanted seconds"),
        (["simulate", "ring:N=5,alpha=1/2", "-n", "1" + 30 * "0"], "avalanches"),
        (["sizes", "ring:N=5,alpha=1/2", "--from", "csv"], "there is no such file"),
        (["sizes", "ring:N=5,alpha=1/2", "--digits", "1" + 30 * "0"], "digits"),
        (["formula", "--set", "N=3"], "give its ID"),
        (["formula", "--latex"], "give its ID"),
        (["formula", "homogeneous.size", "--latex", "--json"], "leave out --json"),
        (["formula", "homogeneous.size", "--latex", "--set", "N=3"], "leave out --json and --set"),
        (["derive", "--latex", "out.tex"], "give its ID"),
        (["sizes"], "NETWORK"),
        (["frobnicate"], "frobnicate"),
        (["sizes", "ring:N=5,alpha=1/2", "--frobnicate"], "frobnicate"),
    ],
)
def test_errors_are_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert err.startswith("exactav: error: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_without_a_command_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys)
    assert (status, out) == (2, "")
    assert all(command in err.split() for command in ("report", "sizes", "assemblies", "simulate"))


def test_an_interrupt_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("exactav.command.asking.size_law", interrupted)
    status, out, err = run(capsys, "sizes", "ring:N=5,alpha=1/2")
    assert (status, out) == (130, "")
    assert err.strip() == "exactav: error: interrupted"


def test_code_in_a_file_is_an_error_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "evil.csv"
    path.write_text('0,"__import__(""os"").system(""touch gotcha"")"\n0,0\n')
    status, _, err = run(capsys, "sizes", str(path))
    assert status == 2
    assert "evil.csv" in err
    assert "line 1 column 2" in err
    assert not (tmp_path / "gotcha").exists()


def test_output_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sizes.json"
    path.write_text("old")
    status, out, err = run(capsys, "sizes", "ring:N=5,alpha=1/2", "--format", "json", "-o", str(path))
    assert (status, out, err) == (0, "", "")
    assert json.loads(path.read_text())["sizes"]
    status, _, _ = run(
        capsys, "sizes", "ring:N=40,alpha=1/2", "--format", "json", "-o", str(path), "--max-cost", "1e-9"
    )
    assert status == 1
    assert json.loads(path.read_text())["sizes"], "a failed run left the old file alone"
    assert os.listdir(tmp_path) == ["sizes.json"]
    status, _, _ = run(capsys, "sizes", "ring:N=5,alpha=1/2", "-o", str(path))
    assert len(json.loads(path.read_text())["sizes"]) == 5, "the ending decides the format"


def test_the_input_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, link, new = tmp_path / "net.csv", tmp_path / "link", str(tmp_path / "new")
    path.write_text("0,1/2\n1/4,0\n")
    link.symlink_to(path)
    for output in (["-o", str(path)], ["-o", str(link)], ["--checkpoint", str(path)]):
        status, out, err = run(capsys, "sizes", str(path), *output)
        assert (status, out) == (2, "")
        assert "net.csv, which is needed; name another file" in err
    assert path.read_text() == "0,1/2\n1/4,0\n"
    status, _, err = run(capsys, "sizes", str(path), "-o", new, "--checkpoint", new)
    assert (status, "which is needed" in err) == (2, True)
    script = Path(ea.__file__).parents[1] / "derivations" / "04_normalisation.py"
    before = script.read_text(encoding="utf-8")
    status, _, err = run(capsys, "derive", "04", "--latex", str(script))
    assert (status, "which is needed" in err) == (2, True)
    assert script.read_text(encoding="utf-8") == before


def test_no_limit_is_a_limit(capsys: pytest.CaptureFixture[str]) -> None:
    question = ("report", "ring:N=4,alpha=1/2")
    assert run(capsys, *question, "--max-cost", "inf") == run(capsys, *question)
    assert run(capsys, "report", "ring:N=4,alpha=1/2", "--top", "1" + 30 * "0")[0] == 0
    assert run(capsys, "assemblies", "ring:N=4,alpha=a", "--top", "1" + 30 * "0")[0] == 0


def test_a_file_of_any_ending_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.txt"
    path.write_text("0 1/2\n1/4 0\n")
    status, _, err = run(capsys, "sizes", str(path))
    assert (status, "could be a matrix" in err) == (2, True)
    _, as_matrix, _ = run(capsys, "sizes", str(path), "--from", "csv", "--format", "csv")
    path.rename(tmp_path / "net.csv")
    assert run(capsys, "sizes", str(tmp_path / "net.csv"), "--format", "csv") == (0, as_matrix, "")


def test_simulation(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["simulate", "homogeneous:N=3,alpha=3/4", "-n", "2000", "--seed", "5"]
    status, out, _ = run(capsys, *arguments, "--compare")
    assert status == 0
    assert "chi-square p-value" in out
    again = run(capsys, *arguments, "--compare")
    assert again == (0, out, "")
    status, out, _ = run(capsys, *arguments, "--format", "json")
    assert sum(int(row["observed"]["exact"]) for row in json.loads(out)["simulation"]) == 2000


def test_simulations_that_take_too_long_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    rare = ("simulate", "ring:N=3,alpha=1/2", "--increment", "1/1000000000", "-n", "10")
    status, out, err = run(capsys, *rare)
    assert (status, out) == (1, "")
    assert "10 avalanches take about 8.3e+09 slow steps" in err
    status, out, err = run(capsys, "simulate", "ring:N=3,alpha=1/2", "-n", "1000000", "--max-cost", "1")
    assert (status, out) == (1, "")
    assert re.search(
        r"1,000,000 simulated avalanches would take about .*, more than the allowed 1 second", err
    )
    assert run(capsys, "simulate", "ring:N=3,alpha=1/2", "-n", "1", "--max-cost", "0")[0] == 0
    status, out, _ = run(capsys, "validate", "ring:N=3,alpha=1/2", "--increment", "1/1000000000", "-n", "100")
    assert (status, "avalanches take about" in out) == (0, True)


def test_a_comparison_that_disagrees_has_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The law of another network is what the simulation is held against."""
    monkeypatch.setattr(
        "exactav.command.asking.size_law", lambda *_, **__: ea.size_law(ea.families.homogeneous(3, "1/4"))
    )
    status, out, _ = run(capsys, "simulate", "homogeneous:N=3,alpha=3/4", "-n", "2000", "--compare")
    assert status == 1
    assert "p-value" in out


def test_the_command_as_installed() -> None:
    environment = {**os.environ, "COLUMNS": "200"}
    command = [sys.executable, "-c", "import sys; from exactav.command.cli import main; sys.exit(main())"]

    def call(*arguments: str) -> Any:
        return subprocess.run(
            [*command, *arguments], capture_output=True, text=True, env=environment, check=False
        )

    done = call("--version")
    assert (done.returncode, done.stdout.strip()) == (0, f"exactav, version {ea.__version__}")
    assert "florentine" in call("report", "--help").stdout
    closed = subprocess.run(
        " ".join(map(shlex.quote, [*command, "sizes", "ring:N=3,alpha=1/2"])) + " >&-",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert closed.returncode == 2
    assert closed.stderr == (
        "exactav: error: standard output is closed: send it to a file, or to /dev/null\n"
    )
    failed = call("sizes", "nothing")
    assert failed.returncode == 2
    assert failed.stderr.count("\n") == 1


def test_closed_standard_output_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as closed:
        closed.setattr(sys, "stdout", None)
        assert main(["sizes", "ring:N=3,alpha=1/2"]) == 2
    assert "standard output is closed: send it to a file, or to /dev/null" in capsys.readouterr().err


def test_it_runs_in_a_thread_and_writes_to_any_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signals are the main thread's, and a text in memory has no encoding to fall short of."""
    text = io.StringIO()
    status: list[int] = []
    monkeypatch.setattr(sys, "stdout", text)
    thread = threading.Thread(
        target=lambda: status.append(main(["sizes", "line:N=1,alpha=0", "--format", "csv"]))
    )
    thread.start()
    thread.join()
    assert status == [0]
    rows = list(csv.reader(io.StringIO(text.getvalue())))
    assert rows[-1][:2] == ["sizes", "1"]
