"""A trainee made of a script or of recordings.

It talks to a persona exactly as a person with any LiveKit client would: a token from the server,
a microphone track, the persona's audio, text streams and one RPC. The demo, the room tests, the
benchmarks and scenario authors use it, so what it measures is what a person would hear.

Pure parts: `sound`, `detector`, `transcript`, `result`. Waiting parts: `microphone`, `ear`,
`client` (LiveKit), `service` (the token server), `voice`. `conversation` puts them together.
"""

from agent.trainee.conversation import run_trainee
from agent.trainee.errors import CannotStart
from agent.trainee.lines import Line, parse_lines, read_lines, read_recordings
from agent.trainee.result import TraineeResult, percentile

__all__ = [
    "CannotStart",
    "Line",
    "TraineeResult",
    "parse_lines",
    "percentile",
    "read_lines",
    "read_recordings",
    "run_trainee",
]
