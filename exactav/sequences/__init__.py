"""Several slow steps in a row: joint laws, waiting times, autocorrelation."""

from exactav.sequences.laws import SequenceLaw as SequenceLaw
from exactav.sequences.laws import WaitingTimeLaw as WaitingTimeLaw
from exactav.sequences.laws import autocorrelation as autocorrelation
from exactav.sequences.laws import sample_sequences as sample_sequences
from exactav.sequences.laws import sequence_law as sequence_law
from exactav.sequences.laws import waiting_time_law as waiting_time_law

__all__ = [
    "SequenceLaw",
    "WaitingTimeLaw",
    "autocorrelation",
    "sample_sequences",
    "sequence_law",
    "waiting_time_law",
]
