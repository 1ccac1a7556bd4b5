"""What LiveKit does for us, and the two ways in which it refuses.

`Rooms` is the seam: the real one speaks to a LiveKit server, tests give a scripted one.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

import aiohttp
from livekit import api

from token_server.notice import noticed

EMPTY_TIMEOUT_S = 300
"""A room nobody ever joined closes after this."""
DEPARTURE_TIMEOUT_S = 20
"""A room everybody left closes after this; long enough to reload the page."""
MAX_PARTICIPANTS = 4
"""Trainee and, later, an instructor looking on; LiveKit does not count agents."""
TIMEOUT_S = 5
AT_ONCE = 8
"""Requests of one look that are under way at the same time."""
RUNNING = (api.JobStatus.JS_PENDING, api.JobStatus.JS_RUNNING)


class LiveKitError(Exception):
    """LiveKit could not do what was asked."""

    code = "livekit_error"


class LiveKitUnreachable(LiveKitError):
    """No answer, or none that makes sense."""

    code = "livekit_unreachable"

    def __init__(self, url: str, cause: str) -> None:
        super().__init__(
            f"the LiveKit server at {url!r} cannot be reached ({cause}): start it, or set "
            "LIVEKIT_URL to one that runs"
        )


class LiveKitRefused(LiveKitError):
    """It answers, but not to our keys."""

    code = "livekit_refused"

    def __init__(self, url: str) -> None:
        super().__init__(
            f"the LiveKit server at {url!r} refuses our keys: check that LIVEKIT_API_KEY and "
            "LIVEKIT_API_SECRET are the ones of that server"
        )


@dataclass(frozen=True, slots=True)
class RoomView:
    """What a room looks like at one moment."""

    trainees: int
    persona: bool
    """A persona is in the room."""
    accepted: bool = False
    """A worker took the last call; its persona may still be on the way."""
    noticed: str | None = None
    """The status told in the room's metadata."""
    metadata: str = ""


class Rooms(Protocol):
    """Everything asked of LiveKit. All raise `LiveKitError`."""

    async def create(self, room_name: str) -> None:
        """Make a room."""

    async def call(self, room_name: str, metadata: str) -> None:
        """Call a persona into a room, whatever became of calls before this one."""

    async def look(self, room_names: Iterable[str]) -> dict[str, RoomView | None]:
        """Return how rooms look, None for one that is gone; one that cannot be seen is absent."""

    async def describe(self, room_name: str, metadata: str) -> None:
        """Replace the metadata of a room."""

    async def end(self, room_name: str) -> None:
        """Close a room and send everybody out; not an error if it is gone."""

    async def check(self) -> None:
        """Return if the server answers to our keys."""

    async def close(self) -> None:
        """Let go of connections."""


class LiveKitRooms:
    """The rooms of a LiveKit server. Make it inside a running event loop."""

    def __init__(self, url: str, key: str, secret: str, *, agent_name: str) -> None:
        self._url = url
        self._agent_name = agent_name
        self._api = api.LiveKitAPI(
            url, key, secret, timeout=aiohttp.ClientTimeout(total=TIMEOUT_S), failover=False
        )
        self._limit = asyncio.Semaphore(AT_ONCE)

    async def create(self, room_name: str) -> None:
        """Make a room."""
        request = api.CreateRoomRequest(
            name=room_name,
            empty_timeout=EMPTY_TIMEOUT_S,
            departure_timeout=DEPARTURE_TIMEOUT_S,
            max_participants=MAX_PARTICIPANTS,
        )
        with _asking(self._url):
            await self._api.room.create_room(request)

    async def call(self, room_name: str, metadata: str) -> None:
        """Call a persona into a room, whatever became of calls before this one.

        Earlier calls stay: taking one back would stop a persona that is just coming by it. Of two
        personas that come, the second finds the first and leaves (`agent.main`).
        """
        with _asking(self._url):
            await self._api.agent_dispatch.create_dispatch(
                api.CreateAgentDispatchRequest(
                    agent_name=self._agent_name, room=room_name, metadata=metadata
                )
            )

    async def look(self, room_names: Iterable[str]) -> dict[str, RoomView | None]:
        """Return how rooms look, None for one that is gone; one that cannot be seen is absent."""
        names = list(room_names)
        with _asking(self._url):
            found = await self._api.room.list_rooms(api.ListRoomsRequest(names=names))
        rooms = {room.name: room for room in found.rooms}
        views = await asyncio.gather(
            *(self._view(rooms[name]) for name in rooms), return_exceptions=True
        )
        seen: dict[str, RoomView | None] = {name: None for name in names if name not in rooms}
        for name, view in zip(rooms, views, strict=True):
            # One room on a node that is down must not hide the others.
            if isinstance(view, BaseException) and not isinstance(view, LiveKitError):
                raise view
            if not isinstance(view, BaseException):
                seen[name] = view
        return seen

    async def describe(self, room_name: str, metadata: str) -> None:
        """Replace the metadata of a room."""
        with _asking(self._url):
            await self._api.room.update_room_metadata(
                api.UpdateRoomMetadataRequest(room=room_name, metadata=metadata)
            )

    async def end(self, room_name: str) -> None:
        """Close a room and send everybody out; not an error if it is gone."""
        with suppress(_Gone), _asking(self._url):
            await self._api.room.delete_room(api.DeleteRoomRequest(room=room_name))

    async def check(self) -> None:
        """Return if the server answers to our keys."""
        with _asking(self._url):
            await self._api.room.list_rooms(api.ListRoomsRequest(names=["-"]))

    async def close(self) -> None:
        """Let go of connections."""
        await self._api.aclose()

    async def _view(self, room: api.Room) -> RoomView | None:
        async with self._limit:
            try:
                with _asking(self._url):
                    inside = await self._api.room.list_participants(
                        api.ListParticipantsRequest(room=room.name)
                    )
                    persona = any(
                        each.kind == api.ParticipantInfo.Kind.AGENT
                        # Before that it is on its way, and may never be heard.
                        and each.state == api.ParticipantInfo.State.ACTIVE
                        for each in inside.participants
                    )
                    calls = [] if persona else await self._calls(room.name)
            except _Gone:
                return None
        return RoomView(
            trainees=sum(
                each.kind == api.ParticipantInfo.Kind.STANDARD for each in inside.participants
            ),
            persona=persona,
            accepted=any(job.state.status in RUNNING for call in calls for job in call.state.jobs),
            noticed=noticed(room.metadata),
            metadata=room.metadata,
        )

    async def _calls(self, room_name: str) -> list[api.AgentDispatch]:
        found = await self._api.agent_dispatch.list_dispatch(room_name)
        return [each for each in found if each.agent_name == self._agent_name]


class _Gone(LiveKitError):
    """The room asked about is not there any more."""


@contextmanager
def _asking(url: str) -> Iterator[None]:
    """Turn what the client raises into our refusals, in one place."""
    try:
        yield
    except api.ServerError as error:
        if error.status in (401, 403):
            raise LiveKitRefused(url) from error
        # Another HTTP server at that address answers 404 too, but not in LiveKit's words.
        if error.code == api.ServerErrorCode.NOT_FOUND:
            raise _Gone(error.message) from error
        raise LiveKitUnreachable(url, error.message or f"HTTP {error.status}") from error
    except TimeoutError as error:
        raise LiveKitUnreachable(url, f"no answer in {TIMEOUT_S} s") from error
    except aiohttp.ClientError as error:
        raise LiveKitUnreachable(url, "no connection") from error
