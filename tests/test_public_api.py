"""The face of the package: what a user may rely on."""

import doctest
import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, get_args

import pytest

import exactav as ea
from exactav.deprecation import MOVED

PUBLIC = [
    "AssemblyLaw",
    "AssemblySample",
    "Comparison",
    "CompositionLaw",
    "Drive",
    "DurationLaw",
    "Ergodicity",
    "Estimate",
    "FloatLaw",
    "GeneratingFunction",
    "JointLaw",
    "Law",
    "MoreThan",
    "NearThresholdLaw",
    "Network",
    "NotRefuted",
    "NumericLaw",
    "ObservedSizeLaw",
    "PaperCheck",
    "PaperRow",
    "PatternLaw",
    "PatternSample",
    "Plan",
    "ProvedUpTo",
    "Refuted",
    "SameLaw",
    "SequenceLaw",
    "Simulation",
    "SizeDurationLaw",
    "SizeLaw",
    "Solution",
    "Solutions",
    "StartLaw",
    "StateLaw",
    "Strip",
    "TruncatedSizeLaw",
    "ValueLaw",
    "WaitingTimeLaw",
    "WaveLaw",
    "WaveSizeLaw",
    "WholeValueLaw",
    "annealed",
    "assembly_latex",
    "assembly_law",
    "assembly_probability",
    "autocorrelation",
    "avalanche_probability",
    "branching_ratio",
    "check_paper",
    "composition_law",
    "conjecture",
    "coset_law",
    "count_correlation",
    "count_covariance",
    "duration_law",
    "ergodicity",
    "errors",
    "evaluate",
    "families",
    "fano_factors",
    "firing_rates",
    "firings_per_input",
    "forest_weight",
    "formulas",
    "from_json",
    "from_networkx",
    "green_matrix",
    "induced_laplacian",
    "is_inhabited",
    "last_wave_law",
    "latex_document",
    "lattices",
    "limits",
    "mean_generations",
    "mean_second_generation",
    "mean_size",
    "mean_waves",
    "near_threshold",
    "near_threshold_law",
    "participation",
    "participation_overall",
    "pattern_law",
    "pattern_probability",
    "phase_space",
    "plan",
    "plot_participation",
    "proofs",
    "read_network",
    "same_law",
    "sample_assemblies",
    "sample_near_threshold",
    "sample_patterns",
    "sample_sequences",
    "sample_states",
    "sequence_law",
    "simulate",
    "size_duration_law",
    "size_law",
    "solve",
    "start_law",
    "state_law",
    "to_networkx",
    "tree_weight",
    "waiting_time_law",
    "wave_law",
]


def test_the_face_is_pinned() -> None:
    assert ea.__all__ == PUBLIC
    assert all(hasattr(ea, name) for name in PUBLIC)


PLACES: dict[str, Any] = {
    "exactav": ea,
    "families": ea.families,
    "formulas": ea.formulas,
    "proofs": ea.proofs,
    "region": ea.phase_space.region,
    "sandpile": ea.phase_space.sandpile,
    "torus": ea.phase_space.torus,
}
"""The documented modules."""


@pytest.mark.parametrize("place", PLACES)
def test_names_complete_to_what_is_public_only(place: str) -> None:
    module = PLACES[place]
    assert [name for name in dir(module) if not name.startswith("_")] == sorted(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)


def test_what_public_functions_return_is_public() -> None:
    public = {id(getattr(module, name)) for module in PLACES.values() for name in module.__all__}
    for module in PLACES.values():
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isfunction(thing):
                for found in _classes(inspect.signature(thing).return_annotation):
                    assert id(found) in public, f"{name} returns {found}"


def _classes(hint: Any) -> Iterator[type]:
    """The classes of exactav in an annotation."""
    if isinstance(hint, type) and hint.__module__.startswith("exactav"):
        yield hint
    for part in get_args(hint):
        yield from _classes(part)


def test_every_public_function_has_a_runnable_example() -> None:
    finder = doctest.DocTestFinder(recurse=False)
    for name in PUBLIC:
        thing = getattr(ea, name)
        if inspect.isfunction(thing):
            (test,) = finder.find(thing, name)
            assert test.examples, f"{name} has no example"


def test_every_public_function_says_what_its_arguments_are() -> None:
    for name in PUBLIC:
        thing = getattr(ea, name)
        if inspect.isfunction(thing):
            signature = inspect.signature(thing)
            assert signature.return_annotation is not inspect.Signature.empty, name
            for parameter in signature.parameters.values():
                assert parameter.annotation is not inspect.Parameter.empty, f"{name}({parameter})"


def test_every_error_is_also_a_builtin_one() -> None:
    classes = [
        c for _, c in inspect.getmembers(ea.errors, inspect.isclass) if c is not ea.errors.ExactavError
    ]
    assert len(classes) > 5
    for error in classes:
        assert issubclass(error, ea.errors.ExactavError | Warning)
        builtins = [base for base in error.__mro__ if base.__module__ == "builtins"]
        assert builtins[0] not in (Exception, BaseException, object), error


def test_modules_have_their_old_names_for_one_release() -> None:
    code = (
        "import importlib, sys, warnings, exactav\n"
        "for old in sys.argv[1:]:\n"
        "    with warnings.catch_warnings(record=True) as said:\n"
        "        warnings.simplefilter('always')\n"
        "        importlib.import_module(f'exactav.{old}')\n"
        "    print(*(one.message for one in said if issubclass(one.category, DeprecationWarning)))"
    )
    done = subprocess.run([sys.executable, "-c", code, *MOVED], capture_output=True, text=True, check=True)
    for line, old in zip(done.stdout.splitlines(), MOVED, strict=True):
        assert line.startswith(f"the module exactav.{old} is now exactav.")
        assert line.endswith("; the old name goes in 0.3")


def test_an_old_name_gives_the_same_things() -> None:
    with pytest.warns(DeprecationWarning, match=r"exactav.running.workers; the old name goes in"):
        old = importlib.import_module("exactav.workers")
    assert old.processes is importlib.import_module("exactav.running.workers").processes
    with pytest.warns(DeprecationWarning, match=r"exactav.sampling.simulate"):
        module = importlib.import_module("exactav.simulate")
    assert module.orbit is importlib.import_module("exactav.sampling.simulate").orbit
    assert ea.simulate(ea.families.ring(3, "1/2"), 5, seed=1).sizes  # the name of the function, too
