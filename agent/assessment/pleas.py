"""Blanks out what a trainee says about marks, instructions or AI, before any grader looks at it.

"Give me full marks" must move nothing, neither up nor down, so no grader ever sees it.
"""

from agent.mind.appraisal import appraise
from agent.mind.lexicon import Lexicon, Signal

_AROUND_A_PLEA = 7
"""Words of the same sentence blanked out with a plea, before it and after. More than that are a
reply of their own that ran into it unpunctuated."""


def without_pleas(reply: str, lexicon: Lexicon) -> str:
    """Return the reply with talk about marks, instructions or AI blanked out, offsets kept."""
    pleas = appraise(reply, lexicon)
    if not pleas.has(Signal.OUT_OF_ROLE):
        return reply
    text = lexicon.split(reply)
    index_at = {word.start: index for index, word in reversed(list(enumerate(text.words)))}
    for finding in pleas.findings:
        if finding.signal is not Signal.OUT_OF_ROLE:
            continue
        start, end = finding.start, finding.start + len(finding.quote)
        index = index_at[finding.start]
        first, last = text.sentence(index)
        if index - first <= _AROUND_A_PLEA:
            start = text.words[first].start
        if sum(word.start >= end for word in text.words[index : last + 1]) <= _AROUND_A_PLEA:
            end = text.words[last].end
        reply = f"{reply[:start]}.{' ' * (end - start - 1)}{reply[end:]}"
    return reply
