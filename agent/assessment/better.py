"""Shows a better way to have said it, made of this talk: what the persona said, given back; what
was worth keeping of the reply; and the move that was missing.

A model answer that would fit anyone teaches nothing, so every wording takes words of the line it
answers. The moves vary with the skill that was weakest and with what the line asked for.
"""

import re
from collections.abc import Collection
from itertools import takewhile
from typing import Literal

from agent.mind.lexicon import Cue
from agent.protocol import Skill
from personas.model import Scenario

_CLAUSE = re.compile(r"[^.!?;:,…]+(?:,(?=\s+(?:and|but|or)\b)[^.!?;:,…]+)*")
_OWN = re.compile(r"\b(?:i|i'm|i've|i'll|i'd|my|me|we|we're|we've|our|us)\b", re.I)
_OTHER = re.compile(r"\b(?:you|your|you're|you've|you'll|yours|yourself|don't you)\b", re.I)
_ORDER = re.compile(
    r"^(?:get|give|let|tell|leave|just|stop|don't|please|come|go|look|listen|put|say|so"
    r"|what|why|how|who|when|where|is|are|am|do|does|did|can|could|will|would|shall)\b",
    re.I,
)
_THING = re.compile(r"\b(my|our|the)\s+([a-z][a-z'-]{2,}(?:\s+[a-z'-]+){0,2})", re.I)
_LITTLE_WORDS = """
a an and are as at be been but by did do does for from gone go going had has have he her him his
how if in into is isn't it it's just like not now of off on or out over said says she so that
the them then there they they're this to told too up was wasn't were what when where who why
will with won't you your i i'm same other only whole last first next one ones way time thing
things point problem own second rest very most best worst new old bloody damn lot moment day
"""
_NO_THING = frozenset(_LITTLE_WORDS.split())
_TURNED = {
    "i": "you", "i'm": "you're", "i've": "you've", "i'll": "you'll", "i'd": "you'd",
    "am": "are", "was": "was", "my": "your", "mine": "yours", "me": "you", "myself": "yourself",
    "we": "you", "we're": "you're", "we've": "you've", "we'll": "you'll", "our": "your",
    "us": "you",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_THREATENS = re.compile(r"\b(?:i'll|we'll|i will|going to|gonna|i'd)\b", re.I)
"""What is still to come, or threatened, is not said back as if it were so."""
_START = re.compile(r"^(?:and|but|so|well|oh|no|yes|yeah|look|because|then|please)\b[\s,]*", re.I)
_FEWEST, _MOST = 3, 14
"""Words of a clause that is given back."""
_LONGEST_KEPT = 22

_MOVES: dict[Skill, dict[Cue | None, tuple[str, ...]]] = {
    Skill.LISTENING: {
        Cue.DANGER: (
            "I'm taking that seriously. Tell me what is happening right now with {thing}.",
            "I'm glad you said it to me. How bad is it at this moment?",
        ),
        Cue.DISTRESS: (
            "That's a lot to carry. What frightens you most about {thing}?",
            "No wonder that weighs on you. What goes through your mind when you think of {thing}?",
        ),
        Cue.REFUSAL: (
            "You'll have your reasons, and I'd like to hear them. What is it about {thing}?",
            "That's yours to decide. What makes you feel that way about {thing}?",
        ),
        Cue.QUESTION: (
            "That's a fair thing to ask. What worries you most about {thing}?",
            "I'll answer that as well as I can. What have you been told so far about {thing}?",
        ),
        None: (
            "Anyone would be worn out by that. What happened with {thing}?",
            "I can see why that gets to you. What would help most with {thing}?",
        ),
    },
    Skill.SAFETY: {
        Cue.DANGER: (
            "Is anybody hurt, or about to be? I'll stay here and get help for {thing}.",
            "I'd rather ask plainly: are you safe this minute? I'm calling someone to help us.",
        ),
        None: (
            "Before anything else, are you safe, and is everybody with you? Then {thing}.",
            "If it gets worse at all, tell me at once, and I'll bring help for {thing}.",
        ),
    },
    Skill.RESOLUTION: {
        Cue.QUESTION: (
            "Here is what I can do: I'll find out about {thing} now and bring you the answer.",
            "I don't know that yet. I'll ask about {thing} and tell you within ten minutes.",
        ),
        Cue.REFUSAL: (
            "We needn't settle {thing} this minute. Would you rather talk it through first, or have"
            " a little time?",
            "What would have to be different for {thing} to be all right with you?",
        ),
        None: (
            "I'll ask about {thing} now, and in ten minutes I'll tell you where it stands."
            " Would you like to wait here or sit down over there?",
            "What I can do is ask the person who decides about {thing}, today. Is that a start?",
        ),
    },
    Skill.CALM: {
        Cue.DANGER: (
            "I'm here and I'm staying. We'll do one thing at a time, and {thing} comes first.",
        ),
        None: (
            "I'm staying with you on this. First {thing}, then the rest, one step at a time.",
            "You have my attention now. Let's begin with {thing}.",
        ),
    },
    Skill.CLARITY: {
        Cue.QUESTION: ("The short answer about {thing}: I don't know yet, and I'll find out now.",),
        None: (
            "In plain words: I'll see to {thing} first, and then I'll come back and tell you.",
            "One thing at a time. I'd like to begin with {thing}; is that all right?",
        ),
    },
}
_ORDER_OF_CUES = (Cue.DANGER, Cue.REFUSAL, Cue.DISTRESS, Cue.QUESTION)


def better_wording(
    line: str,
    cues: Collection[Cue],
    *,
    weakest: Skill,
    keep: str,
    kind: Literal["patient", "subject"],
    index: int,
    scenario: Scenario | None = None,
    common: Collection[str] = (),
) -> str:
    """Return a better reply to this line; `keep`: a sentence of the trainee's own worth saying
    again; `common`: little words that name no thing. Empty when neither the line nor a scenario has
    anything to build on."""
    moves = _MOVES.get(weakest) or _MOVES[Skill.LISTENING]
    cue = next((cue for cue in _ORDER_OF_CUES if cue in cues and cue in moves), None)
    thing = _thing(line, common)
    choice = moves[cue]
    move = choice[(len(line) + index) % len(choice)].replace("{thing}", thing or "this")
    said = given_back(line)
    if not said and not thing:
        said = _met(line, scenario, kind)
    if not said and not thing and not keep:
        return ""
    kept = "" if len(keep.split()) > _LONGEST_KEPT else _ended(keep)
    if kept.endswith("?") and "?" in move:
        # One question is enough, and the trainee's own is the better one.
        move = ""
    return " ".join(part for part in (said, _small_repeat(kept, move), move) if part)


def given_back(line: str) -> str:
    """Return the clause in which the persona tells most of themselves, said back to them; empty
    when there is none that can be said back."""
    clauses: list[str] = []
    for match in _CLAUSE.finditer(line.replace("’", "'")):
        if line[match.end() : match.end() + 1] == "?":
            continue
        clause = _START.sub("", match.group().strip(" -–—\"'“”"))
        if (
            _THREATENS.search(clause)
            or not _OWN.search(clause)
            or _OTHER.search(clause)
            or _ORDER.match(clause)
        ):
            continue
        if _FEWEST <= len(clause.split()) <= _MOST:
            clauses.append(clause)
    if not clauses:
        return ""
    return _sentence(_turned(max(clauses, key=lambda clause: len(clause.split()))))


def _turned(clause: str) -> str:
    """Return a clause with "I" and "you" changed about, as a listener says it."""

    def turn(match: re.Match[str]) -> str:
        return _TURNED.get(match.group().lower(), match.group())

    turned = _WORD.sub(turn, clause)
    return re.sub(r"\byou was\b", "you were", turned, flags=re.I)


def _thing(line: str, common: Collection[str]) -> str:
    """Return what the line is about, as the listener names it ("your knee"), or nothing."""
    found: list[str] = []
    for owner, rest in _THING.findall(line.replace("’", "'")):
        words = rest.lower().split()
        name = list(takewhile(lambda word: word not in common and word not in _NO_THING, words))
        if name and not name[-1].endswith(("ing", "ly", "'s", "ed")):
            found.append(f"{'your' if owner.lower() in ('my', 'our') else 'the'} {' '.join(name)}")
    owned = [each for each in found if each.startswith("your")]
    return (owned or found or [""])[0]


def _met(line: str, scenario: Scenario | None, kind: str) -> str:
    """Return how to meet a line that says nothing to take up: its own few words, or the scene."""
    words = next((c.group().strip() for c in _CLAUSE.finditer(line) if _WORD.search(c.group())), "")
    words = " ".join(words.split()[:8])
    if words:
        return f"I heard you say “{words}”, and I don't want to pass over it."
    if scenario is None:
        return ""
    name = scenario.person.name.split()[0]
    place = scenario.card.profession
    return (
        f"{name}, I'm with you, there's no hurry."
        if kind == "patient"
        else f"{name}, I'm the {place} here, and I'm listening."
    )


def _small_repeat(kept: str, move: str) -> str:
    return "" if kept and kept.lower() in move.lower() else kept


def _ended(sentence: str) -> str:
    text = sentence.strip()
    return text if not text or text[-1] in ".!?" else _sentence(text)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
