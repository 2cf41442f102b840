"""Every reader on its corpus and on damaged seeds: exactav's own errors or none, see tests/fuzz.

The same functions run under a fuzzer in ``.ci/run``, and for hours by hand: tests/fuzz/run.py.
"""

import shutil
from collections.abc import Iterator
from functools import cache

import pytest
from fuzz import guard, rooms, run, seeds
from fuzz.readers import READERS, REFUSALS, corpus, prepare
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import exactav as ea


@pytest.fixture(scope="module", autouse=True)
def _prepared() -> Iterator[None]:
    prepare()
    yield
    shutil.rmtree(guard.FOLDER, ignore_errors=True)


@cache
def every_seed(reader: str) -> list[bytes]:
    return [*(path.read_bytes() for path in corpus(reader)), *seeds.generated(reader)]


@pytest.mark.parametrize("reader", READERS)
def test_the_corpus_is_taken_or_refused(reader: str) -> None:
    taken = [guard.run(READERS[reader], data, REFUSALS) for data in every_seed(reader)]
    assert any(taken)
    assert not all(taken) or reader == "latex"  # of a paper nothing is refused: it is not understood


@st.composite
def damaged(draw: st.DrawFn, reader: str) -> bytes:
    """A seed, of which parts are lost, doubled, or replaced by words and bytes."""
    data = bytearray(draw(st.sampled_from(every_seed(reader))))
    pieces = st.one_of(
        st.sampled_from([word.encode("utf-8", "surrogatepass") for word in seeds.words(reader)]),
        st.binary(max_size=3),
        st.text(max_size=3).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        to = min(len(data), at + draw(st.integers(0, 12)))
        new = draw(st.one_of(pieces, st.just(b""), st.just(2 * bytes(data[at:to]))))
        data[at : draw(st.sampled_from([at, to]))] = new
    return bytes(data)


# The same examples each time: what nobody has seen is for tests/fuzz/run.py to find.
@pytest.mark.parametrize("reader", READERS)
def test_damaged_seeds_are_taken_or_refused(reader: str) -> None:
    @settings(
        max_examples=40,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(damaged(reader))
    def holds(data: bytes) -> None:
        try:
            guard.run(READERS[reader], data, REFUSALS)
        except guard.Finding as finding:
            raise AssertionError(f"{reader}: {finding}, of {data!r}") from finding

    holds()


def test_every_reader_has_rooms_and_words() -> None:
    assert set(READERS) == set(rooms.ROOMS)
    for reader, names in rooms.ROOMS.items():
        assert all(__import__(f"exactav.{name}") for name in names)
        assert all(run.quoted(word).isascii() for word in seeds.words(reader))


def _opens(data: bytes) -> None:
    open(__file__, "rb").close()


def _runs(data: bytes) -> None:
    eval(data.decode())


def _hides(data: bytes) -> None:
    try:
        eval(data.decode())
    except BaseException:
        return


def _hangs(data: bytes) -> None:
    while True:
        pass


@pytest.mark.parametrize(
    ("reader", "message"),
    [
        (_opens, "opens .*test_fuzz.py"),
        (_runs, "compiles .*1 [+] 1"),
        (_hides, "compiles .*1 [+] 1"),
        (lambda data: {}[data], "KeyError in no file of exactav"),
        (lambda data: ea.families.ring(3, "1/2").labels.index(data), "ValueError"),
        (lambda data: __import__("os").system("true"), "os.system"),
        (_hangs, "takes more than"),
    ],
)
def test_the_guard_sees(reader: object, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "SECONDS", 0.1)
    with pytest.raises(guard.Finding, match=message):
        guard.run(reader, b"1 + 1", REFUSALS)  # type: ignore[arg-type]
