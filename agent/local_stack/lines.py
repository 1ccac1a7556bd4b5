"""Bytes of a child's output, as lines that may be shown.

Not `StreamReader.readline`: that fails on a line longer than its buffer, and one part's odd output
must not end the stack.
"""

import codecs
import re

LONGEST = 16_384
"""Characters after which a line is cut."""
# Everything a terminal would obey except colours: logs hold what strangers sent.
_OBEYED = re.compile(r"\x1b\[[0-9;:?]*[A-Za-ln-z@`~]|\x1b[^\[]|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]")


class LineSplitter:
    """Collects chunks of bytes and gives back whole lines, safe to print."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""

    def feed(self, chunk: bytes) -> list[str]:
        """Return the lines that `chunk` completes."""
        *whole, self._rest = (self._rest + self._decoder.decode(chunk)).split("\n")
        while len(self._rest) > LONGEST:
            whole.append(self._rest[:LONGEST])
            self._rest = self._rest[LONGEST:]
        return [_clean(line) for line in whole]

    def close(self) -> list[str]:
        """Return what is left without a newline at its end."""
        rest, self._rest = self._rest + self._decoder.decode(b"", final=True), ""
        return [_clean(rest)] if rest else []


def _clean(line: str) -> str:
    return _OBEYED.sub("", line.rstrip("\r")).rstrip()
