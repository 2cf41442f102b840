"""Compiled code; and where the extra ``fast`` does not work, one warning says so and results are the same."""

import os
import shutil
import signal
import subprocess
import sys
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numba import njit
from test_sampling import wild

import exactav as ea
from exactav.kernels import wilson
from exactav.kernels.compiled import compiling
from exactav.kernels.compiled import sets as compiled_sets
from exactav.kernels.compiled import walks as compiled_walks
from exactav.sampling import trees, walks

PACKAGE = Path(ea.__file__).parent
SCRIPT = """
import sys
if "full" in sys.argv:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
import exactav as ea
net = ea.families.ring(13, "4/5")
for _ in range(2):
    print(ea.size_law(net, method="subsets", arithmetic=sys.argv[1])[13])
print("exactav.kernels.compiled.sets" in sys.modules)
"""


def run(folder: Path, *arguments: str, script: str = SCRIPT, **settings: str) -> tuple[str, str]:
    """What a script prints and says when exactav is the one in a folder."""
    inherited = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-B", "-c", script, *arguments],
        cwd=folder,
        env={**inherited, "HOME": str(folder), **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def module(folder: Path, name: str, text: str) -> str:
    """A folder with a module of that name, for PYTHONPATH."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(text, encoding="utf-8")
    return str(folder)


def expected(arithmetic: Any) -> str:
    """What the script prints in a process where everything works, up to whether it has compiled code."""
    law = ea.size_law(ea.families.ring(13, "4/5"), method="subsets", arithmetic=arithmetic)
    return f"{law[13]}\n{law[13]}\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["raise ImportError('Numba needs NumPy 2.3 or less')", "raise SystemError('initialization failed')"],
)
def test_numba_that_does_not_import(text: str, tmp_path: Path) -> None:
    shown, said = run(PACKAGE.parent, "exact", PYTHONPATH=module(tmp_path, "numba", text))
    assert shown.startswith(expected("exact") + "False")
    assert said.count("SlowWarning: numba is installed but does not import") == 1
    assert text.partition("'")[2].partition("'")[0] in said


@pytest.mark.slow
@pytest.mark.parametrize(("error", "ground_types"), [("ImportError", "auto"), ("RuntimeError", "python")])
def test_flint_that_does_not_import(error: str, ground_types: str, tmp_path: Path) -> None:
    """SymPy, which asks for FLINT, too, only stands an ImportError; otherwise it is told not to ask."""
    path = module(tmp_path, "flint", f"raise {error}('libflint.so.18')")
    shown, said = run(PACKAGE.parent, "exact", PYTHONPATH=path, SYMPY_GROUND_TYPES=ground_types)
    assert shown.startswith(expected("exact"))
    assert said.count("SlowWarning") == said.count("python-flint is installed but does not import") == 1
    assert "libflint.so.18" in said


@pytest.mark.slow
def test_without_the_extra_nothing_is_said(tmp_path: Path) -> None:
    hidden = "import sys\nfor name in ('numba', 'flint'):\n    sys.modules[name] = None\n"
    (tmp_path / "sitecustomize.py").write_text(hidden, encoding="utf-8")
    shown, said = run(PACKAGE.parent, "exact", PYTHONPATH=str(tmp_path))
    assert shown.startswith(expected("exact") + "False")
    assert said == ""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A copy of the package beside which nothing can be written, not even by root."""
    copy = tmp_path / "copy"
    shutil.copytree(PACKAGE, copy / "exactav", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in (copy / "exactav" / "kernels", copy / "exactav" / "kernels" / "compiled"):
        (folder / "__pycache__").touch()
    return copy


@pytest.mark.slow
def test_no_folder_for_compiled_code(elsewhere: Path) -> None:
    shown, said = run(elsewhere, "float", HOME=os.devnull)
    assert shown.startswith(expected("float") + "True")
    assert said.count("SlowWarning: compiled code cannot be kept (cannot cache function") == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_no_room_for_compiled_code(elsewhere: Path) -> None:
    shown, said = run(elsewhere, "float", "full")
    assert shown.startswith(expected("float") + "True")
    assert said.count("SlowWarning: compiled code cannot be kept") == 1
    assert "File too large" in said


@pytest.mark.parametrize("small", ["weights", "leak"])
def test_compiled_sums_say_when_a_factor_is_too_small(small: str) -> None:
    """A hub that starts feeds two others: both recruited 1e-200, or neither, is below what products need."""
    tiny = 1e-100
    weights = np.zeros((3, 3))
    weights[1:, 0] = tiny if small == "weights" else 1.0
    leak = np.array([1.0, 1.0, 1.0] if small == "weights" else [1.0, tiny, tiny])
    starts = np.array([1.0, 0.0, 0.0])
    with pytest.raises(FloatingPointError):
        compiled_sets.positive_weights(weights, starts, leak, 0, 8)
    larger = compiled_sets.positive_weights(np.sqrt(weights), starts, np.sqrt(leak), 0, 8)
    assert (larger > 0).tolist() == [False, True] * 4


def in_turns(*kernels: Any) -> Any:
    turns = cycle(kernels)
    return lambda walking: next(turns)


@pytest.mark.slow
def test_compiled_and_plain_samples_in_pieces_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where walks and trees are left in the middle, and another kernel goes on with them."""
    net = wild(5, 7)
    wanted = {start: ea.sample_assemblies(net, 400, start, seed=9) for start in (None, 0)}
    wanted_states = ea.sample_states(net, 30, seed=9)
    plain, fast = (wilson, wilson.choose), (compiled_walks, compiled_walks.choose)
    wanted_patterns = ea.sample_patterns(net, 400, seed=9)
    for piece in (1, 2, 7, 10**6):
        monkeypatch.setattr(walks.Walks, "piece", piece)
        monkeypatch.setattr(walks.Walks, "kernel", property(in_turns(plain, fast, plain)))
        for start, sample in wanted.items():
            found = ea.sample_assemblies(net, 400, start, seed=9)
            assert found == sample
            assert list(found) == list(sample)
            assert found.starts == sample.starts
        assert list(ea.sample_patterns(net, 400, seed=9)) == list(wanted_patterns)
        assert ea.sample_states(net, 30, seed=9) == wanted_states
        monkeypatch.undo()
    monkeypatch.setattr(trees, "ROOM", 50)  # many calls
    assert ea.sample_assemblies(net, 400, seed=9) == wanted[None]


def test_compiled_code_is_loaded_where_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks, "is_loaded", lambda: False)
    tables = walks.tables_of(ea.families.ring(5, "1/2"), with_starts=False)
    for n, is_compiled in ((10**3, False), (10**6, True)):
        walking = walks.Walks(tables, n, 3, "a sample", max_cost=3600)
        first = walking.piece
        assert walking.kernel[0] is wilson
        walking.spent(300, 100)
        assert (walking.kernel[0] is not wilson) == is_compiled
        assert walking.piece > first


KEPT = """
import sys
import exactav as ea
net = ea.families.k_ring(30, "9/10", 3)
chosen = ea.plan(net).chosen
print(chosen.engine, chosen.compiles, chosen.keeps_checkpoint)
try:
    ea.size_law(net, checkpoint=sys.argv[1])
except ea.errors.OptionError as error:
    print(error)
try:
    ea.size_law(net, max_cost=chosen.seconds)
except ea.errors.TooCostlyError as error:
    print(error)
"""


@pytest.mark.slow
def test_numba_that_does_not_import_keeps_no_checkpoint_and_costs_more(tmp_path: Path) -> None:
    """A sweep that was planned in compiled code is planned anew: nothing is promised that does not run."""
    path = module(tmp_path, "numba", "raise ImportError('no')")
    kept = tmp_path / "kept"
    shown, said = run(PACKAGE.parent, str(kept), script=KEPT, PYTHONPATH=path)
    promised, checkpoint, cost = shown.splitlines()
    assert promised == "frontier True True"
    assert "keeps no checkpoint: leave it out" in checkpoint
    assert "more than the allowed" in cost
    assert said.count("SlowWarning: numba is installed but does not import") == 1
    assert not kept.exists()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a timer that interrupts")
def test_a_compilation_that_was_interrupted_is_finished() -> None:
    """Numba itself would say that there is no compiled object yet, whenever the function is called again."""

    def halved(numbers: Any) -> Any:
        while numbers.sum() > 1:
            numbers = numbers / 2
        return np.sort(numbers)

    class StopError(KeyboardInterrupt):  # as Ctrl-C: threads that start take other errors for their own
        pass

    def stop(number: int, frame: Any) -> None:
        raise StopError

    def ask() -> None:
        made(np.ones(2))
        signal.pause()

    made = compiling._shielded(njit(halved))
    before = signal.signal(signal.SIGALRM, stop)
    try:
        for seconds in (0.03, 0.1, 0.3):  # it takes longer than that
            signal.setitimer(signal.ITIMER_REAL, seconds)
            with pytest.raises(StopError):
                ask()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert made(np.array([1.0, 3.0])).tolist() == [0.25, 0.75]
