"""What is done around every test."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("exactav", deadline=None)  # tests assert no times of the clock
settings.load_profile("exactav")


@pytest.fixture(autouse=True)
def _no_figures_stay_open() -> Iterator[None]:
    """Matplotlib warns of many open figures, whoever opened them."""
    _close()
    yield
    _close()


def _close() -> None:
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
