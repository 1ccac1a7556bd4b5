"""What goes on in the persona between hearing a reply and answering it: pure, fast, no LiveKit.

`appraisal` says what a reply's words do, by the phrases of `lexicon`; the state, what may be told
now and the scripted persona follow from it. The same mind serves every LLM and the realtime model.
"""
