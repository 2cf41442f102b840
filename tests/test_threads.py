"""Many threads, forked and spawned processes, and what is left of networks that are dropped."""

import gc
import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import _lru_cache_wrapper
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from threading import Barrier
from typing import Any

import pytest
import sympy
from sympy.core.cache import clear_cache

import exactav as ea

N_THREADS = 8
NETWORKS = 20  # asked before memory is looked at
PATIENCE = 300  # seconds; a guard against what never ends


def everything(net: ea.Network) -> list[Any]:
    """What engines of all sorts say of a network."""
    law = ea.size_law(net)
    return [
        law,
        law.mean(),
        law.variance(),
        ea.size_law(net, method="frontier"),
        ea.size_law(net, arithmetic="float"),
        ea.size_law(net, up_to=2),
        ea.duration_law(net),
        ea.assembly_law(net).most_probable(2),
        ea.participation(net),
        ea.mean_generations(net),
        list(ea.sample_assemblies(net, 20, seed=1)),
        law.latex(),
    ]


def networks() -> list[ea.Network]:
    """New ones each time, whose cached numbers nobody has asked for."""
    return [
        ea.families.ring(5, "4/5"),
        ea.families.star(5, "1/2"),
        ea.families.homogeneous(6, "9/10"),
        ea.Network([["1/5", "1/3", 0], [0, 0, "1/4"], ["1/7", "1/9", "1/2"]], drive=["1/2", "1/3", "1/6"]),
    ]


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What ``work(number)`` returns in threads that begin together."""
    barrier = Barrier(N_THREADS)

    def begin(number: int) -> Any:
        barrier.wait(PATIENCE)
        return work(number)

    with ThreadPoolExecutor(N_THREADS) as threads:
        return list(threads.map(begin, range(N_THREADS), timeout=PATIENCE))


def test_laws_of_many_threads_are_those_of_one() -> None:
    wanted = [everything(net) for net in networks()]
    # each thread begins with another network; each network is asked by all threads
    shared = networks()
    order = [[(first + place) % len(shared) for place in range(len(shared))] for first in range(N_THREADS)]
    for number, found in enumerate(at_once(lambda n: [everything(shared[place]) for place in order[n]])):
        assert found == [wanted[place] for place in order[number]]


def test_a_law_may_be_asked_by_many_threads() -> None:
    alpha = sympy.Symbol("alpha")
    wanted = ea.size_law(ea.families.ring(5, alpha))
    numbers = [wanted.mean(), wanted[3], wanted.at(alpha="1/2").pmf(), wanted.latex()]
    law = ea.size_law(ea.families.ring(5, alpha))
    for found in at_once(lambda _: [law.mean(), law[3], law.at(alpha="1/2").pmf(), law.latex()]):
        assert found == numbers


FIRST_USE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
import exactav as ea

sys.setswitchinterval(1e-5)
uses = [
    lambda: ea.size_law(ea.families.ring(5, "4/5"))[5],
    lambda: ea.Network([[0, "1/2"], [0, 0]]).latex(),
    lambda: ea.read_network("florentine").n_units,
    lambda: ea.formulas.get("ring.mean").id,
    lambda: ea.sample_assemblies(ea.families.ring(5, "4/5"), 9, seed=1).sizes.tolist(),
    lambda: ea.lattices.chain("4/5").mean_size(),
    lambda: ea.phase_space.region.boxes(ea.families.ring(2, "1/2"))[0].volume,
    lambda: ea.proofs.available()["04"].name,
    lambda: ea.size_law(ea.families.star(5, "1/2"), method="frontier").mean(),
    lambda: ea.duration_law(ea.families.ring(5, "4/5")).mean(),
    lambda: ea.evaluate("1/3", 5),
    lambda: ea.errors.ExactavError.__name__,
]
barrier = Barrier(len(uses))

def begin(use):
    barrier.wait()
    return str(use())

with ThreadPoolExecutor(len(uses)) as threads:
    found = list(threads.map(begin, uses))
assert found == [str(use()) for use in uses], found
print(*found, sep="\\n")
"""


@pytest.mark.slow
def test_modules_are_loaded_by_many_threads_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_USE], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "80/341"


FORKED = """
import multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
import exactav as ea
from exactav.engines.sweep import lanes
from exactav.papers import judge

def said(net):
    law = ea.size_law(net)
    return law.pmf(), law.mean(), ea.duration_law(net).pmf(), ea.size_law(net, method="frontier").pmf()

def begin():
    assert not lanes._finding.locked()  # by a thread of the parent
    assert not judge._idle  # the parent asks it

if __name__ == "__main__":
    nets = [ea.families.ring(n, "4/5") for n in (3, 4, 5)] + [ea.families.ring(3, "a")]
    wanted = [said(net) for net in nets]
    ea.size_law(ea.families.homogeneous(13, "9/10"), method="subsets")  # by threads, compiled if it can be
    judge._idle.append(judge.Judge())
    with ThreadPoolExecutor(4) as threads:  # which live on in no fork
        assert list(threads.map(said, nets)) == wanted
        with lanes._finding, ProcessPoolExecutor(2, multiprocessing.get_context(sys.argv[1]), begin) as pool:
            assert list(pool.map(said, nets, timeout=200)) == wanted
    print("the same")
"""


@pytest.mark.slow
@pytest.mark.parametrize("method", sorted({"fork", "spawn"} & set(multiprocessing.get_all_start_methods())))
def test_processes_say_the_same(method: str, tmp_path: Path) -> None:
    script = tmp_path / "asking.py"
    script.write_text(FORKED)
    command = [sys.executable, str(script), method]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout == "the same\n", done.stderr


FEW = {"_works", "catalogue", "low_subsets", "machine_memory", "trees_up_to", "volumes_in_all_orders"}
"""Caches without a bound, whose entries do not grow with the number of networks; the last has those of trees
of as many units as the largest homogeneous network whose formula was asked for."""


def caches() -> dict[str, Any]:
    """The caches of functions of exactav."""
    found = [thing for thing in gc.get_objects() if type(thing) is _lru_cache_wrapper]
    ours = [cache for cache in found if cache.__module__.startswith("exactav.")]
    return {cache.__qualname__: cache for cache in ours if "<locals>" not in cache.__qualname__}


def test_caches_are_bounded() -> None:
    for module in walk_packages(ea.__path__, "exactav."):
        if ".compiled" not in module.name:
            import_module(module.name)
    found = caches()
    assert len(found) > 15
    unbounded = {name for name, cache in found.items() if cache.cache_parameters()["maxsize"] is None}
    assert unbounded <= FEW


@pytest.mark.slow
def test_networks_that_are_dropped_leave_nothing() -> None:
    def ask(number: int) -> None:
        value = sympy.Rational(number % 97 + 1, 100 + number)
        for alpha in (value, sympy.Symbol(f"a{number}"), 1 / sympy.sqrt(number + 2)):
            net = ea.families.ring(3, alpha)
            law = ea.size_law(net)
            law.mean()
            law.latex()
            ea.assembly_law(net, method="subsets")
            ea.size_law(net, method="frontier")
        net = ea.families.ring(5, value)
        ea.size_law(net, arithmetic="float")
        ea.duration_law(net)
        ea.sample_assemblies(net, 5, seed=1)

    def left() -> int:
        for cache in caches().values():
            cache.cache_clear()
        clear_cache()  # that of SymPy, which has a bound, too
        gc.collect()
        return len(gc.get_objects())

    def after(begin: int) -> int:
        for number in range(begin, begin + NETWORKS):
            ask(number)
        return left()

    after(0)  # what is loaded and made once
    before = after(NETWORKS)
    assert after(2 * NETWORKS) - before < NETWORKS  # not one object for each
