"""Damaged papers and soups of tokens: verdicts or errors of ours, within the time, never anything else."""

import random
import time
from pathlib import Path

import pytest

import exactav as ea
from exactav.papers.reading import Reading
from exactav.papers.source import source
from exactav.papers.words import words

PAPERS = [
    path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "papers").glob("*.tex"))
]
PIECES = sorted(
    words(
        r"\frac \sum _{k=1} ^{n} ^ _ { } ( ) [ ] \left( \right) \left. | \binom \sqrt ! = & \\ ,",
        r"\quad \text{for}  \text{ L < N < \le + - / \cdot \begin{cases} \end{cases} \begin{vmatrix}",
        r"\end{vmatrix} \det e^ \ln \alpha  L N P P(L) 0 1 12 0.5 ' \infty \prod \exp \bar \mathrm{",
        r"\langle \rangle \dots \in \mathbb{N} := \equiv  \begin{aligned} \end{aligned} \[ \] $ $$ %",
        r"\exactav \label{ \choose \over \max \Gamma \pi i e \mid ; \{ \}",
    )
)


def mutated(dice: random.Random) -> str:
    text = dice.choice(PAPERS)
    for _ in range(dice.randint(1, 8)):
        at, to = sorted(dice.randrange(len(text)) for _ in range(2))
        to = min(to, at + 30)
        kind = dice.randrange(4)
        if kind == 0:
            text = text[:at] + text[to:]
        elif kind == 1:
            text = text[:at] + dice.choice(PIECES) + text[at:]
        elif kind == 2:
            text = text[:at] + text[at:to] * 3 + text[to:]
        else:
            text = text[:at] + dice.choice("{}()[]^_&\\$%=\x00\x1bé") + text[at + 1 :]
    return text


def soup(dice: random.Random, n: int) -> str:
    inside = " ".join(dice.choice(PIECES) for _ in range(n))
    comment = " ".join(
        dice.choice([*PIECES, "integer", "real", "homogeneous.size", "ignore"]) for _ in range(4)
    )
    name = dice.choice(["equation", "align", "gather", "multline", "eqnarray"])
    return f"% exactav: {comment}\n\\begin{{{name}}} {inside} \\end{{{name}}}\n"


@pytest.mark.parametrize("seed", range(2))
def test_reading_never_breaks(seed: int) -> None:
    dice = random.Random(seed)
    begun = time.monotonic()
    for _ in range(60):
        list(Reading(source(mutated(dice))).claims())
    for _ in range(600):
        list(Reading(source(soup(dice, dice.randint(1, 25)))).claims())
    assert time.monotonic() - begun < 20


def test_soups_are_decided_within_the_time() -> None:
    dice = random.Random(7)
    for _ in range(100):
        begun = time.monotonic()
        found = ea.check_paper(soup(dice, dice.randint(3, 12)), seconds=1)
        assert time.monotonic() - begun < 2 * len(found.rows) + 5


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 116))
def test_damaged_papers_are_decided_within_the_time(seed: int) -> None:
    dice = random.Random(seed)
    for text in (mutated(dice), *(soup(dice, dice.randint(1, 40)) for _ in range(40))):
        begun = time.monotonic()
        found = ea.check_paper(text, seconds=2)
        assert time.monotonic() - begun < 4 * len(found.rows) + 10
        assert found.to_json()
