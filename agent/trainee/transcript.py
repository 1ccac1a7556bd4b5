"""What was said by whom, pieced together from LiveKit's transcription streams.

The persona's words come as one stream a segment that grows; the trainee's come as whole streams
that replace one another until one is final.
"""

from dataclasses import dataclass, field
from typing import Literal

Speaker = Literal["persona", "trainee"]


@dataclass(slots=True)
class Segment:
    """A piece of speech as text."""

    id: str
    speaker: Speaker
    text: str = ""
    final: bool = False


@dataclass
class Transcript:
    """All segments in the order they began."""

    segments: list[Segment] = field(default_factory=list)
    _read: int = 0

    def put(self, segment_id: str, speaker: Speaker, text: str, *, final: bool) -> None:
        """Take in the text of a segment as it now stands."""
        for known in reversed(self.segments):
            if known.id == segment_id and known.speaker == speaker:
                known.text, known.final = text, known.final or final
                return
        self.segments.append(Segment(segment_id, speaker, text, final))

    def complete(self) -> bool:
        """Tell whether every segment of the persona not yet read is final."""
        return all(each.final for each in self.segments[self._read :] if each.speaker == "persona")

    def has_unread(self) -> bool:
        """Tell whether the persona said something since the last `read`."""
        return any(each.speaker == "persona" for each in self.segments[self._read :])

    def heard(self) -> str:
        """Return what was understood of the trainee since the last `read`; empty: nothing yet."""
        return self._text("trainee", only_final=True)

    def read(self) -> str:
        """Return what the persona said since the last `read`."""
        text = self._text("persona", only_final=False)
        self._read = len(self.segments)
        return text

    def _text(self, speaker: Speaker, *, only_final: bool) -> str:
        texts = (
            each.text.strip()
            for each in self.segments[self._read :]
            if each.speaker == speaker and (each.final or not only_final)
        )
        whole = ""
        for text in filter(None, texts):
            # A persona that was interrupted leaves a sentence without an end.
            broken = speaker == "persona" and whole and whole[-1] not in ".!?…"
            whole += ("… " if broken else " ") + text
        return whole.strip()
