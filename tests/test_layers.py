"""The package reads downwards: the contracts of pyproject.toml hold, and the README tells the same order."""

import re
import tomllib
from pathlib import Path

from importlinter import cli

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
ROOMS = CONTRACTS["contracts"][0]["layers"][::-1]


def test_the_contracts_hold() -> None:
    assert cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_every_room_has_its_place() -> None:
    package = ROOT / "exactav"
    folders = {path.parent.name for path in package.glob("*/__init__.py")}
    files = {path.stem for path in package.glob("*.py")} - {"__init__"}
    assert folders | files == set(ROOMS)


def test_the_readme_tells_the_reading_order() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, guide = readme.partition("## How to read the code\n")
    named = re.findall(r"^\| `(\w+)/?` \|", guide, re.MULTILINE)
    assert named == ROOMS


def test_nothing_inside_imports_the_face() -> None:
    for path in (ROOT / "exactav").rglob("*.py"):
        if path != ROOT / "exactav" / "__init__.py":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"^\s*from exactav import (?!__version__)", text, re.MULTILINE), path
            assert not re.search(r"^(?!\s*>>>)\s*import exactav\b", text, re.MULTILINE), path
