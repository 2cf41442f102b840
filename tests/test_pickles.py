"""Pickles: all of them say which version wrote them, and another version refuses them."""

import copy
import io
import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sympy

import exactav as ea
from exactav.errors import ArgumentError, OtherVersionError

a, b = sympy.symbols("a b")
n = sympy.Symbol("n", integer=True, positive=True)
NET = ea.families.ring(4, "4/5", increment="1/20")
VALUES: dict[str, Callable[[], Any]] = {
    "network": lambda: NET,
    "symbolic": lambda: ea.families.ring(3, a),
    "drive": lambda: ea.Drive([("1/2", {0: "1/10"}), ("1/2", {})]),
    "sizes": lambda: ea.size_law(NET),
    "floats": lambda: ea.size_law(NET, arithmetic="float"),
    "truncated": lambda: ea.size_law(NET, up_to=2),
    "observed": lambda: ea.size_law(NET, observed=[0, 1]),
    "number": lambda: ea.size_law(NET, arithmetic="float")[2],
    "assemblies": lambda: ea.assembly_law(ea.families.ring(3, a)),
    "patterns": lambda: ea.pattern_law(NET),
    "jointly": lambda: ea.size_duration_law(NET),
    "composition": lambda: ea.composition_law(NET, [[0], [1, 2, 3]]),
    "starts": lambda: ea.start_law(NET, {0, 1}),
    "state": lambda: ea.state_law(NET, 0),
    "waves": lambda: ea.wave_law(NET),
    "sequences": lambda: ea.sequence_law(NET, 2),
    "plan": lambda: ea.plan(NET),
    "sample": lambda: ea.sample_assemblies(NET, 10, seed=1),
    "sampled patterns": lambda: ea.sample_patterns(NET, 10, seed=1),
    "estimate": lambda: ea.sample_assemblies(NET, 20, seed=1).mean_size(),
    "simulation": lambda: ea.simulate(NET, 10, seed=1),
    "ergodicity": lambda: ea.ergodicity(NET),
    "box": lambda: ea.phase_space.region.boxes(NET)[0],
    "same law": lambda: ea.same_law(NET, NET),
    "conjecture": lambda: ea.conjecture(ea.mean_size, ea.mean_size, max_units=1),
    "formula": lambda: ea.formulas.get("ring.mean"),
    "own formula": lambda: replace(ea.formulas.get("ring.mean"), id="my.own"),
    "strip": lambda: ea.Strip({("a", "a", 1): "1/5", ("a", "a", -1): "1/5"}),
    "lattice": lambda: ea.lattices.square("9/10"),
    "sizes of a lattice": lambda: ea.lattices.chain("4/5").size_law(3),
    "verdict": lambda: ea.proofs.identity("twice", lambda: a + a, lambda: 2 * a).computation(),
    "certificate": lambda: ea.proofs.certificate(2**n, n),
    "blocks": lambda: ea.proofs.Blocks.of([n], [a], [[b]]),
}


class Loading(pickle.Unpickler):
    """Keeps what of exactav a pickle makes Python look up."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self.found: set[str] = set()

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith("exactav"):
            self.found.add(f"{module}.{name}")
        return super().find_class(module, name)


@pytest.mark.parametrize("name", VALUES)
def test_a_pickle_is_loaded_by_its_version_only(name: str) -> None:
    value = VALUES[name]()
    data = pickle.dumps(value)
    loading = Loading(data)
    assert loading.load() == value
    assert copy.deepcopy(value) == copy.copy(value) == value
    # before the version is compared nothing is looked up that another version may not have
    assert loading.found <= {"exactav.pickles.restored", "exactav.pickles.Named"}
    assert "exactav.pickles.restored" in loading.found
    version = ea.__version__.encode()
    assert version in data
    other = data.replace(version, b"9" * len(version))
    with pytest.raises(OtherVersionError, match=r"^this pickle of a \w+ was written by exactav 9+, "):
        pickle.loads(other)


def test_a_class_that_has_moved_is_a_clear_refusal() -> None:
    data = pickle.dumps(ea.size_law(NET)).replace(b"exactav.laws.size", b"exactav.laws.gone")
    with pytest.raises(ModuleNotFoundError):
        pickle.loads(data)
    with pytest.raises(OtherVersionError):
        pickle.loads(data.replace(ea.__version__.encode(), b"9" * len(ea.__version__)))


def test_equal_networks_are_pickled_once() -> None:
    laws = [ea.size_law(NET), ea.duration_law(NET)]
    one, two = pickle.loads(pickle.dumps(laws))
    assert one.network is two.network
    assert one == laws[0]


def test_a_child_of_a_class_is_pickled() -> None:
    net = Child([["1/5", 0], [0, 0]])
    assert type(pickle.loads(pickle.dumps(net))) is Child


class Child(ea.Network):
    """As somebody may write one."""


@pytest.mark.parametrize(
    ("make", "advice"),
    [
        (lambda: ea.proofs.load("04"), "load the derivation where it is needed"),
        (lambda: ea.proofs.load("04").steps[0], "load the derivation where it is needed"),
        (lambda: ea.proofs.identity("the same", lambda: a, lambda: a), "pickle its verdict"),
        (lambda: ea.proofs.Draft("a title"), "keep the file or notebook"),
        (lambda: ea.solve("3/(3 - 2*a)", "a", 2), "keep its exact value or its digits"),
    ],
)
def test_what_holds_functions_is_refused(make: Callable[[], Any], advice: str) -> None:
    with pytest.raises(ArgumentError, match=f"^a \\w+ cannot be pickled, .*: .*{advice}"):
        pickle.dumps(make())
