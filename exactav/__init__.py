"""Exact mathematics of avalanches in recurrent networks of spiking units.

Given a weight matrix, exactav computes, in exact rationals, algebraic numbers or symbols, the probability of
every avalanche: which units fire (assembly), in which generations (pattern), how many (size), how long
(duration). Theory: M. Schuenemann, U. Ernst, M. Kessebohmer, arXiv:2202.02520.

>>> import exactav as ea
>>> law = ea.size_law(ea.families.ring(5, "4/5"))
>>> law[5], law.mean()
(80/341, 31/11)

How to read the code: each room uses only those before it.

    deferred                 names whose modules are loaded when they are asked for
    errors                   one tree of errors
    pickles, deprecation     what versions write and read; old names
    numbers                  exact entries, the domains they live in, digits
    running                  tasks, checkpoints, workers, files
    kernels                  one determinant, one batch of them, one recursion over sets
    showing                  LaTeX, pictures
    proofs                   checks that can fail, derivations
    network, interchange     the model, ready networks, files and graphs
    engines                  sums over all sets, and what they cost
    laws                     immutable laws, and what the Green matrix gives
    formulas                 closed forms with checks
    conjectures              counterexamples, proofs for few units, equal laws
    lattices                 avalanches in periodic networks without end
    phase_space              the inhabited region, and the torus it tiles
    sampling, sequences      draws with exactly their probabilities; steps in a row
    papers                   the equations of a LaTeX file, checked
    command                  the command line
"""

from typing import TYPE_CHECKING

from exactav.deferred import deferred
from exactav.deprecation import keep_old_names

if TYPE_CHECKING:
    from exactav import errors, formulas, lattices, phase_space, proofs
    from exactav.conjectures.results import NotRefuted, ProvedUpTo, Refuted
    from exactav.conjectures.same_law import SameLaw, same_law
    from exactav.conjectures.search import conjecture
    from exactav.engines.plan import Plan
    from exactav.formulas.strips.functions import GeneratingFunction
    from exactav.formulas.strips.strip import Strip
    from exactav.interchange import from_networkx, read_network, to_networkx
    from exactav.laws.assembly import AssemblyLaw, assembly_latex, assembly_law, assembly_probability
    from exactav.laws.avalanche import avalanche_probability
    from exactav.laws.composition import CompositionLaw, composition_law
    from exactav.laws.counting import plan
    from exactav.laws.counts import count_correlation, count_covariance, fano_factors
    from exactav.laws.documents import from_json
    from exactav.laws.duration import DurationLaw, SizeDurationLaw, duration_law, size_duration_law
    from exactav.laws.generations import mean_generations
    from exactav.laws.images import ValueLaw, WholeValueLaw
    from exactav.laws.joint import JointLaw
    from exactav.laws.law import FloatLaw, Law
    from exactav.laws.marginals import (
        branching_ratio,
        firing_rates,
        firings_per_input,
        green_matrix,
        mean_second_generation,
        mean_size,
        participation,
        participation_overall,
    )
    from exactav.laws.near_threshold import NearThresholdLaw, near_threshold, near_threshold_law
    from exactav.laws.numeric import NumericLaw
    from exactav.laws.participating import plot_participation
    from exactav.laws.pattern import PatternLaw, pattern_law, pattern_probability
    from exactav.laws.size import ObservedSizeLaw, SizeLaw, TruncatedSizeLaw, size_law
    from exactav.laws.started import StartLaw, start_law
    from exactav.laws.state import StateLaw, state_law
    from exactav.laws.truncated import MoreThan
    from exactav.laws.waves import WaveLaw, WaveSizeLaw, last_wave_law, mean_waves, wave_law
    from exactav.network import families
    from exactav.network.annealed import annealed
    from exactav.network.inputs import Drive
    from exactav.network.laplacian import forest_weight, induced_laplacian, tree_weight
    from exactav.network.network import Network
    from exactav.numbers.digits import evaluate_exact as evaluate
    from exactav.numbers.solving import Solution, Solutions, solve
    from exactav.papers.paper import PaperCheck, PaperRow, check_paper
    from exactav.phase_space.ergodicity import Ergodicity, coset_law, ergodicity
    from exactav.phase_space.region import is_inhabited
    from exactav.running.limits import limits
    from exactav.sampling.assemblies import AssemblySample, Estimate, sample_assemblies
    from exactav.sampling.comparison import Comparison
    from exactav.sampling.near_threshold import sample_near_threshold
    from exactav.sampling.patterns import PatternSample, sample_patterns
    from exactav.sampling.simulate import Simulation, simulate
    from exactav.sampling.states import sample_states
    from exactav.sequences.laws import (
        SequenceLaw,
        WaitingTimeLaw,
        autocorrelation,
        sample_sequences,
        sequence_law,
        waiting_time_law,
    )
    from exactav.showing.latex import document as latex_document

__version__ = "0.2.0"

keep_old_names()

__all__ = [
    "AssemblyLaw",
    "AssemblySample",
    "Comparison",
    "CompositionLaw",
    "Drive",
    "DurationLaw",
    "Ergodicity",
    "Estimate",
    "FloatLaw",
    "GeneratingFunction",
    "JointLaw",
    "Law",
    "MoreThan",
    "NearThresholdLaw",
    "Network",
    "NotRefuted",
    "NumericLaw",
    "ObservedSizeLaw",
    "PaperCheck",
    "PaperRow",
    "PatternLaw",
    "PatternSample",
    "Plan",
    "ProvedUpTo",
    "Refuted",
    "SameLaw",
    "SequenceLaw",
    "Simulation",
    "SizeDurationLaw",
    "SizeLaw",
    "Solution",
    "Solutions",
    "StartLaw",
    "StateLaw",
    "Strip",
    "TruncatedSizeLaw",
    "ValueLaw",
    "WaitingTimeLaw",
    "WaveLaw",
    "WaveSizeLaw",
    "WholeValueLaw",
    "annealed",
    "assembly_latex",
    "assembly_law",
    "assembly_probability",
    "autocorrelation",
    "avalanche_probability",
    "branching_ratio",
    "check_paper",
    "composition_law",
    "conjecture",
    "coset_law",
    "count_correlation",
    "count_covariance",
    "duration_law",
    "ergodicity",
    "errors",
    "evaluate",
    "families",
    "fano_factors",
    "firing_rates",
    "firings_per_input",
    "forest_weight",
    "formulas",
    "from_json",
    "from_networkx",
    "green_matrix",
    "induced_laplacian",
    "is_inhabited",
    "last_wave_law",
    "latex_document",
    "lattices",
    "limits",
    "mean_generations",
    "mean_second_generation",
    "mean_size",
    "mean_waves",
    "near_threshold",
    "near_threshold_law",
    "participation",
    "participation_overall",
    "pattern_law",
    "pattern_probability",
    "phase_space",
    "plan",
    "plot_participation",
    "proofs",
    "read_network",
    "same_law",
    "sample_assemblies",
    "sample_near_threshold",
    "sample_patterns",
    "sample_sequences",
    "sample_states",
    "sequence_law",
    "simulate",
    "size_duration_law",
    "size_law",
    "solve",
    "start_law",
    "state_law",
    "to_networkx",
    "tree_weight",
    "waiting_time_law",
    "wave_law",
]

if not TYPE_CHECKING:  # to type checkers it would say that there are all names
    __getattr__ = deferred(
        __name__,
        {
            "conjectures.results": "NotRefuted ProvedUpTo Refuted",
            "conjectures.same_law": "SameLaw same_law",
            "conjectures.search": "conjecture",
            "engines.plan": "Plan",
            "errors": "errors=",
            "formulas": "formulas=",
            "formulas.strips.functions": "GeneratingFunction",
            "formulas.strips.strip": "Strip",
            "interchange": "from_networkx read_network to_networkx",
            "lattices": "lattices=",
            "laws.assembly": "AssemblyLaw assembly_latex assembly_law assembly_probability",
            "laws.avalanche": "avalanche_probability",
            "laws.composition": "CompositionLaw composition_law",
            "laws.counting": "plan",
            "laws.counts": "count_correlation count_covariance fano_factors",
            "laws.documents": "from_json",
            "laws.duration": "DurationLaw SizeDurationLaw duration_law size_duration_law",
            "laws.generations": "mean_generations",
            "laws.images": "ValueLaw WholeValueLaw",
            "laws.joint": "JointLaw",
            "laws.law": "FloatLaw Law",
            "laws.marginals": "branching_ratio firing_rates firings_per_input green_matrix "
            "mean_second_generation mean_size participation participation_overall",
            "laws.near_threshold": "NearThresholdLaw near_threshold near_threshold_law",
            "laws.numeric": "NumericLaw",
            "laws.participating": "plot_participation",
            "laws.pattern": "PatternLaw pattern_law pattern_probability",
            "laws.size": "ObservedSizeLaw SizeLaw TruncatedSizeLaw size_law",
            "laws.started": "StartLaw start_law",
            "laws.state": "StateLaw state_law",
            "laws.truncated": "MoreThan",
            "laws.waves": "WaveLaw WaveSizeLaw last_wave_law mean_waves wave_law",
            "network.annealed": "annealed",
            "network.families": "families=",
            "network.inputs": "Drive",
            "network.laplacian": "forest_weight induced_laplacian tree_weight",
            "network.network": "Network",
            "numbers.digits": "evaluate=evaluate_exact",
            "numbers.solving": "Solution Solutions solve",
            "papers.paper": "PaperCheck PaperRow check_paper",
            "phase_space": "phase_space=",
            "phase_space.ergodicity": "Ergodicity coset_law ergodicity",
            "phase_space.region": "is_inhabited",
            "proofs": "proofs=",
            "running.limits": "limits",
            "sampling.assemblies": "AssemblySample Estimate sample_assemblies",
            "sampling.comparison": "Comparison",
            "sampling.near_threshold": "sample_near_threshold",
            "sampling.patterns": "PatternSample sample_patterns",
            "sampling.simulate": "Simulation simulate",
            "sampling.states": "sample_states",
            "sequences.laws": "SequenceLaw WaitingTimeLaw autocorrelation "
            "sample_sequences sequence_law waiting_time_law",
            "showing.latex": "latex_document=document",
        },
    )


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
