"""The lowest versions that pyproject.toml allows, of what is needed and of extras, as constraints for pip."""

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]

extras = [requirement for name in ("fast", "plot", "html", "distributed") for requirement in EXTRAS[name]]

for requirement in [*PROJECT["dependencies"], *extras]:
    found = re.fullmatch(r"([\w-]+)(?:\[\w+\])?>=([\d.]+)", requirement)
    if not found:
        raise SystemExit(f"pyproject.toml: {requirement} is not of the form name>=version")
    print(f"{found[1]}=={found[2]}")
