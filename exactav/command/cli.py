"""The command ``exactav``: parse, call, print; no mathematics.

Exit status: 0 done; 1 refused as too costly, undecided, or a comparison that disagrees; 2 wrong input or
usage. Errors are one line on standard error.
"""

import shlex
import sys
from collections.abc import Sequence

import click

from exactav.command import checks, laws, theorems  # each adds its commands
from exactav.command.asking import cli
from exactav.command.rendering import printable
from exactav.errors import (
    CheckFailedError,
    ExactavError,
    FloatRangeError,
    RefutedError,
    TooCostlyError,
    UndecidedError,
    WorkerLostError,
)

__all__ = ["checks", "cli", "laws", "main", "theorems"]

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
        given = sys.argv[1:] if arguments is None else [*arguments]
        asked = shlex.join(["exactav", *given])
        result = cli.main(given, prog_name="exactav", standalone_mode=False, obj=asked)
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


def _fail(message: str, status: int) -> int:
    click.echo(f"exactav: error: {printable(' '.join(message.split()))}", err=True)
    return status
