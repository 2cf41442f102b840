"""Pages in a real browser: nothing complains, nothing is asked for, nothing sticks out, dark is dark."""

import json
import re
from pathlib import Path

import browser
import pytest

from exactav.command.cli import main

LABELS = [
    "<img src=x onerror=console.error(1)>",
    "</style><svg/onload=console.error(2)>",
    "&lt;i&gt;",
    70 * "_",
]
NETWORKS = {
    "florentine": ["florentine"],
    "ring": ["ring:N=6,alpha=4/5", "--increment", "1/10", "--start", "2"],
    "symbols": ["ring:N=4,alpha=a"],
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
def test_in_a_browser(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, hostile = tmp_path / "page.html", tmp_path / "net.json"
    edges = [[LABELS[k], LABELS[k + 1], "1/4"] for k in range(3)]
    hostile.write_text(json.dumps({"labels": LABELS, "edges": edges}))
    assert main(["report", *NETWORKS.get(name, [str(hostile)]), "--html", str(path)]) == 0
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
                colours[dark] = tab.value("getComputedStyle(document.body).backgroundColor")
                tallest = "Math.max(...[...document.querySelectorAll('math')].map(e => e.clientHeight))"
                assert tab.value(tallest) > 30, "a fraction is typeset on two lines"
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


def test_without_a_browser_the_slow_tests_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(AssertionError, match="apt-get install chromium"):
        browser.found()
