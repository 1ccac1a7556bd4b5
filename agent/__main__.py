"""`python -m agent`: start the worker, as `python -m livekit.agents start agent/main.py` does."""

import sys
from pathlib import Path

from agent.warm_up import warm_up

if __name__ == "__main__":
    warm_up()
    # Only now: this import takes seconds, and the process just started needs the same ones.
    from livekit.agents.__main__ import main

    sys.exit(main(["start", str(Path(__file__).with_name("main.py")), *sys.argv[1:]]))
