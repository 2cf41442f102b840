"""Cards for notebooks: bounded, escaped, right."""

import inspect
import sys
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from typing import Any

import networkx as nx
import pytest
import sympy

import exactav as ea
from exactav.showing import charts, html
from exactav.showing.positions import positions

a = sympy.Symbol("alpha")
NASTY = ["<script>alert(1)</script>", "$x$ & \\alpha", "\x1b[31m", '"><img src=x>', "x" * 100_000]
HOSTILE = ea.Network(
    [["1/9" if abs(i - j) == 1 else 0 for j in range(5)] for i in range(5)], labels=NASTY, increment="1/9"
)
FED = dict.fromkeys(NASTY, "1/10")
RING = ea.families.ring(3, "3/5", increment="1/5")
WIDE = ea.Network(
    [[0, sympy.Add(*(sympy.Symbol(f"w_{i}") for i in range(300))) / 10**9], [0, 0]], thresholds=400
)


def _large() -> ea.Network:
    graph = nx.gnp_random_graph(300, 0.1, seed=1)
    return ea.from_networkx(graph)


def objects() -> dict[str, Callable[[], Any]]:
    """What makes everything that a cell can end with, small and large, friendly and hostile."""
    k12 = ea.families.homogeneous(12, "9/10")
    found: dict[str, Callable[[], Any]] = {
        "network": lambda: RING,
        "hostile network": lambda: HOSTILE,
        "large network": _large,
        "dense network": lambda: ea.families.homogeneous(60, "9/10"),
        "network of 2000 units": lambda: ea.families.ring(2000, "9/10"),
        "wide network": lambda: WIDE,
        "generic": lambda: ea.families.generic(5),
        "one unit": lambda: ea.Network([[0]]),
        "sizes": lambda: ea.size_law(k12),
        "symbols": lambda: ea.size_law(ea.families.ring(12, a)),
        "long fractions": lambda: ea.size_law(ea.from_networkx(nx.karate_club_graph())),
        "roots": lambda: ea.size_law(ea.families.ring(4, sympy.sqrt(2) / 2)),
        "assemblies": lambda: ea.assembly_law(HOSTILE),
        "patterns": lambda: ea.pattern_law(HOSTILE),
        "wide law": lambda: ea.size_law(WIDE),
        "floats": lambda: ea.size_law(k12, arithmetic="float"),
        "given": lambda: ea.assembly_law(HOSTILE).containing([NASTY[0]]),
        "joint": lambda: ea.size_duration_law(RING),
        "composition": lambda: ea.composition_law(RING, [[0], [1, 2]]),
        "per step": lambda: ea.size_law(RING).per_step(),
        "waiting": lambda: ea.waiting_time_law(RING),
        "sequence": lambda: ea.sequence_law(RING, 2),
        "values": lambda: ea.assembly_law(HOSTILE).map(lambda assembly: str(sorted(assembly))),
        "plan": lambda: ea.plan(k12),
        "derivation": lambda: ea.proofs.load("02"),
        "step": lambda: ea.proofs.load("02").steps[0],
        "check": lambda: ea.proofs.load("02").steps[0].check,
        "verdict": lambda: ea.proofs.load("02").steps[0].verdict(),
        "simulation": lambda: ea.simulate(HOSTILE, 30, seed=1),
        "comparison": lambda: ea.simulate(RING, 300, seed=1).compare(ea.size_law(RING)),
        "sample": lambda: ea.sample_assemblies(HOSTILE, 50, seed=1),
        "sampled patterns": lambda: ea.sample_patterns(HOSTILE, 50, seed=1),
        "sampled after an input": lambda: ea.sample_patterns(HOSTILE, 50, seed=1, input=FED),
        "drive": lambda: ea.Drive([("1/2", FED), ("1/4", {}), ("1/4", {0: "alpha"})]),
        "wide drive": lambda: ea.Drive([(1, dict.fromkeys(range(60), WIDE.weights[0, 1]))]),
        "sizes after an input": lambda: ea.size_law(HOSTILE, input=FED),
        "state": lambda: ea.state_law(HOSTILE, NASTY[1]),
        "wide state": lambda: ea.state_law(WIDE, 0),
        "start": lambda: ea.start_law(HOSTILE, NASTY[:2]),
        "wave": lambda: ea.last_wave_law(HOSTILE, NASTY[0]),
        "near threshold": lambda: ea.near_threshold_law(HOSTILE),
        "strip": lambda: ea.Strip({(NASTY[0], NASTY[1], 1): "1/4", (NASTY[1], NASTY[0], 0): a / 4}),
        "generating function": lambda: ea.Strip({(0, 0, 1): "1/4"}).generating_function(),
        "lattice": lambda: ea.lattices.Lattice(NASTY[:2], {(NASTY[0], NASTY[1], (0, 1)): "1/4"}),
        "sizes on a lattice": lambda: ea.lattices.square("1/2").size_law(2, digits=6),
        "chain": lambda: ea.lattices.chain(a, reach=2),
        "sizes on a chain": lambda: ea.lattices.chain(a).size_law(2),
        "ergodicity": lambda: ea.ergodicity(RING),
        "catalogue": ea.formulas.catalogue,
        "piece": lambda: next(iter(ea.phase_space.region.pieces(RING, 0))),
        "box": lambda: ea.phase_space.region.boxes(RING)[0],
        "proved": lambda: ea.conjecture(
            ea.mean_size, ea.mean_size, over="symmetric", max_units=2, max_cost=120
        ),
        "refuted": lambda: ea.conjecture(ea.size_law, lambda net: {}, over=[HOSTILE], max_cost=120),
        "not refuted": lambda: ea.conjecture(ea.size_law, ea.size_law, over=[HOSTILE, RING], max_cost=120),
        "equal laws": lambda: ea.same_law(RING, RING, "duration"),
        "different laws": lambda: ea.same_law(
            HOSTILE, HOSTILE, "pattern", start=NASTY[0], other_start=NASTY[1]
        ),
        "solutions": lambda: ea.solve("x**2", "x", "1/2"),
        "solution": lambda: ea.solve("x**2", "x", "1/2").one(),
    }
    return found | {name: partial(ea.formulas.get, name) for name in ea.formulas.catalogue()}


OBJECTS = objects()


class _Reader(HTMLParser):
    """Opens and closes, and what texts say."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.said = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        if tag not in ("path", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in ("path", "circle") or self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said += data


ALLOWED = {"div", "span", "table", "tr", "td", "th", "svg", "path", "circle", "text", "ul", "li"}
ALLOWED |= {
    "math",
    "mfrac",
    "mi",
    "mn",
    "mo",
    "mover",
    "mrow",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
}
ALLOWED |= {"msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "mroot"}


@pytest.mark.parametrize("name", OBJECTS)
def test_cards_are_bounded_whole_and_harmless(name: str) -> None:
    shown = OBJECTS[name]()._repr_html_()
    assert len(shown.encode()) < 20_000
    reader = _Reader()
    reader.feed(shown)
    assert reader.open == []
    assert reader.tags <= ALLOWED
    assert "\x1b" not in shown
    assert "#fff" not in shown
    assert "color:black" not in shown


def test_every_class_that_public_functions_return_has_a_card() -> None:
    """All but a test of what a law is, and an outcome, which is a number as far as it is known."""
    modules = [ea, ea.formulas, ea.lattices, ea.proofs, ea.phase_space.region]
    for module in modules:
        for name in module.__all__:
            thing = getattr(module, name)
            if (
                inspect.isclass(thing)
                and not issubclass(thing, tuple)
                and name not in ("FloatLaw", "MoreThan")
            ):
                assert hasattr(thing, "_repr_html_"), name


def test_cards_say_what_is_so() -> None:
    reader = _Reader()
    reader.feed(ea.size_law(ea.families.homogeneous(3, "3/4"))._repr_html_())
    for said in ("SizeLaw", "size", "3/8", "0.375", "1/4", "0.25"):
        assert said in reader.said
    law = ea.assembly_law(ea.families.homogeneous(6, "9/10"))
    card = law._repr_html_()
    best = [law.kind.text(outcome) for outcome, _ in law.most_probable(3)]
    places = [card.index(f">{text}<") for text in best]
    assert places == sorted(places)
    assert "63 outcomes, the 12 most probable ones" in card
    assert "20 outcomes, the first 12" in ea.size_law(ea.families.ring(20, "1/2"))._repr_html_()
    network = ea.families.ring(3, "3/5", increment="1/5")._repr_html_()
    for said in ("2/5 each", "1/5", "6 nonzero", "<svg"):
        assert said in network
    assert "<svg" not in ea.families.ring(61, "1/2")._repr_html_()


def test_dollars_in_labels_make_no_mathematics() -> None:
    card = ea.assembly_law(HOSTILE)._repr_html_()
    assert "mathjax_ignore" in card
    assert "<script>" not in card
    assert "&lt;" in html.math(r"a < b")


def test_without_the_converter_mathjax_typesets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", None)
    assert html.math(r"a < b") == "$a &lt; b$"
    assert r"\begin{align*}" in ea.formulas.get("homogeneous.mean")._repr_html_()


@pytest.mark.slow
def test_latex_of_notebooks_has_nothing_that_mathjax_2_prints() -> None:
    """MathJax 2 prints the star of a row that ends with two backslashes and a star."""
    for make in OBJECTS.values():
        if hasattr(thing := make(), "_repr_latex_"):
            assert "\\\\*" not in (thing._repr_latex_() or "")


def test_what_is_too_long_to_typeset_is_shortened_text() -> None:
    for written in ("x+" * 1_500, "+".join("x" * 100)):  # many characters, and many em
        shown = html.math(written)
        assert shown.startswith("x+x")
        assert len(shown) <= 150
        assert "<math" not in shown
    assert len(html.displayed("x+" * 4_000)) <= 330
    assert html.displayed("x+" * 4_000, most=10_000) != html.displayed("x+" * 4_000)


def test_what_has_no_positive_probability_has_no_chart() -> None:
    assert charts.curve({1: 0.0}, name="size") == ""
    assert charts.curve({1: 0.0, 2: 1.0}, name="size") == charts.curve({2: 1.0}, name="size")


def test_one_unit_stands_in_the_middle() -> None:
    assert positions(1, []) == [(0.5, 0.5)]
    assert positions(1, [(0, 0)]) == [(0.5, 0.5)]
