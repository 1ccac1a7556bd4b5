"""Judges personas played by a language model: do they seem real, and do they keep to their file?

For evals only, never beside a conversation: a grader grades trainees, a judge tests our AI.
`acting` plays a rehearsal by text, `breaches` finds by rule what must never happen, and a `Judge`
asks a second model about the rest. To judge something new, add a module like `realism` (what is
asked, the shape of the answer, what is made of it) and call it in `judge`.
"""
