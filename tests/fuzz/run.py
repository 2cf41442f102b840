"""Every reader under a fuzzer that is led by coverage, until time is over.

    .venv/bin/pip install atheris
    .venv/bin/python tests/fuzz/run.py [READER ...] [--seconds 30] [--memory 1500] [--jobs 2]

One process a reader: libFuzzer changes seeds (those under ``corpus``, and what writers write), keeps what
reaches new branches, and gives it to the reader, which may refuse it with an error of exactav and do nothing
else, see guard.py. Inputs that do more are kept under ``found``, the shortest of each place; mended, they
belong into ``corpus``, which tests/test_fuzz.py goes through.

What was reached is kept in ``work``: a later run goes on from there until the seconds are over, and its
report.json and report.txt tell of all runs together. Ctrl-C and SIGTERM end with the report. The exit status
is 1 if anything was found.
"""

import argparse
import importlib
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FOUND = HERE / "found"
_PIECE = 300  # seconds of a process, then the report is written and the next goes on
_HANG = 60  # seconds of the clock until libFuzzer ends a process; guard.py counts those of the processor
_LONGEST = 4096  # bytes of an input
_TOLD = 1000  # bytes of a found one in the report
_FIGURES = {
    "executions": r"stat::number_of_executed_units:\s+(\d+)",
    "peak_mb": r"stat::peak_rss_mb:\s+(\d+)",
    "slowest_seconds": r"stat::slowest_unit_time_sec:\s+(\d+)",
}

_stop = threading.Event()


def fuzz(reader: str, work: Path, options: Sequence[str]) -> None:
    """Runs libFuzzer in this process, which it ends."""
    atheris: Any = importlib.import_module("atheris")
    rooms = importlib.import_module("fuzz.rooms").ROOMS[reader]
    package = HERE.parents[1] / "exactav"
    files = [file.relative_to(package.parent).with_suffix("") for file in package.rglob("*.py")]
    modules = sorted(".".join(file.parts).removesuffix(".__init__") for file in files)
    wanted = [m for m in modules if any(f"{m}.".startswith(f"exactav.{room}.") for room in rooms)]
    with atheris.instrument_imports(include=["exactav"], exclude=sorted({*modules} - {*wanted})):
        readers = importlib.import_module("fuzz.readers")
        for module in wanted:  # those that are loaded late, too
            importlib.import_module(module)
    guard = importlib.import_module("fuzz.guard")
    readers.prepare()
    function = readers.READERS[reader]
    counts: dict[str, float] = {"taken": 0, "refused": 0, "found": 0}
    begun, told = time.process_time(), time.monotonic()

    def once(data: bytes) -> None:
        nonlocal told
        try:
            counts["taken" if guard.run(function, data, readers.REFUSALS) else "refused"] += 1
        except guard.Finding as finding:
            counts["found"] += 1
            keep(reader, data, finding, guard.place_of(finding))
        if time.monotonic() - told > 1:
            told = time.monotonic()
            counts["seconds"] = time.process_time() - begun
            (work / "counts.json").write_text(json.dumps(counts), encoding="utf-8")

    of_json = importlib.import_module("fuzz.mutators").of_json
    mutate = of_json(lambda data, most: atheris.Mutate(data, most))
    mutated = {"custom_mutator": mutate} if reader in ("json", "law", "checkpoint") else {}
    atheris.Setup([sys.argv[0], *options], once, internal_libfuzzer=True, **mutated)
    atheris.Fuzz()


def keep(reader: str, data: bytes, finding: BaseException, place: str) -> None:
    """Save an input under ``found``, unless a shorter one of the same place is there."""
    FOUND.mkdir(exist_ok=True)
    path = FOUND / f"{reader}-{sha256(place.encode()).hexdigest()[:10]}"
    if not path.exists() or len(data) < path.stat().st_size:
        path.write_bytes(data)
        path.with_suffix(".txt").write_text(f"{finding}\n", encoding="utf-8", errors="backslashreplace")


def run(
    reader: str, work: Path, seconds: float, memory: int, more: Sequence[str], told: Callable[[], None]
) -> dict[str, Any]:
    """Fuzz a reader until it had so long in all runs, process after process; returns its figures.

    The seconds are those of the processor, so that a run at low priority beside other work counts right.
    ``more`` are options of libFuzzer.
    """
    seeds = importlib.import_module("fuzz.seeds")
    folder = work / reader
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    (folder / "seeds").mkdir(exist_ok=True)
    for number, seed in enumerate(seeds.generated(reader)):
        (folder / "seeds" / f"{number:02}").write_bytes(seed)
    (folder / "words.txt").write_text(
        "".join(f"{quoted(word)}\n" for word in seeds.words(reader)), encoding="ascii"
    )
    figures = _read(folder / "figures.json") or {
        "reader": reader,
        "seconds": 0.0,
        "executions": 0,
        "taken": 0,
        "ends": {},
    }
    while not _stop.is_set() and (left := seconds - figures["seconds"]) >= min(10, seconds / 5):
        options = [
            *(str(folder / "corpus"), str(folder / "seeds"), str(HERE / "corpus" / reader)),
            f"-max_total_time={min(round(left), _PIECE)}",
            *(
                f"-rss_limit_mb={memory}",
                f"-timeout={_HANG}",
                f"-max_len={_LONGEST}",
                f"-dict={folder / 'words.txt'}",
            ),
            *(
                "-print_final_stats=1",
                "-len_control=10",
                "-report_slow_units=1000",
                f"-artifact_prefix={FOUND}/{reader}-",
            ),
            *more,
        ]
        said = _process(
            [sys.executable, __file__, "--child", reader, str(folder), *options], folder / "log.txt"
        )
        counts = _read(folder / "counts.json") or {"seconds": 1}  # of one that ended at once
        figures["seconds"] += counts.pop("seconds")
        _add(figures, said, counts, len(list((folder / "corpus").iterdir())))
        (folder / "counts.json").unlink(missing_ok=True)
        (folder / "figures.json").write_text(json.dumps(figures), encoding="utf-8")
        told()
    return figures


def _process(command: list[str], log: Path) -> str:
    """Runs until it ends by itself or all is to stop; what it said."""
    FOUND.mkdir(exist_ok=True)
    with log.open("wb") as file:
        child = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, start_new_session=True)
        while child.poll() is None:
            if _stop.wait(0.2):
                child.send_signal(signal.SIGINT)
                break
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    importlib.import_module("fuzz.guard").clean(child.pid)
    return f"{log.read_text(encoding='utf-8', errors='replace')}\nexit status {child.returncode}\n"


def _add(figures: dict[str, Any], said: str, counts: dict[str, int], kept: int) -> None:
    for name, pattern in _FIGURES.items():
        found = [int(number) for number in re.findall(pattern, said)]
        if name == "executions":
            figures[name] += found[-1] if found else sum(counts.values())
        else:
            figures[name] = max([figures.get(name, 0), *found])
    branches = [int(number) for number in re.findall(r" cov: (\d+)", said)]
    figures["branches"] = max([figures.get("branches", 0), *branches])
    figures["taken"] += counts.get("taken", 0)
    figures["kept"] = kept
    status = re.findall(r"exit status (-?\d+)", said)[-1]
    ends = {"0": "time is over", "70": "hang", "71": "memory"}
    stopped = dict.fromkeys(("72", "130", "-2"), "stopped")  # by libFuzzer, by Python, by the signal
    end = (ends | stopped).get(status, f"status {status}")
    if end.startswith(
        "status"
    ):  # neither the reader nor libFuzzer: the harness, or a crash of the interpreter
        said_last = said.strip().splitlines()[-3:]
        (FOUND / f"{figures['reader']}-{end.replace(' ', '-')}.txt").write_text(
            "\n".join(said_last), encoding="utf-8"
        )
    figures["ends"][end] = figures["ends"].get(end, 0) + 1


def quoted(word: str) -> str:
    """A word as dictionaries of libFuzzer have it."""
    data = word.encode("latin-1") if word.startswith("\x93") else word.encode()
    inside = "".join(chr(c) if 32 <= c < 127 and chr(c) not in '"\\' else f"\\x{c:02x}" for c in data)
    return f'"{inside}"'


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def found() -> dict[str, str]:
    """What is kept as found: by file, what was wrong with it."""
    if not FOUND.exists():
        return {}
    said = {path.stem: path.read_text(encoding="utf-8").strip() for path in FOUND.glob("*.txt")}
    names = sorted({path.stem for path in FOUND.iterdir()})
    return {name: f"{said.get(name, 'ended the process')} {_input(FOUND / name)}" for name in names}


def _input(path: Path) -> str:
    """What was given, where only the report is kept (as by CI)."""
    return f"(of {path.read_bytes()[:_TOLD]!r})" if path.is_file() else "(no input kept)"


def report(work: Path) -> str:
    """Writes and returns what all runs found."""
    rows = [row for path in sorted(work.glob("*/figures.json")) if (row := _read(path))]
    content: dict[str, Any] = {"readers": rows, "found": found()}
    (work / "report.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    columns = (
        "reader",
        "seconds",
        "executions",
        "taken",
        "branches",
        "kept",
        "peak_mb",
        "slowest_seconds",
        "ends",
    )
    lines = [f"{columns[0]:12}" + "".join(f"{name:>16}" for name in columns[1:])]
    for row in rows:
        row = row | {
            "seconds": round(row["seconds"]),
            "ends": ", ".join(f"{n} {end}" for end, n in row["ends"].items()),
        }
        lines.append(f"{row['reader']:12}" + "".join(f"{row.get(name, ''):>16}" for name in columns[1:]))
    lines += [f"FOUND {name}: {said}" for name, said in content["found"].items()] or ["nothing found"]
    text = "\n".join(lines) + "\n"
    (work / "report.txt").write_text(text, encoding="utf-8")
    return text


def main() -> int:
    if sys.argv[1:2] == ["--child"]:
        fuzz(sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
        return 0
    known = list(importlib.import_module("fuzz.rooms").ROOMS)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "readers", nargs="*", metavar="READER", help=f"some of {', '.join(known)}; all if none is given"
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=30,
        help="of the processor, for each reader, in all runs together (30)",
    )
    parser.add_argument("--memory", type=int, default=1500, help="MB that a process may take (1500)")
    parser.add_argument("--seed", type=int, default=0, help="of chance; 0 for another one each time (0)")
    parser.add_argument("--jobs", type=int, default=2, help="readers at a time (2)")
    parser.add_argument(
        "--work", type=Path, default=HERE / "work", help="where it is kept what was reached (work)"
    )
    options = parser.parse_args()
    if unknown := set(options.readers) - set(known):
        parser.error(f"no such reader: {', '.join(sorted(unknown))}")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _stop.set())
    options.work.mkdir(parents=True, exist_ok=True)
    lock = threading.Lock()

    def told() -> None:
        with lock:
            report(options.work)

    with ThreadPoolExecutor(options.jobs) as pool:
        work = [
            pool.submit(
                run, reader, options.work, options.seconds, options.memory, [f"-seed={options.seed}"], told
            )
            for reader in options.readers or known
        ]
        for future in work:
            while not future.done():  # in pieces, for signals
                time.sleep(0.1)
            future.result()
    print(report(options.work), end="")
    return int(bool(found()))


if __name__ == "__main__":
    sys.path[0] = str(HERE.parent)
    sys.exit(main())
