"""The face of the package: what a user may rely on."""

import doctest
import inspect

import exactav as ea

PUBLIC = [
    "AssemblyLaw",
    "AssemblySample",
    "CompositionLaw",
    "DurationLaw",
    "Ergodicity",
    "FloatLaw",
    "Network",
    "ObservedSizeLaw",
    "PatternLaw",
    "SequenceLaw",
    "SizeDurationLaw",
    "SizeLaw",
    "WaitingTimeLaw",
    "assembly_latex",
    "assembly_law",
    "assembly_probability",
    "autocorrelation",
    "avalanche_probability",
    "composition_law",
    "coset_law",
    "duration_law",
    "ergodicity",
    "errors",
    "evaluate",
    "families",
    "firing_rates",
    "firings_per_input",
    "forest_weight",
    "formulas",
    "from_networkx",
    "green_matrix",
    "induced_laplacian",
    "is_inhabited",
    "latex_document",
    "mean_second_generation",
    "mean_size",
    "participation",
    "participation_overall",
    "pattern_law",
    "pattern_probability",
    "plan",
    "read_network",
    "sample_assemblies",
    "sample_sequences",
    "sample_states",
    "sequence_law",
    "simulate",
    "size_duration_law",
    "size_law",
    "to_networkx",
    "tree_weight",
    "waiting_time_law",
]


def test_the_face_is_pinned() -> None:
    assert ea.__all__ == PUBLIC
    assert all(hasattr(ea, name) for name in PUBLIC)


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
