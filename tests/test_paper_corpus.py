"""Equations as authors of this field write them, right ones and wrong ones: which verdict each gets.

A letter an equation, in the order of the file: H right and it holds, R wrong and refuted, U right and
undecided, W wrong and undecided, D a definition, N not understood, whatever it is.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import exactav as ea

pytestmark = pytest.mark.slow  # test_papers has the readers and the verdicts one by one

FOLDER = Path(__file__).parent / "papers"
VERDICTS = {
    "H": "holds",
    "R": "refuted",
    "U": "undecided",
    "W": "undecided",
    "D": "defines",
    "N": "not understood",
}
EXPECTED = {
    # the Borel law, geometric series, what is said of limits, roots and exponentials
    "borel.tex": "HHHH RR HHHRH HHHRR NH NN HHHHR HUNHR",
    # the law of Eurich, Herrmann and Ernst in several notations, mean, second moment, normalisation
    "homogeneous.tex": "H HH R H H H HH R HH H DHR HH U",
    # what revtex and amsmath offer, star and layers, definitions, conditions in words
    "layouts.tex": "H HR HH H R HH HHR DHHHR HHH N DHRH NHH U R HNNN",
    # two populations, a determinant, symbols that are defined in the text or in no way
    "populations.tex": "D H HR HH HHR H HR U U DHH NDN NU",
    # rings, with roots instead of Chebyshev polynomials, directed rings, means over the torus
    "rings.tex": "D H HR H HHR H HHR R H HHR H HU",
    # trees: Cayley, Abel, binomials, determinants
    "trees.tex": "D HDHH H R U R H HHHHHRH HH HR HRHHH",
}
COUNTS = {"holds": 93, "refuted": 29, "undecided": 8, "not understood": 12, "defines": 9}


@pytest.fixture(scope="module")
def checked() -> dict[str, ea.PaperCheck]:
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda name: ea.check_paper(FOLDER / name, seconds=60), EXPECTED)
        return dict(zip(EXPECTED, found, strict=True))


def test_every_file_is_expected() -> None:
    assert sorted(path.name for path in FOLDER.glob("*.tex")) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_no_right_equation_is_refuted_and_no_wrong_one_holds(
    name: str, checked: dict[str, ea.PaperCheck]
) -> None:
    letters = EXPECTED[name].replace(" ", "")
    found = checked[name].rows
    assert len(found) == len(letters)
    for row, letter in zip(found, letters, strict=True):
        if letter in "HU":
            assert row.outcome != "refuted", row
        if letter in "RW":
            assert row.outcome != "holds", row


@pytest.mark.parametrize("name", EXPECTED)
def test_every_equation_gets_its_verdict(name: str, checked: dict[str, ea.PaperCheck]) -> None:
    wanted = [VERDICTS[letter] for letter in EXPECTED[name].replace(" ", "")]
    found = checked[name].rows
    for row, outcome in zip(found, wanted, strict=True):
        assert row.outcome == outcome, f"{name}:{row.line}: {row.equation}: {row.detail}"


def test_the_verdicts_are_so_many(checked: dict[str, ea.PaperCheck]) -> None:
    total = Counter[str]()
    for found in checked.values():
        total.update(row.outcome for row in found.rows)
    assert total == COUNTS
    assert sum(found.ignored for found in checked.values()) == 1


def test_who_is_refuted_sees_both_values(checked: dict[str, ea.PaperCheck]) -> None:
    for found in checked.values():
        for row in found.rows:
            if row.outcome == "refuted":
                assert "left is" in row.detail
                assert "right is" in row.detail
