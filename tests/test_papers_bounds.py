"""Large, deep and hostile files: read in time, or refused."""

import time
from contextlib import suppress

import pytest

import exactav as ea
from exactav.errors import ParseError

BOUNDS = {
    "depth": r"\[ " + "(" * 3000 + "1" + ")" * 3000 + r" = 1 \]",
    "braces": r"\[ " + "{" * 500 + "1" + "}" * 500 + r" = 1 \]",
    "postfix": r"\[ 1" + "!^2" * 1000 + r" = 1 \]",
    "tokens": r"\[ " + "1 + " * 5000 + r"1 = 1 \]",
    "power": r"\[ 9^{9^{9^{9}}} = 1 \]",
    "factorial": r"\[ 100000000! = 1 \]",
    "range": r"\[ \sum_{k=1}^{1000000000} k = 1 \]",
    "digits": r"\[ " + "9" * 5000 + r" = 1 \]",
    "binomial": r"\[ \binom{10^{9}}{10^{8}} = 1 \]",
    "unclosed": r"\begin{equation} 1 = 2",
    "stray": r"\] \end{equation} $$ 1 = 1",
    "matrix": r"\[ \det\begin{pmatrix}" + ("1 &" * 19 + r"1 \\") * 20 + r"\end{pmatrix} = 0 \]",
    "definitions": "".join(rf"\[ a_{{{n + 1}}} = a_{{{n}}} + a_{{{n}}} b \]" for n in range(60)),
    "control": "\\[ 1 = \x1b[31m \\]",
}


@pytest.mark.parametrize("name", BOUNDS)
def test_nothing_hangs(name: str) -> None:
    begun = time.monotonic()
    found = ea.check_paper(BOUNDS[name], seconds=2)
    assert time.monotonic() - begun < 8
    assert not any(row.outcome == "holds" for row in found.rows if name not in ("braces", "definitions"))


HUGE = {
    "opened brackets": "\\[" * 4_000,
    "too many displays": "\\[ \\]" * 30_000,
    "opened environments": "\\begin{equation}" * 4_500 + "\\end{equation}",
    "dollars": "$" * 900_000,
    "backslashes": "\\" * 900_000,
    "blank comment": "% exactav: " + " ." * 400_000,
    "comments": "% exactav: x real\n" * 40_000,
    "unclosed texts": "\\[" + "\\text{" * 6_000 + "\\]",
    "texts in texts": "\\[" + "\\text{$" * 200 + "$}" * 200 + "\\]",
    "unclosed verbs": "".join(f"\\verb{chr(5_000 + n)}" for n in range(60_000)),
    "verbatim": "\\begin{verbatim}" * 60_000,
    "inline": "$x=1$ " * 100_000 + "\\[ 1 = 1 \\]",
    "macros": r"\newcommand{\a}[1]{#1#1#1#1}\[" + r"\a{" * 30 + "1" + "}" * 30 + r" = 1 \]",
    "functions": r"\[ f(x) = x + x + x + x + x \] \[ " + "f(" * 30 + "1" + ")" * 30 + r" = 1 \]",
    "braces": "{" * 900_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HUGE)
def test_large_files_are_read_in_time_or_refused(name: str) -> None:
    begun = time.monotonic()
    with suppress(ParseError):
        ea.check_paper("\n" + HUGE[name], seconds=1)
    assert time.monotonic() - begun < 10


def test_what_takes_too_long_is_undecided() -> None:
    text = (
        "% exactav: x, y, z positive\n"
        r"\[ (x+y+z+1)^{120} (x+y+z)^{2} = (x+y+z)^2 (1+x+y+z)^{119} (1 + z + y + x)"
        r" + 0 \sum_{k=1}^{n} \sqrt{k+x} \]"
    )
    (row,) = ea.check_paper(text, seconds=0.02).rows
    assert row.outcome == "undecided"
    assert "0.02 s" in row.detail
