"""The command that says what is installed, and whether it computes what it should."""

import json
from typing import Any

import click

from exactav.command.group import cli, working
from exactav.command.installation import facts
from exactav.command.rendering import JSON_FORMAT, plain_table, say, show
from exactav.command.self_check import Compared, compared, stored

_VERDICTS = {True: "pass", False: "FAIL"}


@cli.command()
@click.option("--quick", is_flag=True, help="The checks alone that take a few seconds in all.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
def doctor(quick: bool, format_: str) -> int:
    """What is installed, what the computer has, and a self-check; exit status 1 if a check fails.

    The self-check takes about a minute. It compares results, by every engine, exactly and in floating point,
    with stored ones that other programs found.
    """
    found = facts()
    if format_ == "table":
        show(plain_table(("what", "is"), list(found.items())))
        say("")
    with working() as progress:
        rows = list(compared(stored(), quick=quick, progress=progress))
    failed = [row for row in rows if not row.agrees]
    if format_ == "json":
        say(json.dumps(_data(found, rows), indent=2))
    else:
        table = [(row.what, row.road, _VERDICTS[row.agrees], row.said) for row in rows]
        show(plain_table(("check", "by", "result", "time, or what is wrong"), table))
        say("")
        say(_verdict(len(rows), len(failed)))
    return int(bool(failed))


def _verdict(n_checks: int, n_failed: int) -> str:
    if not n_failed:
        return f"all {n_checks} checks pass"
    return (
        f"{n_failed} of {n_checks} checks FAIL, so do not rely on results of this installation. Install "
        "exactav and its packages anew; if that does not help, report it with all of this output"
    )


def _data(found: dict[str, str], rows: list[Compared]) -> dict[str, Any]:
    checks = [
        {
            "check": row.what,
            "by": row.road,
            "passes": row.agrees,
            "said": "" if row.agrees else row.said,
            "seconds": round(row.seconds, 3),
        }
        for row in rows
    ]
    return {
        "format": JSON_FORMAT,
        "installation": found,
        "checks": checks,
        "passes": all(row.agrees for row in rows),
    }
