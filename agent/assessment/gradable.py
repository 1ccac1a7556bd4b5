"""Tells whether a reply can be judged at all, and if not, why.

What cannot be judged is left out of every average, so each of these must be sure of itself: in
doubt a reply is graded.
"""

import re

from agent.mind.appraisal import Appraisal
from agent.mind.lexicon import Lexicon
from agent.protocol import Reason

_NOISE = re.compile(
    r"\[[^\]]*\]|\((?:noise|inaudible|music|silence|unclear|laughter)\)|[♪♫*]", re.I
)
_ENOUGH_WORDS = 4
"""Fewer words say too little about language or noise."""
_OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-ZÀ-ɏ]")


def why_not(reply: str, appraisal: Appraisal, lexicon: Lexicon) -> Reason | None:
    """Return why a reply cannot be graded, or None when it can."""
    said = _NOISE.sub(" ", reply)
    if not reply.strip():
        return Reason(code="empty", message="nothing was said")
    text = lexicon.split(said)
    forms = [word.form for word in text.spoken() if word.form not in lexicon.fillers]
    letters = [letter for letter in said if letter.isalpha()]
    if not forms or not letters:
        return Reason(code="unintelligible", message="no words could be made out")
    if len(_OTHER_SCRIPT.findall(said)) * 2 > len(letters):
        return _other_language("another script")
    if len(forms) <= 3 and all(form in lexicon.backchannels for form in forms):
        return Reason(
            code="backchannel", message="a word that shows listening is too little to grade"
        )
    known = sum(form in lexicon.common for form in forms)
    if len(forms) >= _ENOUGH_WORDS and not (appraisal.findings and known * 3 >= len(forms)):
        other, hits = _nearest(forms, lexicon)
        if hits >= 2 and hits > known * 2 and hits * 5 >= len(forms):
            return _other_language(other)
        if not known and not appraisal.findings:
            return Reason(code="unintelligible", message="no sense could be made of the words")
    if _loops(forms):
        return Reason(code="unintelligible", message="the same words were heard again and again")
    return None


def _other_language(which: str) -> Reason:
    return Reason(code="other_language", message=f"this seems to be another language ({which})")


def _nearest(forms: list[str], lexicon: Lexicon) -> tuple[str, int]:
    """Return the other language with most of its own little words here, and how many."""
    hits = {
        name: sum(form in words and form not in lexicon.common for form in forms)
        for name, words in lexicon.other_languages.items()
    }
    best = max(hits, key=lambda name: hits[name], default="")
    return best, hits.get(best, 0)


def _loops(forms: list[str]) -> bool:
    """Tell whether all of it is up to four words said at least four times, as recognisers do when
    they hear noise."""
    return any(
        len(forms) >= size * 4
        and all(form == forms[index % size] for index, form in enumerate(forms))
        for size in range(1, 5)
    )
