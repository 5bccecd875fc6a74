"""Log lines: one for each piece of work, with ids and never with anything about a person."""

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from pdu_shared.telemetry import CORRELATION_ID

DEEPEST_FRAMES = 20
PRIVATE_KEY = re.compile(
    r"(?:^|_)(?:password|token|secret|authorization|cookie|email|phone|name|address|body)s?(?:_|$)",
    re.IGNORECASE,
)
# What is masked wherever it turns up, also in the words of libraries.
MASKS = (
    (re.compile(r"://[^\s/@]+@"), "://[credentials]@"),
    (re.compile(r"eyJ[\w-]{6,}(?:\.[\w-]*){1,4}"), "[token]"),
    (re.compile(r"/([bs])/[\w.~-]+"), r"/\1/[token]"),
    (
        re.compile(r"""[^][\s@<>"(),:;=/]*(?<!\])@[^][\s@<>"(),:;=/]+\.[^][\s@<>"(),:;=/]+"""),
        "[email]",
    ),
)


def configure(service: str, *, production: bool, stream: TextIO | None = None) -> None:
    """Send every line of this process to the stream (standard output): ours and the libraries'.

    JSON in production, columns for reading in development. Start uvicorn with `log_config=None`.
    """
    stream = stream or sys.stdout
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _Origin(service),
    ]
    after: list[Processor] = [
        without_people,
        structlog.processors.JSONRenderer()
        if production
        else structlog.dev.ConsoleRenderer(colors=stream.isatty()),
    ]
    structlog.configure(
        processors=[*before, bare_traceback, *after],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*before, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                bare_traceback,
                *after,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).setLevel(logging.INFO)
    # A broker that is away is told by whoever waits for it, once and not at each try.
    logging.getLogger("aiormq.connection").setLevel(logging.CRITICAL)
    # Paths hold the tokens of manage links; requests are counted and timed instead.
    logging.getLogger("uvicorn.access").disabled = True


class _Origin:
    """Adds which service speaks, and the request or message it works on."""

    def __init__(self, service: str) -> None:
        self.service = service

    def __call__(self, _logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
        line["service"] = self.service
        if (correlation_id := CORRELATION_ID.get()) is not None:
            line.setdefault("correlation_id", correlation_id)
        return line


def without_people(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The line without keys that name people or secrets, and with their patterns masked."""
    return {key: _masked(value) for key, value in line.items() if not PRIVATE_KEY.search(key)}


def bare_traceback(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The class of an error and where it arose; its words may quote a row of a person."""
    found = line.pop("exc_info", None)
    error = found if isinstance(found, BaseException) else sys.exc_info()[1] if found else None
    if isinstance(found, tuple):
        error = found[1]
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-DEEPEST_FRAMES:]
        line["error"] = type(error).__name__
        line["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        if sqlstate := getattr(error, "sqlstate", None):
            line["sqlstate"] = sqlstate
    return line


def _masked(value: object) -> object:
    match value:
        case str():
            for pattern, mask in MASKS:
                value = pattern.sub(mask, value)
            return value
        case Mapping():
            return {
                key: _masked(inner)
                for key, inner in value.items()
                if not PRIVATE_KEY.search(str(key))
            }
        case list() | tuple() | set() | frozenset():
            return [_masked(inner) for inner in value]
        case None | bool() | int() | float():
            return value
    return _masked(str(value))
