"""Estimates the OET speaking sub-test from a talk with a patient, as far as that can be told here.

A practice estimate and nothing else: the test is rated by trained assessors on two role-plays, and
its conversion to the 500 scale is not public. What cannot be told without an ear for speech, such
as intelligibility, is left out with the reason instead of being guessed.
"""

import re
from collections.abc import Mapping, Sequence

from agent.assessment.checklist import load_checklist
from agent.assessment.checklist_evaluate import evaluate
from agent.assessment.checklist_talk import Seen, talk_of
from agent.assessment.rubric import Rubric
from agent.mind.disclosure import sentences_of
from agent.mind.lexicon import PROVOKING, Lexicon, Signal
from agent.mind.listening import Heard
from agent.protocol import ChecklistItem, Exchange, Grade, OetCriterion, OetEstimate
from personas.model import Scenario

LEAST_REPLIES, LEAST_WORDS = 5, 100
"""Below this nothing is estimated: the test's own role-play lasts five minutes."""
LEAST_WORDS_FOR_VARIETY = 150
"""MTLD is unstable in shorter texts."""
LEAST_MEASURED = 3
"""Replies with a measured rate that fluency takes."""
LEAST_CLINICAL = 4
"""Of the five clinical criteria, for a score."""

_CLINICAL = {
    "relationship": "Relationship building",
    "perspective": "The patient's perspective",
    "structure": "Providing structure",
    "gathering": "Information gathering",
    "giving": "Information giving",
}
"""Criteria of the rubric that stand for those of the test."""
_LINGUISTIC = {
    "intelligibility": "Intelligibility",
    "fluency": "Fluency",
    "appropriateness": "Appropriateness of language",
    "resources": "Resources of grammar and expression",
}
_INAUDIBLE = (
    "Not estimated: whether speech is easy to understand takes a listener. How sure a recogniser "
    "is of its words is no measure of it."
)
_POINTS = 4 * 6 + 5 * 3
_BANDS = ((450, "A"), (350, "B"), (300, "C+"), (200, "C"), (100, "D"), (0, "E"))
_LAPSES = (Signal.JARGON, *sorted(PROVOKING - {Signal.UNEARNED_UNDERSTANDING}))
"""Terms only staff know, and what is wrong in register or tone."""
_POLITE = (Signal.AUTONOMY, Signal.THANKS, Signal.APOLOGY, Signal.GREETING)
_SLIPS = {
    "en": re.compile(
        r"(?<=[.?] )(?:(?:he|she|it) (?:have|do|are)|(?:you|we|they) (?:was|has|does)"
        r"|i (?:is|are|has|does)|how (?:long|much|many|often) (?:you|he|she) (?:have|has|are|is)"
        r"|(?:(?:when|what|how|where) )?did (?:you|he|she) (?:went|came|saw|took|felt|ate|was)) "
        r"|\b(?:did|does|do) not (?:went|came|saw|took|told|felt|began|knew|ate|gave|was|were) "
        r"|\bmore (?:better|worse|easier|stronger|faster|slower|higher|lower|safer|bigger) "
        r"|\b(?:informations|advices|childs|womans|foots|tooths) "
        r"|\b(?:must|should) to (?:take|go|be|do|have|come|eat|stay) "
        r"|\b(?:am|are|is) agree |\bexplain me "
        r"|\bsince (?:two|three|four|five|six|ten|many|some) (?:days|weeks|months|years) "
    )
}
"""Slips beyond doubt in standard English, over words with short forms written out."""


def oet_estimate(
    scenario: Scenario,
    exchanges: Sequence[Exchange],
    heard: Mapping[int, Heard],
    *,
    rubric: Rubric,
    lexicon: Lexicon,
) -> OetEstimate | None:
    """Return the estimate for a talk with a patient; None for any other."""
    if scenario.kind != "patient":
        return None
    talk = talk_of(exchanges, heard, lexicon)
    words = [_forms(seen, lexicon) for seen in talk]
    replies, said = sum(bool(each) for each in words), sum(map(len, words))
    shown = evaluate(load_checklist("oet-indicators"), talk, lexicon).items
    if replies < LEAST_REPLIES or said < LEAST_WORDS:
        why = (
            f"It takes {LEAST_REPLIES} replies and {LEAST_WORDS} words to estimate anything; "
            f"this talk had {replies} and {said}."
        )
        linguistic = [_linguistic(name, None, why) for name in _LINGUISTIC]
        clinical = [_clinical(name, None, why, shown) for name in _CLINICAL]
        return OetEstimate(
            criteria=[*linguistic, *clinical],
            score=None,
            band=None,
            reason=why,
            estimated_of=(0, _POINTS),
        )
    linguistic = [
        _linguistic("intelligibility", None, _INAUDIBLE),
        _linguistic("fluency", *_fluency(exchanges, words, lexicon)),
        _linguistic("appropriateness", *_appropriateness(talk)),
        _linguistic("resources", *_resources(talk, words, lexicon)),
    ]
    clinical = [
        _clinical(name, *_graded(name, exchanges, rubric), shown=shown) for name in _CLINICAL
    ]
    return _converted([*linguistic, *clinical])


def score_and_band(points: float, of: float) -> tuple[int, str]:
    """Return 0 to 500 in steps of 10 and the band for points of so many.

    Ours, and linear, since the test's own conversion is not public; the bands are the published
    ones. Raises `ValueError` for points off the scale.
    """
    if not 0 <= points <= of or of <= 0:
        raise ValueError(f"{points!r} points of {of!r} cannot be converted")
    score = int(points / of * 50 + 0.5) * 10
    return score, next(band for least, band in _BANDS if score >= least)


def variety(words: Sequence[str]) -> float:
    """Return how many words on average keep a type-token ratio of 0.72, read both ways.

    The measure of textual lexical diversity, MTLD (McCarthy and Jarvis 2010, Behavior Research
    Methods 42); 0 for no words.
    """
    if not words:
        return 0.0
    return (_run(words) + _run(words[::-1])) / 2


def _run(words: Sequence[str]) -> float:
    factors, types, count = 0.0, set[str](), 0
    for word in words:
        types.add(word)
        count += 1
        if len(types) / count < 0.72:
            factors, types, count = factors + 1, set(), 0
    if count:
        factors += (1 - len(types) / count) / (1 - 0.72)
    return len(words) / factors if factors else float(len(words))


def _forms(seen: Seen, lexicon: Lexicon) -> list[str]:
    return [word.form for word in lexicon.split(seen.reply).spoken()]


def _graded(name: str, exchanges: Sequence[Exchange], rubric: Rubric) -> tuple[int | None, str]:
    """Return the mean level of a graded criterion, rounded half up, and what it rests on."""
    if (rubric.lowest, rubric.highest) != (0, 3) or name not in {c.id for c in rubric.criteria}:
        return None, f"Not estimated: the rubric {rubric.id!r} does not judge it from 0 to 3."
    levels = [
        level.level
        for each in exchanges
        if isinstance(each.grade, Grade)
        for level in each.grade.criteria
        if level.id == name and 0 <= level.level <= 3
    ]
    if not levels:
        return None, "Not estimated: no graded reply gave a chance for it."
    mean = sum(levels) / len(levels)
    return int(mean + 0.5), f"Mean level {mean:.1f} over {len(levels)} graded replies."


def _fluency(
    exchanges: Sequence[Exchange], words: Sequence[Sequence[str]], lexicon: Lexicon
) -> tuple[int | None, str]:
    spoken = [each.delivery for each in exchanges if each.delivery.spoken]
    if not spoken:
        return None, "Not estimated: the replies were typed."
    rates = [each.words_per_minute for each in spoken if each.words_per_minute is not None]
    if len(rates) < LEAST_MEASURED:
        why = f"{LEAST_MEASURED} replies with a measured rate; this talk had {len(rates)}."
        return None, f"Not estimated: it takes {why}"
    rate = sum(rates) / len(rates)
    steps = ((60, 2), (80, 3), (100, 4), (180, 5), (200, 4), (225, 3))
    level = next((level for below, level in steps if rate < below), 2)
    told = [f"{rate:.0f} words a minute"]
    paused = [
        (each.long_pauses, each.speech_s)
        for each in spoken
        if each.long_pauses is not None and each.speech_s
    ]
    if paused:
        often = sum(count for count, _ in paused) / sum(seconds for _, seconds in paused) * 60
        level += 1 if often < 4 else -2 if often > 20 else -1 if often > 12 else 0
        told.append(f"{often:.1f} pauses of a second or more a minute of speech")
    else:
        told.append("pauses not measured, so 5 at most")
    fillers = sum(form in lexicon.fillers for each in words for form in each)
    if fillers:
        share = fillers / max(1, sum(map(len, words))) * 100
        bands = ((1, 6), (2, 5), (3.5, 4), (5, 3), (7.5, 2))
        level = min(level, next((level for below, level in bands if share < below), 1))
        told.append(f"{share:.1f} fillers in 100 words")
    else:
        told.append("no fillers in the transcript, which may have dropped them")
    return max(1, min(6, level)), f"{'; '.join(told)}."


def _appropriateness(talk: Sequence[Seen]) -> tuple[int | None, str]:
    lapses = [seen for seen in talk if seen.found.has(*_LAPSES)]
    share = len(lapses) / len(talk)
    steps = ((0.001, 5), (0.101, 4), (0.251, 3), (0.501, 2))
    level = next((level for below, level in steps if share < below), 1)
    plain = sum(seen.found.has(Signal.EXPLANATION) for seen in talk)
    polite = sum(seen.found.has(*_POLITE) for seen in talk)
    if not lapses and plain >= 2 and polite >= 2:
        level = 6
    why = (
        f"{len(lapses)} of {len(talk)} replies with a term only staff know or a lapse of "
        f"register or tone; {plain} explain without one, {polite} are marked by courtesy."
    )
    return level, why


def _resources(
    talk: Sequence[Seen], words: Sequence[Sequence[str]], lexicon: Lexicon
) -> tuple[int | None, str]:
    """Return a level from 1 to 5: what tells a 5 from a 6 is beyond such signs."""
    slips_of = _SLIPS.get(lexicon.language)
    if slips_of is None:
        return None, f"Not estimated: slips are not known for language {lexicon.language!r}."
    flat = [form for each in words for form in each]
    if len(flat) < LEAST_WORDS_FOR_VARIETY:
        why = f"it takes {LEAST_WORDS_FOR_VARIETY} words; this talk had {len(flat)}."
        return None, f"Not estimated: {why}"
    spread = variety(flat)
    level = next((level for below, level in ((30, 2), (45, 3), (60, 4)) if spread < below), 5)
    slips = sum(len(slips_of.findall(lexicon.split(seen.reply).line)) for seen in talk)
    often = slips / len(flat) * 100
    level -= 2 if often >= 3 else 1 if often >= 1 else 0
    length = len(flat) / max(1, sum(len(sentences_of(seen.reply)) for seen in talk))
    level -= 1 if length < 4 else 0
    why = (
        f"Variety of words (MTLD) {spread:.0f}, {length:.0f} words a sentence, {slips} slips of "
        "grammar that can be told for sure; 5 at most. A recogniser may have mended others."
    )
    return max(1, level), why


def _linguistic(name: str, level: int | None, reason: str) -> OetCriterion:
    return OetCriterion(
        id=name, name=_LINGUISTIC[name], kind="linguistic", level=level, max=6, reason=reason
    )


def _clinical(
    name: str, level: int | None, reason: str, shown: Sequence[ChecklistItem]
) -> OetCriterion:
    return OetCriterion(
        id=name,
        name=_CLINICAL[name],
        kind="clinical",
        level=level,
        max=3,
        reason=reason,
        indicators=[item for item in shown if item.part == name],
    )


def _converted(criteria: list[OetCriterion]) -> OetEstimate:
    """Return the estimate with a score, where enough of it could be told."""
    known = [each for each in criteria if each.level is not None]
    points, of = sum(each.level or 0 for each in known), sum(each.max for each in known)
    clinical = sum(each.kind == "clinical" for each in known)
    missing = ", ".join(each.name for each in criteria if each.level is None)
    if clinical < LEAST_CLINICAL:
        reason = (
            f"No score: it takes {LEAST_CLINICAL} of the five clinical criteria; "
            f"{clinical} could be estimated."
        )
        return OetEstimate(
            criteria=criteria, score=None, band=None, reason=reason, estimated_of=(of, _POINTS)
        )
    score, band = score_and_band(points, of)
    reason = f"{points} of the {of} points that could be estimated, put on 0 to 500 in proportion."
    if missing:
        reason += f" Not estimated: {missing}."
    return OetEstimate.model_validate(
        {
            "criteria": criteria,
            "score": score,
            "band": band,
            "reason": reason,
            "estimated_of": (of, _POINTS),
        }
    )
