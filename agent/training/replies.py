"""Reads the labelled replies: one JSON object a line, one file a situation.

Those in `replies/` are judged by themselves, as they would be after most lines. Those in `answers/`
come five to a line, alike in words and apart in worth, and are judged as answers to it; whoever
does not hear the line must not learn from them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.mind.lexicon import Signal
from agent.protocol import Score, Skill

FOLDER = Path(__file__).parent / "replies"
ANSWERS = Path(__file__).parent / "answers"
ShortSkill = Literal["tone", "listening", "calm", "clarity", "safety", "resolution"]
SKILLS: dict[ShortSkill, Skill] = {
    "tone": Skill.TONE,
    "listening": Skill.LISTENING,
    "calm": Skill.CALM,
    "clarity": Skill.CLARITY,
    "safety": Skill.SAFETY,
    "resolution": Skill.RESOLUTION,
}
"""The skills by the short names the files use."""


class LabelledReply(BaseModel):
    """A reply with what each of its sentences does and what the whole is worth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: Literal["patient", "subject"]
    line: str
    """What the persona said before."""
    reply: Annotated[tuple[tuple[str, tuple[Signal, ...]], ...], Field(min_length=1)]
    """Sentences, each with the signals it carries by its meaning."""
    overall: Score
    skills: dict[ShortSkill, Score | None]
    """None: the reply gave no chance to show it."""
    style: str
    """The way of talking it was written to show, for figures by kind of reply."""
    situation: str = ""
    """The file it stands in."""

    def text(self) -> str:
        """Return the reply as it would be heard."""
        return " ".join(sentence for sentence, _ in self.reply)


def read_replies(folder: Path = FOLDER) -> Iterator[LabelledReply]:
    """Yield every labelled reply of a folder; raises `ValueError` naming file and line of a broken
    one."""
    for path in sorted(folder.glob("*.jsonl")):
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not row.strip():
                continue
            try:
                reply = LabelledReply.model_validate_json(row)
            except ValueError as error:
                raise ValueError(f"{path.name}:{number}: {error}") from error
            yield reply.model_copy(update={"situation": path.stem})
