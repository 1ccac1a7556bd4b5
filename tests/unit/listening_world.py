"""A voice detector that hears what its script says."""

import asyncio

from livekit.agents import vad


class ScriptedDetector(vad.VAD):
    """Detects what its script says, one event at a time, each when the last was digested."""

    def __init__(self, *script: vad.VADEvent) -> None:
        super().__init__(capabilities=vad.VADCapabilities(update_interval=0.03))
        self.script = script

    def stream(self) -> vad.VADStream:
        return _ScriptedStream(self)


class _ScriptedStream(vad.VADStream):
    async def _main_task(self) -> None:
        for each in self._vad.script:
            self._event_ch.send_nowait(each)
            for _ in range(20):
                await asyncio.sleep(0)
