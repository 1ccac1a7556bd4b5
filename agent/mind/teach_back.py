"""Says back what the trainee said, and nothing else.

A patient asked to repeat the plan may only repeat what they were told: every word comes from the
trainee's own sentence, with "you" and "I" turned round.
"""

import re

from agent.mind.lexicon import Lexicon

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|[^A-Za-z]+")


def turned(sentence: str, lexicon: Lexicon) -> str:
    """Return a sentence as the one it was said to would say it back, without its full stop.

    >>> turned("You should take one every morning.", load_lexicon("en"))
    'I should take one every morning'
    """
    rules = lexicon.said_back
    pieces = _WORD.findall(sentence.strip().rstrip(".!?;, "))
    while pieces and (not pieces[0][0].isalpha() or pieces[0].lower() in rules.dropped):
        pieces.pop(0)
    words = [index for index, piece in enumerate(pieces) if piece[0].isalpha()]
    made = list(pieces)
    skip = False
    for place, index in enumerate(words):
        if skip:
            skip = False
            continue
        word = pieces[index].lower().replace("’", "'")
        following = pieces[words[place + 1]].lower() if place + 1 < len(words) else ""
        before = pieces[words[place - 1]].lower() if place else ""
        if (pair := f"{word} {following}") in rules.swaps:
            made[index], made[words[place + 1]] = rules.swaps[pair].split(" ", 1)
            skip = True
        elif word in rules.swaps:
            swapped = rules.swaps[word]
            apart = index and "," in pieces[index - 1]
            subject = (
                not before
                or apart
                or before in rules.subject_after
                or following in rules.subject_before
            )
            made[index] = swapped if subject else rules.object.get(swapped, swapped)
        elif "'" in word and (start := word.split("'", 1)[0]) in rules.swaps:
            made[index] = f"{rules.swaps[start]}'{word.split(chr(39), 1)[1]}"
        elif not place and word != "i":
            made[index] = pieces[index][0].lower() + pieces[index][1:]
    return "".join(_as_written(piece) for piece in made)


def _as_written(piece: str) -> str:
    return "I" + piece[1:] if re.fullmatch(r"i(?:['’].*)?", piece) else piece
