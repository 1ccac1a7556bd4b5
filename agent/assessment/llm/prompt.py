"""Builds what the model is asked: the material first, as data, the rubric and the task last.

What was said in the room is put between tags it cannot close, and is rid of talk about marks. Of
the scenario only the card is told: secrets that came to light stand in the lines that told them.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

import yaml

from agent.assessment.llm.answer import ABSENT, levels_of
from agent.assessment.pleas import without_pleas
from agent.assessment.rubric import Criterion, Rubric
from agent.encounter import Reply
from agent.mind.lexicon import Lexicon
from personas.model import Scenario

Message = dict[str, str]
"""A chat message: its role and its content."""

_FILE = Path(__file__).parent / "prompt.yaml"
_BEFORE = 6
"""Exchanges told as context."""
_LONGEST_REPLY = 6000
_LONGEST_LINE = 600
"""Characters; more is cut at a word, so that nobody can run up the bill by pasting a book."""
_NO_TAGS = str.maketrans("<>[]", "‹›()")
"""Brackets that open tags, or the turns of a chat template, and what is written instead."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The words around the material, and their version."""

    version: str
    system: str
    user: Template


@cache
def load_prompt() -> Prompt:
    """Return the prompt as it stands in its file."""
    words = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return Prompt(words["version"], words["system"].strip(), Template(words["user"].strip()))


def plain(text: str) -> str:
    """Return text on one line in its usual characters: what hides words from a reader of patterns,
    such as wide letters and invisible ones, is undone."""
    usual = unicodedata.normalize("NFKC", text)
    shown = "".join(
        " " if unicodedata.category(letter) == "Cc" else letter
        for letter in usual
        if unicodedata.category(letter) != "Cf"
    )
    return " ".join(shown.split())


def messages(
    reply: Reply,
    rubric: Rubric,
    lexicon: Lexicon,
    *,
    previous: Sequence[Reply] = (),
    scenario: Scenario | None = None,
) -> list[Message]:
    """Return the messages that ask for a judgement of one reply."""
    prompt = load_prompt()

    def said(text: str, most: int = _LONGEST_LINE) -> str:
        return _data(without_pleas(plain(text), lexicon), most) or "(nothing)"

    before = [
        f"{who}: {said(text)}"
        for each in previous[-_BEFORE:]
        for who, text in (("Other person", each.persona_text), ("Trainee", each.text))
        if text
    ]
    user = prompt.user.substitute(
        card=_card(scenario),
        before="\n".join(before) or "(nothing: this is the trainee's first reply)",
        line=said(reply.persona_text) if reply.persona_text else "(nothing: the trainee began)",
        reply=said(reply.text, _LONGEST_REPLY),
        rubric=_rubric(rubric),
        ids=", ".join(criterion.id for criterion in rubric.criteria),
        levels=", ".join(f'"{level}"' for level in levels_of(rubric)),
        absent=ABSENT,
        language=scenario.language if scenario else lexicon.language,
    )
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": user}]


def _data(text: str, most: int) -> str:
    """Return text that cannot close the tag it stands in, cut at a word where it is too long."""
    text = re.sub(r"\s+", " ", text).strip().translate(_NO_TAGS)
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " (cut)"


def _card(scenario: Scenario | None) -> str:
    if scenario is None:
        return "(not known)"
    card = scenario.public().card
    parts = {
        "Setting": card.setting,
        "Trainee": card.role,
        "Background": card.background,
        "Tasks": " ".join(card.tasks),
    }
    return "\n".join(f"{name}: {_data(plain(text), 2000)}" for name, text in parts.items())


def _rubric(rubric: Rubric) -> str:
    head = f"Rubric “{rubric.name}”, levels {rubric.lowest} to {rubric.highest}."
    return "\n\n".join([head, *map(_criterion, rubric.criteria)])


def _criterion(criterion: Criterion) -> str:
    chances = []
    if criterion.asked_by:
        cues = " or ".join(cue.value.replace("_", " ") for cue in criterion.asked_by)
        chances.append(f"the other person's words bring {cues}")
    if criterion.opening:
        chances.append("it is the trainee's first reply")
    if criterion.from_words is not None:
        chances.append(f"the reply has {criterion.from_words} words or more")
    due = [f"  Due when {', or when '.join(chances)}."] if chances else []
    return "\n".join(
        [
            f"{criterion.id}: {criterion.name}",
            *due,
            *(f"  {level} = {looks}" for level, looks in sorted(criterion.levels.items())),
            f"  A plain reply is at level {criterion.start}.",
        ]
    )
