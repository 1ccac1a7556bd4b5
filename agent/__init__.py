"""The worker: it plays a persona by voice in a LiveKit room and grades what the trainee says.

`main` composes everything. The pure core (`encounter`, `mind`, `assessment`) waits for nothing and
knows nothing of LiveKit; what waits is around it. Imports point one way:
`personas` <- `agent.protocol` <- `token_server`; inside: core <- asyncio <- livekit.agents <- main.
"""
