"""What children print may be anything; what is shown is whole lines a terminal can bear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.local_stack.lines import LONGEST, LineSplitter

pytestmark = pytest.mark.unit


def split(*chunks: bytes) -> list[str]:
    splitter = LineSplitter()
    return [line for chunk in chunks for line in splitter.feed(chunk)] + splitter.close()


@pytest.mark.parametrize(
    ("chunks", "lines"),
    [
        pytest.param([b"one\ntwo\n"], ["one", "two"], id="whole lines"),
        pytest.param([b"o", b"ne\nt", b"wo"], ["one", "two"], id="lines cut into chunks"),
        pytest.param([b"one\r\n"], ["one"], id="lines of other systems"),
        pytest.param(["grüß".encode()[:3], "grüß".encode()[3:]], ["grüß"], id="a cut letter"),
        pytest.param([b"\xff\xfe\n"], ["\ufffd\ufffd"], id="not text at all"),
        pytest.param([b"\x1b[32mgreen\x1b[0m\n"], ["\x1b[32mgreen\x1b[0m"], id="colours stay"),
        pytest.param([b"\x1b[2J\x1b]0;title\x07gone\n"], ["0;titlegone"], id="orders go"),
    ],
)
def test_chunks_become_lines(chunks: list[bytes], lines: list[str]) -> None:
    assert split(*chunks) == lines


def test_a_line_without_end_is_cut_instead_of_kept_for_ever() -> None:
    splitter = LineSplitter()

    lines = splitter.feed(b"x" * (LONGEST * 3 + 5))

    assert [len(line) for line in lines] == [LONGEST] * 3
    assert splitter.close() == ["xxxxx"]


@given(st.text(alphabet=st.characters(categories=["L", "N"])), st.integers(1, 7))
def test_text_survives_any_cutting(text: str, size: int) -> None:
    data = text.encode()

    lines = split(*(data[at : at + size] for at in range(0, len(data), size)))

    assert "".join(lines) == text
