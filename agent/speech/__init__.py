"""How the persona hears and speaks.

`pipeline` is the only module that names vendors. `speculative` makes a recogniser that works on
whole utterances answer before the utterance is surely over. `tap` lets the delivery measures hear
the same sound. A new provider is a new branch in `pipeline`; nothing else knows which one is in
use.
"""
