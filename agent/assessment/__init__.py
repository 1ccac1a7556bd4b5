"""How replies are judged, and the report made of the judgements: pure, never in the way of speech.

A rubric is a file under `rubrics/`: add an instrument by adding one. A grader is anything with the
shape of `grader.Grader`; `local_grader` needs no model. Levels come first, numbers by one fixed
table (`levels`), and a reply that cannot be judged is ungraded with its reason, never a zero.
"""
