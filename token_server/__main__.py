"""Starts the token server, or says in one sentence why it cannot."""

import argparse
import asyncio
import contextlib
import errno
import signal
import socket
import sys
from types import FrameType

import structlog
import uvicorn

from personas import Library, ScenarioError, UnknownScenario
from token_server.app import create_app
from token_server.database import DatabaseError, migrate, open_engine
from token_server.logs import configure_logging
from token_server.settings import Settings, SettingsError, read_settings

log = structlog.get_logger("token_server")


def main() -> int:
    """Run until told to stop; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m token_server", description=__doc__)
    parser.add_argument("--host", help="address to bind to (INTERLOCUTOR_HOST)")
    parser.add_argument("--port", type=int, help="port to listen on (INTERLOCUTOR_PORT)")
    asked = {key: value for key, value in vars(parser.parse_args()).items() if value is not None}
    configure_logging()
    try:
        settings = read_settings(**asked)
        library = _library(settings)
        asyncio.run(_prepare(settings))
        listener = _listen(settings)
    except (SettingsError, DatabaseError, ScenarioError) as error:
        print(f"token server: {error}", file=sys.stderr)
        return 1
    config = uvicorn.Config(
        create_app(settings, library=library),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    # uvicorn shuts down at the signal and then raises it again; being told to stop is no failure.
    signal.signal(signal.SIGTERM, _stop)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _library(settings: Settings) -> Library:
    """Return the scenarios, with every broken file told; raises for the default one."""
    library = Library(*(() if settings.scenarios_dir is None else (settings.scenarios_dir,)))
    _, problems = library.check()
    for problem in problems:
        log.warning("scenario_broken", problem=problem)
    try:
        library.get(settings.default_scenario)
    except UnknownScenario as error:
        raise SettingsError(f"INTERLOCUTOR_DEFAULT_SCENARIO: {error}") from None
    return library


async def _prepare(settings: Settings) -> None:
    # The app migrates too; doing it here first turns a failure into a sentence.
    engine = open_engine(settings.database_address())
    try:
        await migrate(engine)
    finally:
        await engine.dispose()


def _listen(settings: Settings) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        # Named TCP, because asyncio turns Nagle's delay, 40 ms an answer, off only then.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen(512)
        return listener
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"port {settings.port} is taken: stop what uses it, or set INTERLOCUTOR_PORT to "
                "a free one"
            ) from None
        raise SettingsError(
            f"cannot listen on {settings.host!r} port {settings.port} ({error.strerror}): set "
            "INTERLOCUTOR_HOST and INTERLOCUTOR_PORT to an address of this machine"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
