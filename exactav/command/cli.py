"""The command ``exactav``: parse, call, print; no mathematics.

Exit status: 0 done; 1 refused as too costly, undecided, or a comparison that disagrees; 2 wrong input or
usage. Errors are one line on standard error.
"""

import shlex
import sys
import warnings
from collections.abc import Sequence

import click

from exactav.command.group import cli
from exactav.command.rendering import printable
from exactav.errors import (
    CheckFailedError,
    ExactavError,
    FloatRangeError,
    IgnoredWarning,
    RefutedError,
    TooCostlyError,
    UndecidedError,
    WorkerLostError,
)

_STATUS_1 = (
    TooCostlyError,
    FloatRangeError,
    UndecidedError,
    CheckFailedError,
    RefutedError,
    WorkerLostError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    if sys.stdout is None:
        return _fail("standard output is closed: send it to a file, or to /dev/null", 2)
    sys.set_int_max_str_digits(0)  # exact results may have any number of digits
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", IgnoredWarning)
            given = sys.argv[1:] if arguments is None else [*arguments]
            asked = shlex.join(["exactav", *given])  # which pages say
            result = cli.main(given, prog_name="exactav", standalone_mode=False, obj=asked)
        _pass_on(said)
    except click.exceptions.Abort:
        return _fail("interrupted", 1)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        return _fail(error.format_message(), 2)
    except _STATUS_1 as error:
        return _fail(str(error), 1)
    except (ExactavError, KeyError, OSError, ValueError) as error:
        return _fail(str(error), 2)
    return result if isinstance(result, int) else 0


def _pass_on(said: Sequence[warnings.WarningMessage]) -> None:
    """Say what of a file was not read; other warnings as Python does."""
    for warning in said:
        if issubclass(warning.category, IgnoredWarning):
            click.echo(f"exactav: note: {printable(str(warning.message))}", err=True)
        else:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


def _fail(message: str, status: int) -> int:
    click.echo(f"exactav: error: {printable(' '.join(message.split()))}", err=True)
    return status
