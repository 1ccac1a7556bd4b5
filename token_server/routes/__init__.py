"""The HTTP routes, one file for each thing they are about.

A new one is a module with a `router`, added to `ALL`. Routes translate between HTTP and the rest;
what they do is elsewhere.
"""

from agent.protocol import Record
from token_server.routes import (
    encounters,
    health,
    pages,
    progress,
    records,
    reports,
    scenarios,
    token,
)

ALL = (
    token.router,
    scenarios.router,
    encounters.router,
    reports.router,
    progress.router,
    records.router,
    health.router,
    pages.router,
)
BODIES = (token.TokenRequest, Record)
"""What routes parse by themselves, for the API's description."""
