"""The token server: it lets trainees in, sees that a persona comes, and keeps what came of it.

It owns the data; the worker owns the conversation. Routes are under `routes/`, one file for each
thing they are about; what LiveKit does for us is behind the `rooms.Rooms` protocol; what is stored
is behind `store.Store`. It may import `personas` and `agent.protocol`, never `livekit.agents`: a
page must not carry the weight of speech models.
"""
