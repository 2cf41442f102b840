"""Draws with exactly the probabilities of the laws; and the reference simulator, which nothing else needs."""

from exactav.sampling.assemblies import AssemblySample as AssemblySample
from exactav.sampling.assemblies import sample_assemblies as sample_assemblies
from exactav.sampling.states import sample_states as sample_states

__all__ = ["AssemblySample", "sample_assemblies", "sample_states"]
