"""Structlog as a front end to the standard library, so that LiveKit's own handler stays in charge
of how a line looks and job processes can ship theirs to the worker."""

import logging

import structlog


def configure_logs(level: str) -> None:
    """Send structlog's events through stdlib logging, their facts as `extra`."""
    logging.getLogger("agent").setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.processors.format_exc_info,
            structlog.stdlib.render_to_log_kwargs,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
