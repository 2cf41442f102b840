"""Files written in one step."""

import os
import tempfile
from pathlib import Path


def replace(path: Path, text: str) -> None:
    """Write a file in one step: no reader sees half of it, and an old file survives a failure or a kill."""
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
