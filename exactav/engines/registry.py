"""The one list of engines: names of methods, choices of the command line and tests derive from it."""

from exactav.engines import connected, frontier, populations, subsets
from exactav.engines.bid import Engine

ENGINES: tuple[Engine, ...] = (subsets.ENGINE, populations.ENGINE, frontier.ENGINE, connected.ENGINE)
"""In the order in which they bid: first those that need not look far to say what they would take."""

METHODS = ("auto", *(engine.name for engine in ENGINES))
"""What may be given as ``method``."""
