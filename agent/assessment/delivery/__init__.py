"""How a reply was spoken, measured from the trainee's own audio: pure functions on samples.

Only what can be observed is measured; nothing here infers an emotion, and what cannot be measured
is "not measured" with its reason, never a guess. `measure.measure` is the way in, `score.score`
makes a number of it, `recorder.Recorder` holds the sound until then: plain numpy, to be run in
a thread beside the conversation. A further measure is a module that reads a `voice.Voice`, a field
of `measure.Measured` and, if it is to count, a band in `bands`.
"""
