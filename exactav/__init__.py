"""Exact mathematics of avalanches in recurrent networks of spiking units.

Given a weight matrix, exactav computes, in exact rationals, algebraic numbers or symbols, the probability of
every avalanche: which units fire (assembly), in which generations (pattern), how many (size), how long
(duration). Theory: M. Schuenemann, U. Ernst, M. Kessebohmer, arXiv:2202.02520.

>>> import exactav as ea
>>> law = ea.size_law(ea.families.ring(5, "4/5"))
>>> law[5], law.mean()
(80/341, 31/11)

How to read the code, in this order; each module uses only those before it:

    errors, expressions, digits, arithmetic   exact entries and the domains they live in
    kernels                                   one determinant, one batch of them, one recursion over sets
    system, network, families, interchange    the model, ready networks, files and graphs
    laplacian                                 tree and forest weights of one set
    engines                                   sums over all sets, and what they cost
    latex, laws                               immutable laws, and what the Green matrix gives
    checks, listing, derivation, formulas     theorems and closed forms with checks that can fail
    phase_space                               the inhabited region, and the torus it tiles
    sampling, stationary, sequences           draws with exactly their probabilities; steps in a row
    simulate, report, cli                     cross-validation, and the command line
"""

from exactav import errors, families, formulas
from exactav.digits import evaluate_exact as evaluate
from exactav.interchange import from_networkx, read_network, to_networkx
from exactav.laplacian import forest_weight, induced_laplacian, tree_weight
from exactav.latex import document as latex_document
from exactav.laws.assembly import AssemblyLaw, assembly_latex, assembly_law, assembly_probability
from exactav.laws.composition import CompositionLaw, composition_law
from exactav.laws.counting import plan
from exactav.laws.duration import DurationLaw, SizeDurationLaw, duration_law, size_duration_law
from exactav.laws.floats import FloatLaw
from exactav.laws.marginals import (
    avalanche_probability,
    firing_rates,
    firings_per_input,
    green_matrix,
    mean_second_generation,
    mean_size,
    participation,
    participation_overall,
)
from exactav.laws.pattern import PatternLaw, pattern_law, pattern_probability
from exactav.laws.size import ObservedSizeLaw, SizeLaw, size_law
from exactav.network import Network
from exactav.phase_space.ergodicity import Ergodicity, coset_law, ergodicity
from exactav.phase_space.region import is_inhabited
from exactav.sampling import AssemblySample, sample_assemblies
from exactav.sequences import (
    SequenceLaw,
    WaitingTimeLaw,
    autocorrelation,
    sample_sequences,
    sequence_law,
    waiting_time_law,
)
from exactav.simulate import simulate
from exactav.stationary import sample_states

__version__ = "0.1.0"

__all__ = [
    "AssemblyLaw",
    "AssemblySample",
    "CompositionLaw",
    "DurationLaw",
    "Ergodicity",
    "FloatLaw",
    "Network",
    "ObservedSizeLaw",
    "PatternLaw",
    "SequenceLaw",
    "SizeDurationLaw",
    "SizeLaw",
    "WaitingTimeLaw",
    "assembly_latex",
    "assembly_law",
    "assembly_probability",
    "autocorrelation",
    "avalanche_probability",
    "composition_law",
    "coset_law",
    "duration_law",
    "ergodicity",
    "errors",
    "evaluate",
    "families",
    "firing_rates",
    "firings_per_input",
    "forest_weight",
    "formulas",
    "from_networkx",
    "green_matrix",
    "induced_laplacian",
    "is_inhabited",
    "latex_document",
    "mean_second_generation",
    "mean_size",
    "participation",
    "participation_overall",
    "pattern_law",
    "pattern_probability",
    "plan",
    "read_network",
    "sample_assemblies",
    "sample_sequences",
    "sample_states",
    "sequence_law",
    "simulate",
    "size_duration_law",
    "size_law",
    "to_networkx",
    "tree_weight",
    "waiting_time_law",
]
