"""`exactav doctor`: what it says, that its checks can fail, and where the stored values come from."""

import copy
import json
import runpy
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

import exactav as ea
from exactav.command import doctor, installation, self_check
from exactav.command.cli import main
from exactav.command.self_check import NONE, compared, stored
from exactav.engines.durations.plan import ENGINES as DURATION_ENGINES
from exactav.engines.registry import METHODS
from exactav.errors import CheckFailedError, TooCostlyError

Capsys = pytest.CaptureFixture[str]


def short() -> dict[str, Any]:
    """The stored values with one small network."""
    values = dict(stored())
    values["small"] = {"ring": values["small"]["ring"]}
    return copy.deepcopy(values)


def test_an_installation_that_works(capsys: Capsys) -> None:
    assert main(["doctor", "--quick", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    content = json.loads(out)
    assert content["format"] == 1
    assert content["passes"]
    assert all(check["passes"] and check["seconds"] >= 0 for check in content["checks"])
    named = content["installation"]
    for name in ("exactav", "Python", "platform", "sympy", "mpmath", "numpy", "networkx", "click", "rich"):
        assert named[name][0].isalnum()
    assert named["exactav"].startswith(f"{ea.__version__}, in ")
    assert {"cores", "memory", "compiled code", "numba", "matplotlib", "dask"} <= set(named)
    roads = {check["by"] for check in content["checks"]}
    assert {engine.name for engine in DURATION_ENGINES} <= roads
    for method in METHODS[1:]:
        for arithmetic in ("exact", "float"):
            assert (f"{method}, {arithmetic}" in roads) == ((method, arithmetic) not in NONE)


def test_what_is_left_out_is_what_no_engine_does() -> None:
    net = ea.families.ring(5, "4/5")
    for method, arithmetic in NONE:
        with pytest.raises(TooCostlyError, match="exact sums only"):
            ea.size_law(net, method=method, arithmetic=arithmetic)  # type: ignore[arg-type]


def test_without_extras(monkeypatch: pytest.MonkeyPatch, capsys: Capsys) -> None:
    def version(package: str) -> str:
        if package in installation.CORE:
            return "1.2.3"
        raise PackageNotFoundError(package)

    monkeypatch.setattr(installation, "version", version)
    monkeypatch.setattr(installation, "can_compile", lambda: False)
    monkeypatch.setattr(doctor, "stored", short)
    assert main(["doctor", "--quick"]) == 0
    out = capsys.readouterr().out
    for extra, packages in installation.EXTRAS.items():
        for package, _ in packages:
            assert f"\n{package:<14}" in out
            assert f"not installed: pip install 'exactav[{extra}]'" in out
    assert "none, since numba is not there" in out
    assert "sympy          1.2.3" in out
    assert "checks pass\n" in out
    assert "FAIL" not in out


def test_extras_that_do_not_import(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(module: str) -> Any:
        raise RuntimeError(f"no {module}\x1b[31m")

    monkeypatch.setattr(installation, "import_module", broken)
    found = installation.facts()
    assert "does not import (RuntimeError: no flint\x1b[31m)" in found["python-flint"]
    assert "pip install --force-reinstall python-flint" in found["python-flint"]
    assert found["compiled code"].startswith("none (RuntimeError")


def test_compiled_code_that_is_kept_and_that_is_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    compiling = import_module("exactav.kernels.compiled.compiling")
    (tmp_path / "lanes.advance-12.py311.nbi").touch()
    monkeypatch.setattr(compiling, "cache_folders", lambda: [tmp_path])
    assert installation.compiled() == {
        "compiled code": f"kept in {tmp_path}, which can be written",
        "compiled so far": "1 functions: advance",
    }
    monkeypatch.undo()
    monkeypatch.setattr(compiling, "_IS_KEPT", False)
    assert "NUMBA_CACHE_DIR" in installation.compiled()["compiled code"]


def test_limits_of_a_container(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text("50000 100000\n")
    monkeypatch.setattr(installation, "_PROCESSOR_SHARE", tmp_path / "cpu.max")
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    assert installation.cores() == "64, of which 0.5 may be used"
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert installation.cores().startswith("64, of which ")


def _sizes(values: Any) -> None:
    sizes = values["small"]["ring"]["sizes"]
    sizes["1"], sizes["2"] = sizes["2"], sizes["1"]


def _nearly(values: Any) -> None:
    values["small"]["ring"]["sizes"]["6"] += "000001"


def _durations(values: Any) -> None:
    del values["small"]["ring"]["durations"]["3"]


def _both(values: Any) -> None:
    values["small"]["ring"]["both"]["6 9"] = "1/7"


def _assemblies(values: Any) -> None:
    values["small"]["ring"]["assemblies"]["0"] = "1/9"


def _volume(values: Any) -> None:
    values["small"]["ring"]["volume"] += 1


def _digits(values: Any) -> None:
    values["digits"]["1/7"] = values["digits"]["1/7"][:-1] + "8"


def _formula(values: Any) -> None:
    values["formula"]["digits"] = "0.00251418637951968866085312119583"


BROKEN: dict[Callable[[Any], None], set[str]] = {
    _sizes: {"ring: sizes", "ring: mean size"},
    _nearly: {"ring: sizes", "ring: mean size"},
    _durations: {"ring: durations"},
    _both: {"ring: sizes and durations"},
    _assemblies: {"ring: assemblies"},
    _volume: {"ring: recurrent states"},
    _digits: {"digits of 1/7"},
    _formula: {"formula homogeneous.size"},
}


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_a_stored_value_that_differs_is_found(broken: Callable[[Any], None]) -> None:
    values = short()
    broken(values)
    rows = list(compared(values, quick=True))
    failed = {row.what for row in rows if not row.agrees}
    assert failed == BROKEN[broken]
    if broken is not _durations:  # floats have fewer outcomes to look at
        assert all(not row.agrees for row in rows if row.what in failed)
    assert all("stored is" in row.said for row in rows if not row.agrees)


def test_what_fails_is_reported(monkeypatch: pytest.MonkeyPatch, capsys: Capsys) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise CheckFailedError("volumes differ \x1b[31m")

    monkeypatch.setattr(self_check, "duration_law", refuse)
    monkeypatch.setattr(self_check, "mean_size", lambda net: [][1])
    monkeypatch.setattr(doctor, "stored", short)
    assert main(["doctor", "--quick"]) == 1
    out = capsys.readouterr().out
    assert "Green matrix        FAIL    IndexError: list index out of range" in out
    assert "FAIL    volumes differ \\x1b[31m" in out
    assert "so do not rely on results" in out
    assert "report it with all of this output" in out
    assert main(["doctor", "--quick", "--format", "json"]) == 1
    content = json.loads(capsys.readouterr().out)
    assert not content["passes"]
    assert {check["by"] for check in content["checks"] if not check["passes"]} >= {"Green matrix", "rings"}


def test_samples_are_tested() -> None:
    values = stored()
    sizes, bounds = values["grid"]["sizes"], values["chi-square bounds"]
    wrong = self_check._chi_square([1] * 9_000 + [12] * 11_000, sizes, bounds)
    assert "is above" in wrong
    assert "cannot be" in self_check._chi_square([13], sizes, bounds)


@pytest.mark.slow
def test_all_checks_pass(capsys: Capsys) -> None:
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    for road in ("sampled assemblies", "sampled patterns", "simulated", "P(L = 1)", "homogeneous, 18: sizes"):
        assert road in out


@pytest.mark.slow
def test_the_stored_values_are_what_the_script_finds(tmp_path: Path) -> None:
    script = runpy.run_path(str(Path(__file__).parent / "references" / "make_stored.py"))
    script["main"].__globals__["TARGET"] = tmp_path / "stored.json"
    script["main"]()
    made = json.loads((tmp_path / "stored.json").read_text())
    for name, value in stored().items():
        assert name in ("tool", "date") or made[name] == value, name
