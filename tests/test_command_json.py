"""The layout of JSON from the command line, version 1, is kept."""

import json
from typing import Any

import pytest
import sympy

import exactav as ea
from exactav.command.cli import main
from exactav.command.rendering import JSON_FORMAT
from exactav.command.sections import law_section, network_facts, starts_section

VALUE = {"exact", "decimal"}
STARTS = ["unit", "drive", "share of avalanches", "mean size", "avalanche when fed"]
LAYOUT = {  # sections by command, and the keys of their rows
    "report": {
        "summary": ["quantity", "value"],
        "sizes": ["size", "probability"],
        "assemblies": ["assembly", "probability"],
        "durations": ["duration", "probability"],
        "units": ["unit", "takes part", "mean size if it starts", "firings per slow step"],
        "participation": ["unit", "starts"],
    },
    "sizes": {"sizes": ["size", "probability"]},
    "durations": {"durations": ["duration", "probability"]},
    "assemblies": {"assemblies": ["assembly", "probability"]},
    "starts": {"starts": STARTS},
    "simulate": {"simulation": ["size", "observed", "share"]},
}


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), f"keys come twice: {pairs}"
    return dict(pairs)


@pytest.mark.parametrize("command", LAYOUT)
def test_of_every_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "ring:N=3,alpha=1/2", "--increment", "1/8", "--format", "json"]) == 0
    content = json.loads(capsys.readouterr().out, object_pairs_hook=unique)
    facts = ("format", "title", "n_units", "weights", "leak", "increment")
    assert {key: content.pop(key) for key in facts} == {
        "format": 1,
        "title": "Avalanches of ring:N=3,alpha=1/2",
        "n_units": "3",
        "weights": "6 nonzero",
        "leak": "1/2",
        "increment": "1/8",
    }
    assert [key for key in content if not key.endswith("_note")] == list(LAYOUT[command])
    for section, keys in LAYOUT[command].items():
        for row in content[section]:
            assert list(row) == keys
            for value in list(row.values())[1:]:
                for cell in value if isinstance(value, list) else [value]:
                    assert set(cell) - {"start"} == VALUE
                    assert all(isinstance(cell[key], str) for key in VALUE)


def test_of_a_formula(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["formula", "homogeneous.mean", "--json", "--set", "N=3", "--set", "alpha=1/2"]) == 0
    content = json.loads(capsys.readouterr().out, object_pairs_hook=unique)
    assert content["format"] == JSON_FORMAT == 1
    assert sympy.Rational(content["value"]) == sympy.Rational(3, 2)


def test_a_page_of_floats_does_not_say_that_they_are_exact(capsys: pytest.CaptureFixture[str]) -> None:
    question = ["sizes", "ring:N=3,alpha=1/2", "--format", "html"]
    for more, is_exact in (([], True), (["--float"], False)):
        assert main([*question, *more]) == 0
        assert ("All probabilities are exact" in capsys.readouterr().out) == is_exact


def test_starts_that_are_never_fed_have_no_avalanche() -> None:
    net = ea.Network([[0, "1/2"], ["1/4", 0]], drive=[1, 0], increment="1/8")
    (_, fed), (_, silent) = starts_section(net).rows
    assert fed == [1, 1, ea.mean_size(net, 0), ea.avalanche_probability(net, 0)]
    assert silent == [0, 0, ea.mean_size(net, 1), 0]


def test_leaks_of_many_units_are_not_listed() -> None:
    facts = network_facts(ea.families.ring(1001, "1/2"))
    assert facts == {"units": "1001", "weights": "2002 nonzero", "increment": "weak drive (none given)"}


def test_outcomes_with_symbols_have_no_most_probable_ones() -> None:
    alpha = sympy.Symbol("alpha")
    law = ea.assembly_law(ea.families.homogeneous(3, alpha))
    section = law_section(law, "assemblies", "Assemblies", most_probable=2)
    assert [outcome.text for outcome, _ in section.rows] == ["{0}", "{1}"]
    assert section.note == "2 of 7 that are possible"
    ranked = law_section(law.at(alpha="9/10"), "assemblies", "Assemblies", most_probable=2)
    assert ranked.rows[0][0].text == "{0, 1, 2}"
    assert ranked.note == "the 2 most probable of 7"
