"""Mints the token that lets one trainee into one room, with a microphone and nothing more.

A client can read its token, so nothing in it is secret.
"""

import secrets
from datetime import timedelta

from livekit import api

from token_server.rows import EncounterRow
from token_server.settings import Settings

VALID_FOR = timedelta(minutes=10)
"""Counts only for the first connection: LiveKit renews the token of whoever is inside."""


def mint_token(settings: Settings, row: EncounterRow, *, dispatch_metadata: str) -> str:
    """Return a LiveKit token for the trainee of an encounter, under an identity of our choosing."""
    grants = api.VideoGrants(
        room_join=True,
        room=row.room_name,
        can_publish=True,
        can_publish_sources=["microphone"],
        can_subscribe=True,
        # Typed turns are text streams and the end is an RPC: both are data.
        can_publish_data=True,
        can_update_own_metadata=False,
    )
    # The room exists, so LiveKit ignores this; stock clients look here for whom to wait for.
    called = api.RoomAgentDispatch(agent_name=settings.agent_name, metadata=dispatch_metadata)
    return (
        api.AccessToken(settings.api_key(), settings.api_secret())
        .with_identity(f"trainee-{secrets.token_hex(6)}")
        .with_name(row.trainee_name or "")
        .with_ttl(VALID_FOR)
        .with_grants(grants)
        .with_room_config(api.RoomConfiguration(agents=[called]))
        .to_jwt()
    )
