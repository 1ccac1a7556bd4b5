"""`python -m agent.local_models`: recognition, voice and sentence vectors for this machine."""

import argparse
import logging
import signal
import socket
import sys
import time

import structlog
import uvicorn
from pydantic import ValidationError

from agent.local_models.errors import ModelMissing
from agent.local_models.loading import load_models
from agent.settings import Settings

log = structlog.get_logger("agent.local_models")


def main() -> int:
    """Serve until a signal; return the exit code."""
    try:
        settings = Settings()
    except ValidationError as error:
        print(f"the settings are wrong: {error}", file=sys.stderr)
        return 1
    arguments = _arguments(settings)
    _configure_logs(settings.log_level)
    # Replaces the default, which would leave no chance to say goodbye; uvicorn raises it again.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    began = time.perf_counter()
    try:
        # Bound before the models load: a conflict is told at once, not after seconds.
        listener = _bind(arguments.host, arguments.port)
        models = load_models(settings)
    except (ModelMissing, PortTaken) as error:
        print(f"local models: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    # Needs what the models brought into memory.
    from agent.local_models.app import create_app

    config = uvicorn.Config(
        create_app(models),
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    log.info(
        "local_models_ready",
        url=f"http://{arguments.host}:{arguments.port}/v1",
        seconds=round(time.perf_counter() - began, 2),
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        return 130
    return 0


class PortTaken(Exception):
    """Somebody else listens where we should."""


def _arguments(settings: Settings) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m agent.local_models",
        description="Serve speech recognition (Whisper), a voice (hibari) and sentence embeddings "
        "(MiniLM) to this machine, with OpenAI's API: /v1/audio/transcriptions, /v1/audio/speech "
        "(response_format pcm or wav; voice heart or heart@<pitch 0.75 to 1.25>), /v1/embeddings, "
        "/v1/models and /health, which answers once every model is loaded.",
        epilog="INTERLOCUTOR_LOCAL_HEARING_MODEL may name the folder of another faster-whisper "
        "model; INTERLOCUTOR_LOG_LEVEL=DEBUG says more.",
    )
    parser.add_argument(
        "--host",
        default=settings.host,
        help="address to listen on (INTERLOCUTOR_HOST; default: %(default)s). There is no access "
        "control: keep it on loopback",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=settings.models_port,
        help="port to listen on (INTERLOCUTOR_MODELS_PORT; default: %(default)s)",
    )
    return parser.parse_args()


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because asyncio turns Nagle's delay off only on sockets that say they are TCP; with it
    # each answer over a kept connection takes 40 ms longer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        why = getattr(error, "strerror", None) or str(error)
        raise PortTaken(
            f"cannot listen on port {port} of {host} ({why.lower()}); stop what does, or set "
            "INTERLOCUTOR_MODELS_PORT to a free port"
        ) from error
    return listener


def _configure_logs(level: str) -> None:
    number = logging.getLevelNamesMapping()[level]
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    sys.exit(main())
