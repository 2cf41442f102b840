"""Draws with exactly the probabilities of the laws; and the reference simulator, which nothing else needs."""

from typing import TYPE_CHECKING

from exactav.deferred import deferred

if TYPE_CHECKING:
    from exactav.sampling.assemblies import AssemblySample, sample_assemblies
    from exactav.sampling.patterns import PatternSample, sample_patterns
    from exactav.sampling.states import sample_states
else:
    __getattr__ = deferred(
        __name__,
        {
            "assemblies": "AssemblySample sample_assemblies",
            "patterns": "PatternSample sample_patterns",
            "states": "sample_states",
        },
    )

__all__ = ["AssemblySample", "PatternSample", "sample_assemblies", "sample_patterns", "sample_states"]
