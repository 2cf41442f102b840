"""Every notebook runs top to bottom, and the outputs it keeps are those it has when run.

``python tests/test_notebooks.py`` runs the notebooks and keeps the new outputs.
"""

import importlib
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from nbclient import NotebookClient

import exactav

nbformat: Any = importlib.import_module("nbformat")  # it is half typed

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def executed(path: Path) -> Any:
    """The notebook with fresh outputs; an error in a cell is raised."""
    importlib.import_module("matplotlib.font_manager")  # makes its cache: a kernel would say that it does
    notebook = nbformat.read(path, as_version=4)
    metadata = notebook.metadata.copy()
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": FOLDER}},
    )
    # The kernel finds this package, and no settings of whoever runs the tests.
    paths = [str(Path(exactav.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    with tempfile.TemporaryDirectory() as settings:
        client.execute(env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "IPYTHONDIR": settings})
    notebook.metadata = metadata  # the kernel adds its version
    return notebook


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(cell: Any) -> list[tuple[str, str]]:
    """What a reader sees below a cell, as (kind, text), each stream in one piece."""
    result: list[tuple[str, str]] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            before = result.pop()[1] if result and result[-1][0] == output.name else ""
            result.append((output.name, before + output.text))
        elif output.output_type == "error":
            result.append(("error", f"{output.ename}: {output.evalue}"))
        else:
            result += sorted((kind, text) for kind, text in output.data.items() if kind.startswith("text/"))
    return result


def test_there_are_notebooks() -> None:
    assert "01_first_avalanches" in [path.stem for path in NOTEBOOKS]


@each_notebook
def test_outputs_are_kept_in_order(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    cells = code_cells(notebook)
    assert cells
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        assert cell.outputs, f"a cell that shows nothing: {cell.source}"
        assert all(kind not in ("error", "stderr") for kind, _ in shown(cell)), cell.source


@each_notebook
def test_nothing_in_it_belongs_to_one_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?:/(?:home|Users|tmp|work|usr|root|private)/|[A-Z]:\\\\)[\w.]", text)
    assert not re.search(r"\bat 0x[0-9a-f]{6,}", text)
    assert "Warning" not in text


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    NOTEBOOKS,
    ids=lambda path: path.stem,
)
def test_kept_outputs_are_those_of_a_fresh_run(path: Path) -> None:
    kept = code_cells(nbformat.read(path, as_version=4))
    fresh = code_cells(executed(path))
    for old, new in zip(kept, fresh, strict=True):
        message = f"outputs are out of date, run python tests/{Path(__file__).name}\n{old.source}"
        assert shown(new) == shown(old), message


def test_a_stale_output_is_seen() -> None:
    cell = nbformat.v4.new_code_cell("1 + 1")
    for text in ("2", "3"):
        cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": text}, execution_count=1)]
        assert (shown(cell) == [("text/plain", "2")]) == (text == "2")


if __name__ == "__main__":
    for notebook_path in [path for path in NOTEBOOKS if path.stem in sys.argv[1:]] or NOTEBOOKS:
        nbformat.write(executed(notebook_path), notebook_path)
