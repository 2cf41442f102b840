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


@pytest.fixture(autouse=True, scope="session")
def _no_process_is_left() -> Iterator[None]:
    """Those that are kept for the next paper end with the tests, and tell what they have run."""
    yield
    if "exactav.papers.judge" in sys.modules:
        sys.modules["exactav.papers.judge"].stop_all()
