"""Logs go to stderr, one line each, ours and uvicorn's in the same shape.

Rule: what a trainee is called or says never appears at INFO; events carry ids and numbers.
"""

import logging
import sys

import structlog


def configure_logging(level: str = "INFO") -> None:
    """Send structlog and the standard library's logging to stderr, coloured on a terminal."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # The default shows the values of variables, and those are words and secrets.
                structlog.dev.ConsoleRenderer(
                    colors=sys.stderr.isatty(),
                    exception_formatter=structlog.dev.plain_traceback,
                ),
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # A retry of the LiveKit client is our own event already, and Alembic speaks at every start.
    for noisy in ("livekit", "alembic", "aiosqlite", "sqlalchemy.engine"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
