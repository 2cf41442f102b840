"""The command ``exactav``: parse, call, print; no mathematics.

Exit status: 0 done; 1 refused as too costly, undecided, or a comparison that disagrees; 2 wrong input or
usage; 130 interrupted, 143 terminated. Errors are one line on standard error.
"""

import errno
import shlex
import sys
import warnings
from collections.abc import Sequence

import click

from exactav.command.ending import ended_by_signals, escaped_where_needed, status_of
from exactav.command.group import cli
from exactav.command.rendering import say
from exactav.errors import (
    CheckFailedError,
    ExactavError,
    FloatRangeError,
    IgnoredWarning,
    RefutedError,
    SlowWarning,
    TooCostlyError,
    UndecidedError,
    WorkerLostError,
)
from exactav.texts import message

_STATUS_1 = (
    TooCostlyError,
    FloatRangeError,
    UndecidedError,
    CheckFailedError,
    RefutedError,
    WorkerLostError,
)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    if sys.stdout is None:
        return _fail("standard output is closed: send it to a file, or to /dev/null", 2)
    sys.set_int_max_str_digits(0)  # exact results may have any number of digits
    try:
        with ended_by_signals(), escaped_where_needed():
            return _done(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt as error:  # outside of the command
        return _fail(*status_of(error))


def _done(arguments: Sequence[str]) -> int:
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", IgnoredWarning)
            asked = shlex.join(["exactav", *arguments])  # which pages say
            result = cli.main([*arguments], prog_name="exactav", standalone_mode=False, obj=asked)
        _pass_on(said)
    except click.exceptions.Abort as error:
        return _fail(*status_of(error.__cause__))
    except MemoryError:
        return _fail("the memory has run out: ask for something smaller, or where there is more", 1)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        return _fail(error.format_message(), 2)
    except _STATUS_1 as error:
        return _fail(str(error), 1)
    except OSError as error:
        if error.filename is None and error.errno in _NO_ROOM:
            return _fail(f"cannot write standard output ({error.strerror}): send it elsewhere", 2)
        return _fail(str(error), 2)
    except (ExactavError, KeyError, ValueError) as error:
        return _fail(str(error), 2)
    return result if isinstance(result, int) else 0


def _pass_on(said: Sequence[warnings.WarningMessage]) -> None:
    """Say what of a file was not read, and what makes exactav slow; other warnings as Python does."""
    for warning in said:
        if issubclass(warning.category, IgnoredWarning | SlowWarning):
            say(f"exactav: note: {message(str(warning.message))}", err=True)
        else:
            warnings.warn_explicit(
                message(str(warning.message)), warning.category, warning.filename, warning.lineno
            )


def _fail(said: str, status: int) -> int:
    say(f"exactav: error: {message(' '.join(said.split()))}", err=True)
    return status
