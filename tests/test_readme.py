"""Everything a reader sees in the README is run."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from exactav.command.cli import main

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_python_examples() -> None:
    examples = "".join(text for language, text in BLOCKS if language == "pycon")
    test = doctest.DocTestParser().get_doctest(examples, {}, "README.md", str(README), 0)
    report: list[str] = []
    results = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=report.append)
    assert results.attempted > 8
    assert not results.failed, "".join(report)


@pytest.mark.parametrize("block", [text for language, text in BLOCKS if language == "console"])
def test_console_examples(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    command, _, expected = block.partition("\n")
    name, *arguments = shlex.split(command.removeprefix("$ "))
    assert name == "exactav"
    assert main(arguments) == 0
    assert capsys.readouterr().out == expected


def test_the_two_commands_come_first() -> None:
    first, second = [text.strip() for language, text in BLOCKS if language == "sh"]
    assert BLOCKS[0][1].strip() == first
    assert "\n" not in first + second
    assert first.endswith("exactav report florentine")
    assert second.endswith("pytest -n auto")
    assert all("python3 -m venv" in command for command in (first, second))


def test_contributing_names_what_there_is() -> None:
    text = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"(?<![\w/])(?:exactav|tests|derivations|\.ci)/[\w./]*\w(?![\w*])", text)) - {
        "derivations/NN_name.py"
    }
    assert len(paths) > 8
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
    assert BLOCKS[1][1].strip() in text
