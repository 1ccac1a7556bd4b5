"""The trainee's own ordinary voice, which everything loud or high is compared with.

Microphones, rooms and larynxes differ by more than any change of voice, so no level and no pitch
means anything alone. The first seconds count and then the baseline stands: one that kept learning
would follow a voice that rises slowly, and call it ordinary.
"""

from dataclasses import dataclass, field

import numpy as np

from agent.assessment.delivery.loudness import level_of
from agent.assessment.delivery.pitch import Values, describe
from agent.assessment.delivery.voice import Voice

ENOUGH_S, FULL_S = 20.0, 30.0
"""Usable from so much speech on; complete with so much (field.md section 6)."""


def _none() -> Values:
    return np.empty(0, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """What has been heard of the ordinary voice: levels and pitches of frames, no audio."""

    speech_s: float = 0.0
    """Seconds of speech heard for the pitch."""
    level_s: float = 0.0
    """Seconds of speech heard for the level: fewer, where the microphone was overloaded."""
    levels_db: Values = field(default_factory=_none, repr=False)
    pitches_hz: Values = field(default_factory=_none, repr=False)

    @property
    def level_dbfs(self) -> float | None:
        """Return the usual level of the voice; None until enough was heard."""
        return level_of(self.levels_db) if self.level_s >= ENOUGH_S else None

    @property
    def median_hz(self) -> float | None:
        """Return the usual pitch; None until enough was heard."""
        return describe(self.pitches_hz).median_hz if self.speech_s >= ENOUGH_S else None

    def hear(self, voice: Voice, *, level_counts: bool) -> "Baseline":
        """Return the baseline with this voice in it, as far as it was not complete.

        Not for a reply right after the persona escalated: how the trainee sounds then is what is to
        be compared.
        """
        learn_pitch = self.speech_s < FULL_S
        learn_level = level_counts and self.level_s < FULL_S
        return Baseline(
            speech_s=self.speech_s + voice.seconds * learn_pitch,
            level_s=self.level_s + voice.seconds * learn_level,
            levels_db=np.append(self.levels_db, voice.levels_db) if learn_level else self.levels_db,
            pitches_hz=(
                np.append(self.pitches_hz, voice.pitches_hz) if learn_pitch else self.pitches_hz
            ),
        )
