"""Names of voices: one packaged voice, and others made of it as `heart@<pitch>`."""

from typing import NamedTuple

import structlog

log = structlog.get_logger(__name__)

VOICE = "heart"
LOWEST, HIGHEST = 0.75, 1.25
"""Pitch factors that stay intelligible, as in `personas.model.LocalVoice`."""


class VoiceName(NamedTuple):
    """A voice that can be spoken with."""

    name: str
    pitch: float


def read_voice(name: str) -> VoiceName:
    """Return the voice of a name; one we do not have is the packaged voice, so any client works."""
    base, _, factor = name.partition("@")
    try:
        pitch = round(float(factor or 1), 2)
    except ValueError:
        pitch = float("nan")
    # NaN fails the comparison too.
    if base != VOICE or not LOWEST <= pitch <= HIGHEST:
        log.debug("voice_replaced", asked=name, by=f"{VOICE}@1.0")
        return VoiceName(VOICE, 1.0)
    return VoiceName(base, pitch)
