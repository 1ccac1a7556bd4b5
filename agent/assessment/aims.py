"""Reads a task of the card into what would show that it was done.

A card is written for people ("Ask about her fever and drinking, and respond to his fear"). Each
part of it becomes an aim: signals a reply may carry, or topics a question may be about. Words this
table does not know make an aim of their own words alone, to be compared with what was said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from agent.mind.appraisal import content_words
from agent.mind.lexicon import Lexicon, Signal

_S = Signal


@dataclass(frozen=True, slots=True)
class Aim:
    """One thing a task asks for. Any of what is named here shows it."""

    words: str
    """The part of the task it stands for."""
    signals: frozenset[Signal] = frozenset()
    topics: frozenset[str] = frozenset()
    """Topics of the question bank."""
    stems: frozenset[str] = frozenset()
    """Beginnings of the words a question or a fact would be about."""
    safety: bool = False
    """A safety step of the scenario shows it as well; a danger left open takes it back."""
    tells: bool = False
    """It is told, so a question does not show it."""
    late: bool = False
    """It has its place after the first reply."""
    manner: bool = False
    """It is about how the trainee speaks: one provoking reply takes it back."""
    hidden: bool = False
    """Any fact that was kept until there was trust shows it."""


_ASKS = re.compile(
    r"\b(?:find out|explore|(?<!before you )ask|take an? (?:full )?history|learn|notice|"
    r"let (?:her|him|them) tell)\b",
    re.I,
)
_DOES: tuple[tuple[re.Pattern[str], Aim], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})", re.I), aim)
    for pattern, aim in (
        (r"introduce\b", Aim("", frozenset({_S.INTRODUCTION}))),
        (r"greet\b", Aim("", frozenset({_S.GREETING, _S.INTRODUCTION}))),
        (
            r"keep (?!to\b|from\b)[^.;]*?\bsafe\b",
            Aim("", frozenset({_S.SAFETY, _S.LIMIT}), safety=True),
        ),
        (
            r"(?:knows )?when to (?:call|come)|(?:say )?whom (?:he|she|they) should call|"
            r"what to watch for",
            Aim("", frozenset({_S.SAFETY}), safety=True, tells=True),
        ),
        (r"(?:help \w+ to )?put some distance", Aim("", safety=True)),
        (
            r"let (?:him|her|them) (?:speak|react|talk)|hear (?:him|her|them) out|hear the\b|"
            r"make it possible for|take your time",
            Aim("", frozenset({_S.INVITATION, _S.REFLECTION})),
        ),
        (
            r"respond\b|show that you have heard|be glad",
            Aim("", frozenset({_S.EMPATHY, _S.VALIDATION, _S.REFLECTION, _S.APOLOGY})),
        ),
        (
            r"sum up|show that you have it right",
            Aim("", frozenset({_S.REFLECTION, _S.CHECK_UNDERSTANDING}), late=True),
        ),
        (
            r"check (?:that|what)|have (?:him|her|them) tell",
            Aim("", frozenset({_S.CHECK_UNDERSTANDING, _S.TEACH_BACK}), late=True),
        ),
        (
            r"say[^.;]*?\bcan(?:not)?\b[^.;]*?\bcan(?:not)?\b|say[^.;]*?will not be|stay with it",
            Aim("", frozenset({_S.LIMIT, _S.EXPLANATION}), tells=True),
        ),
        (
            r"explain\b(?: in plain words)?(?: what happens next)?|"
            r"correct what|give (?:him|her|them) the|tell (?:him|her|them) how|say plainly|"
            r"(?:say )?what happens next|put right|say (?:who|why)",
            Aim("", frozenset({_S.EXPLANATION, _S.SIGNPOST, _S.WARNING_SHOT}), tells=True),
        ),
        (
            r"agree\b(?: (?:on )?(?:an?|one) next step| what happens next)?|next step",
            Aim("", frozenset({_S.SOLUTION, _S.AUTONOMY}), late=True),
        ),
        (
            r"with a (?:time|day|name)|and when\b|and a time",
            Aim("", frozenset({_S.TIMEFRAME}), tells=True, late=True),
        ),
        (r"give (?:him|her|them) real choices|offer", Aim("", frozenset({_S.AUTONOMY}))),
        (r"own what", Aim("", frozenset({_S.APOLOGY, _S.VALIDATION}))),
    )
)
_MANNER = re.compile(
    r"(?:\bspeak to (?:him|her|them)|\bwith respect|\bdignity|,? \bwithout "
    r"(?:shaming|blame|lecturing|accusing|pressing|arguing)(?:,? (?:or )?\w+ing)*)"
    r"\b[^,;.]*?(?=,|;|\.| and\b|$)",
    re.I,
)
_WARM = frozenset({_S.EMPATHY, _S.VALIDATION, _S.APOLOGY, _S.AUTONOMY, _S.THANKS})
_ABOUT: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})", re.I), tuple(topics.split()))
    for pattern, topics in (
        (r"afraid|fear|frighten|worr|weighs", "fears own_idea matters_most bad_experience feeling"),
        (r"thinks? it|sees? her|sees? his", "own_idea understanding"),
        (r"stand[s]? to lose|does to", "effect_on_life job children family matters_most"),
        (r"brought|happen|story|wrong", "reason what_happened onset how_came child_what_happened"),
        (r"pain|headache|shoulder|history", "site onset character severity radiation pattern"),
        (r"came with|symptoms|alarming", "associated nausea breathing fever vision"),
        (r"\bhealth|asthma|diabetes", "health_conditions family_history last_checkup allergies"),
        (r"medicine|tablets|taken|given|inhaler", "medicines over_the_counter adherence technique"),
        (r"drinking", "child_drinking fluids alcohol"),
        (r"behaviour", "child_behaviour"),
        (r"fever", "fever"),
        (r"daily life|day to day|at home|how (?:he|she) lives", "living job coping_at_home sleep"),
        (r"knows? already|understood", "understanding told_what"),
        (r"be there|be with|who will", "support with_whom told_whom family"),
        (r"in the way|does not want|keeps (?:her|him)", "why_refuse adherence side_effects"),
        (r"needs|wants|how much", "need_now hopes expectations_treatment information_wanted"),
        (r"how (?:she|he) is (?:herself|himself)", "feeling sleep mood stress"),
        (r"ending (?:his|her) life", "self_harm harm_plan"),
        (r"has with (?:him|her)", "harm_means weapon belongings"),
        (r"stops (?:him|her|them)", "activities effect_on_life job"),
        (r"no ticket", "ticket payment what_happened"),
        (r"last night|tonight", "what_happened self_harm what_changed"),
        (r"fair|settled", "what_is_fair"),
    )
)
_BEHIND = re.compile(r"\b(?:behind|lies under|under the|most afraid|weighs|in the way)\b", re.I)
_STORY = re.compile(r"\b(?:brought|happen\w*|story|how [^.;]* (?:has|have) been)\b", re.I)
_HOW = re.compile(r"\b(?:direct|open|kind|clear|plain|honest|real|exact|small)(?:ly)?\b", re.I)
_ITEMS = re.compile(r",\s*|\s+and\s+|\s+or\s+", re.I)


def aims_of(task: str, lexicon: Lexicon) -> list[Aim]:
    """Return the aims of a task, in its order, how to speak last; at least one."""
    manner = [_trimmed(found.group()) for found in _MANNER.finditer(task)]
    rest = _MANNER.sub("", task)
    aims = [*_parts(rest, lexicon)]
    if manner:
        aims.append(Aim(manner[0], _WARM, manner=True))
    return aims or [Aim(_trimmed(task), stems=_stems(task, lexicon))]


def _parts(task: str, lexicon: Lexicon) -> Iterator[Aim]:
    kept: list[tuple[int, int, Aim | None]] = []
    for start, end, aim in sorted(_starts(task), key=lambda found: (found[0], -found[1])):
        # What lies within the one before is no part of its own.
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, aim))
    if not kept and (stems := _stems(task, lexicon)):
        yield Aim(_trimmed(task), stems=stems)
    for place, (start, _, aim) in enumerate(kept):
        until = kept[place + 1][0] if place + 1 < len(kept) else len(task)
        words = _trimmed(task[start:until])
        if aim is None:
            yield from _asking(words, lexicon)
        else:
            yield replace(aim, words=words)


def _starts(task: str) -> Iterator[tuple[int, int, Aim | None]]:
    for found in _ASKS.finditer(task):
        yield found.start(), found.end(), None
    for pattern, aim in _DOES:
        for found in pattern.finditer(task):
            yield found.start(), found.end(), aim


def _asking(words: str, lexicon: Lexicon) -> Iterator[Aim]:
    """Yield one aim for each thing to be asked about."""
    split = _ITEMS.split(_ASKS.sub("", words))
    items = [item for item in split if _topics(item) or _stems(item, lexicon)]
    for item in items or [words]:
        yield Aim(
            _trimmed(item) if len(items) > 1 else words,
            signals=(frozenset({Signal.INVITATION}) if _STORY.search(item) else frozenset()),
            topics=_topics(item),
            stems=_stems(item, lexicon),
            hidden=bool(_BEHIND.search(item)),
        )


def _topics(words: str) -> frozenset[str]:
    """Return what a question about these words would be about; a worry about work is a worry."""
    found = [topics for pattern, topics in _ABOUT if pattern.search(words)]
    if _ABOUT[0][1] in found:
        found = found[:1]
    return frozenset(topic for topics in found for topic in topics)


def _stems(words: str, lexicon: Lexicon) -> frozenset[str]:
    return frozenset(content_words(lexicon.split(_HOW.sub("", words)), lexicon))


def _trimmed(words: str) -> str:
    return re.sub(r"^(?:[\s,;.]|\band\b)+|(?:[\s,;.]|\band\b)+$", "", words)
