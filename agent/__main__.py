"""`python -m agent`: start the worker, as `python -m livekit.agents start agent/main.py` does."""

import sys
from pathlib import Path

from livekit.agents.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["start", str(Path(__file__).with_name("main.py")), *sys.argv[1:]]))
