"""Every error that exactav raises on purpose, in one tree.

Each class is also a child of the builtin a reader would expect, so ``except ValueError`` keeps working. A
message says where the problem is, what came, what was wanted, and what to do. It is one line of printable
text, at most some hundred characters long, whatever it quotes.
"""

from exactav.texts import message


class ExactavError(Exception):
    """Base of all errors raised by exactav on purpose."""

    def __init__(self, *args: object) -> None:
        super().__init__(*(message(arg) if isinstance(arg, str) else arg for arg in args))

    def __str__(self) -> str:
        # KeyError would print the repr of its message.
        return Exception.__str__(self)


class InexactError(ExactavError, TypeError):
    """An entry is a float, or something else whose exact value is not known."""


class ParseError(ExactavError, ValueError):
    """A text is not an expression of the small grammar, or a file is not a network."""


class InvalidNetworkError(ExactavError, ValueError):
    """Weights, thresholds, drive, increment or labels break a condition of the model."""


class SingularNetworkError(InvalidNetworkError):
    """Some units cannot lose what they receive: diag(U) - W is singular."""


class NotRationalError(ExactavError, TypeError):
    """Numbers are irrational or have symbols, and what is asked needs rational ones."""


class OptionError(ExactavError, ValueError):
    """An argument that says what is asked, or how to compute it, is none of those that there are."""


class OtherVersionError(ExactavError, ValueError):
    """A pickle was written by another version of exactav."""


class ArgumentError(ExactavError, TypeError):
    """An argument is of another type than what is asked takes."""


class UnknownNameError(ExactavError, KeyError):
    """A formula, derivation, family or source is asked for that does not exist."""


class UnknownUnitError(ExactavError, KeyError):
    """A unit is named that the network does not have."""


class UnknownOutcomeError(ExactavError, KeyError):
    """A law is asked for something that is no outcome at all."""


class UnknownSymbolError(ExactavError, KeyError):
    """A value is given for a symbol that the network does not have."""


class UnboundSymbolError(ExactavError, ValueError):
    """Digits are wanted of an expression that still has free symbols."""


class MissingIncrementError(ExactavError, ValueError):
    """A question about slow steps is asked of a network without an increment."""


class TooCostlyError(ExactavError, RuntimeError):
    """The estimated cost of a computation is above the allowed cost."""


class FloatRangeError(ExactavError, FloatingPointError):
    """Numbers are too far apart for floating point with a proven bound."""


class UndecidedError(ExactavError, ArithmeticError):
    """A digit, a sign or an equality could not be decided; nothing was guessed."""


class OutputError(ExactavError, OSError):
    """A file cannot be written."""


class CheckpointError(ExactavError, ValueError):
    """A checkpoint is damaged, or belongs to another question."""


class WorkerLostError(ExactavError, RuntimeError):
    """A process or machine that computed a part of something has gone."""


class TooFewError(ExactavError, ValueError):
    """Too few avalanches were simulated to test anything."""


class CheckFailedError(ExactavError, AssertionError):
    """A result contradicts its own check: a defect of exactav, please report it."""


class RefutedError(ExactavError, AssertionError):
    """A claim is false: a check of a formula or a step found where."""


class MissingExtraError(ExactavError, ImportError):
    """A package that an extra of exactav brings is not installed."""


class ErgodicityWarning(UserWarning):
    """Time averages along one trajectory need not converge to the laws."""


class IgnoredWarning(UserWarning):
    """A part of a file is not read."""


class SlowWarning(UserWarning):
    """A package that would make exactav faster is installed but does not work; exact results are the same."""
