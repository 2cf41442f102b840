"""Pictures of laws: what is drawn is what the law says."""

import math
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import matplotlib as mpl
import pytest
import sympy
from matplotlib import pyplot
from matplotlib.patches import Rectangle

import exactav as ea
from exactav.errors import (
    ArgumentError,
    MissingExtraError,
    OptionError,
    TooCostlyError,
    UnboundSymbolError,
    UnknownOutcomeError,
    UnknownSymbolError,
)
from exactav.phase_space import region


@pytest.fixture(autouse=True)
def without_a_screen() -> Iterator[None]:
    mpl.use("agg")
    yield
    pyplot.close("all")


def test_a_size_law_on_logarithmic_axes() -> None:
    law = ea.size_law(ea.families.ring(10, "4/5"))
    axes = law.plot(label="ring")
    line: Any
    (line,) = axes.get_lines()
    legend: Any = axes.get_legend()
    assert list(line.get_xdata()) == list(range(1, 11))
    assert list(line.get_ydata()) == [float(law[size]) for size in range(1, 11)]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert [text.get_text() for text in legend.get_texts()] == ["ring"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("size", "probability")


def test_curves_on_one_picture_differ_without_colour() -> None:
    axes = None
    for law in (
        ea.size_law(ea.families.ring(10, "4/5")),
        ea.size_law(ea.families.line(10, "4/5")),
        ea.size_law(ea.families.homogeneous(10, "4/5"), arithmetic="float"),
    ):
        axes = law.plot(ax=axes, label="a law")
    assert axes is not None
    lines = axes.get_lines()
    assert len({(line.get_linestyle(), line.get_marker()) for line in lines}) == 3
    assert len({line.get_color() for line in lines}) == 3


def test_observed_sizes_begin_with_zero() -> None:
    axes = ea.size_law(ea.families.ring(6, "4/5"), observed=[0, 1]).plot()
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")


def test_compositions_are_images() -> None:
    net = ea.families.populations([3, 2], [["1/9", "1/10"], ["1/8", "1/7"]])
    law = ea.composition_law(net)
    for drawn in (law, ea.composition_law(net, arithmetic="float")):
        axes = drawn.plot()
        mesh: Any
        (mesh,) = axes.collections
        assert mesh.get_array().shape == (3, 4)
        assert mesh.get_array().mask[0, 0], "no avalanche is without units"
    given = law.given_size(3)
    assert sum(given.values()) == 1
    assert given[2, 1] == law[2, 1] / law.size_law()[3]
    with pytest.raises(UnknownOutcomeError, match="never fire"):
        law.given_size(6)
    with pytest.raises(ValueError, match="3 groups has no picture"):
        ea.composition_law(net, [[0], [1], [2]]).plot()


def test_probabilities_below_all_floats_are_white() -> None:
    tiny = sympy.Rational(1, 10**200)
    law = ea.composition_law(ea.families.populations([2, 2], [[tiny, 2 * tiny], [tiny, tiny]]))
    mesh: Any
    (mesh,) = law.plot().collections
    assert law[2, 2] > 0
    assert mesh.get_array().mask.tolist() == [[True, False, False], [False, False, True], [False, True, True]]


def test_floats_of_a_law_are_rounded_once() -> None:
    assert ea.size_law(ea.families.homogeneous(3, "3/4")).floats() == {1: 0.375, 2: 0.25, 3: 0.375}
    law = ea.size_law(ea.families.homogeneous(60, "7/9"))
    assert law.floats() == {size: float(Fraction(int(p.p), int(p.q))) for size, p in law.items()}
    with pytest.raises(TypeError):
        ea.size_law(ea.families.homogeneous(3, sympy.Symbol("a"))).floats()


def test_the_region_of_two_units() -> None:
    """Each piece has the area of its volume; copies of the region fill the picture."""
    net = ea.Network([["1/10", "1/2"], ["1/4", "1/5"]], increment="1/5", labels="ab")
    axes = region.draw(net, ax=pyplot.subplots()[1])
    assert axes.get_xlabel() == "state of unit a"
    assert axes.get_legend_handles_labels()[1] == [
        "a recruits {a}",
        "a recruits {a, b}",
        "b recruits {b}",
        "b recruits {a, b}",
    ]
    patches = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    coloured = [patch for patch in patches if patch.get_alpha()]
    area = sum(patch.get_width() * patch.get_height() for patch in coloured)
    volumes = [piece.volume for label in "ab" for piece in region.pieces(net, label)]
    assert abs(area - float(sum(volumes))) < 1e-12
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    for i in range(20):
        x, y = left + (right - left) * (i + 0.3) / 20, bottom + (top - bottom) * (7 * i % 20 + 0.4) / 20
        covering = [
            patch
            for patch in patches
            if not patch.get_alpha()
            and 0 <= x - patch.get_x() < patch.get_width()
            and 0 <= y - patch.get_y() < patch.get_height()
        ]
        assert covering, (x, y)
    assert len(region.draw(net, "a").get_legend_handles_labels()[1]) == 2
    with pytest.raises(ValueError, match="ask for two or three units"):
        region.draw(ea.families.ring(4, "1/2", increment="1/4"))


def test_the_region_of_three_units() -> None:
    net = ea.families.line(3, "9/10")
    axes: Any = region.draw(net)
    assert axes.get_zlabel() == "state of unit 2"
    (bars,) = axes.collections
    assert len(bars.get_facecolor()) == 6 * len(region.boxes(net))
    again = pyplot.figure().add_subplot(projection="3d")
    assert region.draw(net, ax=again) is again


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"exactav\[plot\]"):
        ea.size_law(ea.families.ring(4, "1/2")).plot()


def test_ticks_are_plain_numbers_where_these_are_small() -> None:
    axes = ea.size_law(ea.families.ring(10, "4/5")).plot()
    axes.figure.canvas.draw()
    written = [tick.get_text() for tick in axes.get_xticklabels() if tick.get_text()]
    assert written == ["1", "2", "3", "4", "5", "6", "8", "10"]
    axes = ea.size_law(ea.families.ring(60, "4/5")).plot(ax=axes)
    axes.figure.canvas.draw()
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1", "2", "5", "10", "20", "50"]


def test_a_network_shows_participation_drive_and_weights() -> None:
    weights = [["1/9", "1/2", 0], ["1/4", 0, 0], [0, "1/3", 0]]
    net = ea.Network(weights, labels=["$a$", "b", "c"], drive=["1/2", "1/4", "1/4"])
    for start in (None, "b"):
        axes = net.draw(start=start)
        (discs,) = axes.collections
        wanted = [float(p) for p in ea.participation_overall(net, start)]
        colours: Any = discs.get_array()
        sizes: Any = discs.get_sizes()  # type: ignore[attr-defined]
        assert list(colours) == pytest.approx(wanted)
        assert sizes[0] > sizes[1] == sizes[2]
        assert len(axes.patches) == len(net.entries)
        assert [text.get_text() for text in axes.texts] == [r"\$a\$", "b", "c"]
        assert axes.figure.axes[1].get_ylabel() == "participation"
        axes.figure.canvas.draw()
    _, given = pyplot.subplots()
    assert net.draw(given) is given
    with pytest.raises(UnboundSymbolError, match=r"net\.at"):
        ea.families.ring(3, "alpha").draw()
    with pytest.raises(TooCostlyError, match="at most 3,000"):
        ea.families.ring(3001, "1/2").draw()


def test_assemblies_are_bars_most_probable_first() -> None:
    law = ea.assembly_law(ea.families.ring(5, "4/5"))
    axes = law.plot(count=4)
    drawn: Any = axes.patches
    assert [bar.get_width() for bar in drawn] == [float(p) for _, p in law.most_probable(4)]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == [
        law.kind.text(outcome) for outcome, _ in law.most_probable(4)
    ]
    assert axes.yaxis_inverted()
    assert len(ea.pattern_law(ea.families.ring(4, "4/5")).plot().patches) == 12
    long = ea.assembly_law(ea.Network([[0]], labels=["x" * 99])).plot()
    assert len(long.get_yticklabels()[0].get_text()) == 32


def test_joint_laws_name_their_axes() -> None:
    joint = ea.size_duration_law(ea.families.ring(5, "4/5")).plot()
    assert (joint.get_xlabel(), joint.get_ylabel()) == ("size", "duration")
    net = ea.families.populations([2, 2, 1], [["1/9"] * 3] * 3)
    law = ea.composition_law(net, {"excitatory": [0, 1], "inhibitory": [2, 3], "input": [4]})
    with pytest.raises(OptionError, match=r"marginal\(0, 1\)"):
        law.plot()
    axes = law.marginal(1, 0).plot()
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("units of inhibitory", "units of excitatory")
    assert len(law.marginal(2).plot().patches) == 2
    assert ea.from_json(law.to_json()) == law


def test_participation_is_a_heat_map() -> None:
    net = ea.Network([[0, "1/2"], ["1/4", 0]], labels=["x", "y"])
    axes = ea.plot_participation(net)
    image: Any = axes.get_images()[0].get_array()
    assert image.tolist() == [[1.0, 0.5], [0.25, 1.0]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("start", "unit that fires")
    with pytest.raises(UnboundSymbolError):
        ea.plot_participation(ea.families.ring(3, "alpha"))
    with pytest.raises(TooCostlyError, match="401 x 401 pairs: at most 400 units"):
        ea.plot_participation(ea.families.ring(401, "1/2"))


def test_curves_over_the_values_of_a_symbol() -> None:
    law = ea.size_law(ea.families.ring(4, "alpha"))
    axes = law.plot_over("alpha", ["1/4", "1/2", 0.75])
    assert len(axes.get_lines()) == 4
    for size, line in zip(law, axes.get_lines(), strict=True):
        data: Any = line.get_ydata()
        assert list(data) == [float(law.at(alpha=value)[size]) for value in ("1/4", "1/2", "3/4")]
    assert axes.get_xlabel() == "alpha"
    mean = law.plot_over("alpha", ["1/4", "1/2"], of=lambda found: found.mean())
    data = mean.get_lines()[0].get_ydata()
    assert list(data) == [float(law.at(alpha=value).mean()) for value in ("1/4", "1/2")]
    assert len(law.plot_over("alpha", ["1/4"], outcomes=[4]).get_lines()) == 1
    with pytest.raises(UnknownSymbolError):
        law.plot_over("beta", [1])
    with pytest.raises(OptionError, match=r"values = \[\]: give one or more numbers"):
        law.plot_over("alpha", [])
    for endless in (math.nan, math.inf):
        with pytest.raises(ArgumentError, match="is not a finite number"):
            law.plot_over("alpha", [endless])
    with pytest.raises(OptionError, match="other symbols"):
        ea.size_law(ea.Network([[0, sympy.Symbol("a")], [sympy.Symbol("b"), 0]])).plot_over("a", ["1/2"])


def test_samples_are_drawn_with_their_errors() -> None:
    law = ea.size_law(ea.families.ring(6, "4/5"))
    sample = ea.sample_assemblies(ea.families.ring(6, "4/5"), 400, seed=1)
    axes = sample.plot(ax=law.plot(label="law"), label="sample")
    assert len(axes.containers) == 1
    legend: Any = axes.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["law", "sample"]
    patterns = ea.sample_patterns(ea.families.star(9, "4/5"), 100, seed=1)
    for numbers, one in (
        (patterns.sizes, patterns.plot()),
        (patterns.durations, patterns.plot(of="duration")),
    ):
        (line, *_) = one.containers[0]
        assert line.get_xdata().tolist() == sorted(set(numbers.tolist()))
    assert set(patterns.sizes.tolist()) != set(patterns.durations.tolist())
