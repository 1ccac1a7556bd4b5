"""`make doctor`: what is there, what is missing, and what to do about it.

Each check is a function that returns a `Check` and changes nothing. A new one goes beside those it
resembles and into the list in `examine`.
"""

from agent.local_stack.doctor.examine import doctor

__all__ = ["doctor"]
