"""What is learnt from data, and the data: labelled replies, and the commands that learn from them.

`replies/` and `answers/` hold what trainees might say in 100 situations, written and labelled by
hand, sentence by sentence. `python -m agent.training` makes of them the small models that go into
the tree. Adding a situation is adding a file.
"""
