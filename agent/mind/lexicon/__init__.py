"""What words mean in a conversation, as data: one YAML file a language.

`en.yaml` says what a signal sounds like, `phrases` how that is written down, `words` how a reply
becomes words, `reader` makes the two meet. Add a language by adding its file; no code changes.
"""

from agent.mind.lexicon.reader import Lexicon, LexiconError, languages, load_lexicon, read_lexicon
from agent.mind.lexicon.signal import PROVOKING, Cue, Signal

__all__ = [
    "PROVOKING",
    "Cue",
    "Lexicon",
    "LexiconError",
    "Signal",
    "languages",
    "load_lexicon",
    "read_lexicon",
]
