"""The displayed equations of a paper, each checked: a LaTeX file in, verdicts out.

How an equation goes: :mod:`source` finds the displays, :mod:`tokens` and :mod:`rows` cut them into sides of
equations, :mod:`parser` reads a side by a grammar of its own, :mod:`knowledge` says what the file declares,
:mod:`deciding` compares in a process apart, and :mod:`paper` tells.
"""

from exactav.papers.paper import PaperCheck, PaperRow, check_paper

__all__ = ["PaperCheck", "PaperRow", "check_paper"]


def __dir__() -> list[str]:
    return __all__
