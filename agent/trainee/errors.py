"""What can go wrong with a scripted encounter, by what the caller should do about it.

`CannotStart` is the caller's to mend before trying again (exit code 2); `Failed` is an encounter
that began and did not go as scripted (exit code 1).
"""


class CannotStart(Exception):
    """The encounter could not begin; the message says what to mend."""


class Failed(Exception):
    """The encounter began and a line was not answered, or no report came."""
