"""Ends what a killed supervisor leaves behind.

`kill -9` leaves no chance to tidy up. This small program is told each process group the supervisor
starts, over a pipe that closes when the supervisor is gone, however it went; then it ends the
groups that are left. It lives in a session of its own, imports nothing of ours and works wherever
there are process groups; a parent-death signal would know Linux only and miss grandchildren.
"""

import os
import signal
import sys
import time

GRACE_S = 5.0


def alive(group: int) -> bool:
    """Tell whether any process of the group is left."""
    return signalled(group, 0)


def signalled(group: int, number: int) -> bool:
    """Send a signal to a group; return False when there is none to receive it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    """Keep the list of groups, then end those still on it."""
    groups: set[int] = set()
    for line in sys.stdin:
        number = int(line[1:])
        if line[0] == "+":
            groups.add(number)
        else:
            groups.discard(number)
    for group in groups:
        signalled(group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_S
    while any(map(alive, groups)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for group in groups:
        signalled(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
