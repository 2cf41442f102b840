"""Draws with exactly the probabilities of the laws; and the reference simulator, which nothing else needs."""

from exactav.sampling.assemblies import AssemblySample as AssemblySample
from exactav.sampling.assemblies import sample_assemblies as sample_assemblies
from exactav.sampling.patterns import PatternSample as PatternSample
from exactav.sampling.patterns import sample_patterns as sample_patterns
from exactav.sampling.states import sample_states as sample_states

__all__ = ["AssemblySample", "PatternSample", "sample_assemblies", "sample_patterns", "sample_states"]
