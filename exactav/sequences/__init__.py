"""Several slow steps in a row: joint laws, waiting times, autocorrelation."""

from typing import TYPE_CHECKING

from exactav.deferred import deferred

if TYPE_CHECKING:
    from exactav.sequences.laws import (
        SequenceLaw,
        WaitingTimeLaw,
        autocorrelation,
        sample_sequences,
        sequence_law,
        waiting_time_law,
    )
else:
    __getattr__ = deferred(
        __name__,
        {
            "laws": "SequenceLaw WaitingTimeLaw autocorrelation sample_sequences sequence_law "
            "waiting_time_law",
        },
    )

__all__ = [
    "SequenceLaw",
    "WaitingTimeLaw",
    "autocorrelation",
    "sample_sequences",
    "sequence_law",
    "waiting_time_law",
]
