"""Pictures that the command line draws: their formats, and labels in them."""

import html
import json
from itertools import pairwise
from pathlib import Path

import pytest

from exactav.command.cli import main

LABELS = ["[/x]", "a, b", "東", "$x_1$", "<b>&", r"\frac{1}"]
PICTURES = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}


@pytest.mark.parametrize("of", ["sizes", "durations", "network", "participation", "assemblies"])
def test_pictures(of: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "net.json"
    edges = [[a, b, f"1/{4 + k}"] for k, (a, b) in enumerate(pairwise(LABELS))]
    source.write_text(json.dumps({"labels": LABELS, "edges": [*edges, ["[/x]", "[/x]", "1/9"]]}))
    for ending, begins in PICTURES.items():
        path = tmp_path / f"picture.{ending}"
        assert main(["plot", str(source), "--of", of, "-o", str(path)]) == 0
        out, err = capsys.readouterr()
        assert out == ""
        assert path.read_bytes().startswith(begins)
        named = of not in ("sizes", "durations")
        assert ("no font here has 東" in err) == (named and ending != "svg"), err
    drawing = (tmp_path / "picture.svg").read_text(encoding="utf-8")
    if of in ("network", "participation"):
        assert all(html.escape(label, quote=False) in drawing for label in LABELS)
