"""The displayed equations of a paper, each checked: a LaTeX file in, verdicts out.

How an equation goes: :mod:`source` finds the displays, :mod:`tokens` and :mod:`macros` read LaTeX,
:mod:`rows` cuts displays into rows and :mod:`lines` these into sides and conditions, which :mod:`parser`
reads by a grammar of its own into :mod:`nodes`. :mod:`knowledge` is what the file says of its symbols,
:mod:`claims` what is to be decided, :mod:`deciding` decides it in the process of :mod:`judge`, which can be
killed, and :mod:`paper` tells.
"""

from typing import TYPE_CHECKING

from exactav.deferred import deferred

if TYPE_CHECKING:
    from exactav.papers.paper import PaperCheck, PaperRow, check_paper
else:
    __getattr__ = deferred(__name__, {"paper": "PaperCheck PaperRow check_paper"})

__all__ = ["PaperCheck", "PaperRow", "check_paper"]


def __dir__() -> list[str]:
    return __all__
