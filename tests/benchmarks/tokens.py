"""Verifying access tokens: new ones, and one that was seen before."""

import base64
import json
import tempfile
import time
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from joserfc.jwk import ECKey

from benchmarks.measure import Benchmark, Sample
from benchmarks.stage import Stage
from pdu_shared.access import Caller, Role
from pdu_shared.tokens import Keys, mint, new_issuer_key, public_jwks

TOKENS = 2000
"""More than are remembered, so that taking turns none is."""
AT_ONCE = 50


def _rate(work: Callable[[], None], seconds: float) -> float:
    """How often it is done in a second of processor time."""
    done, began = 0, time.process_time()
    while (used := time.process_time() - began) < seconds:
        for _ in range(AT_ONCE):
            work()
        done += AT_ONCE
    return done / used


async def _rounds(_stage: Stage, seconds: float, *, kinds: int) -> AsyncGenerator[Sample, None]:
    key = new_issuer_key()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "jwks.json"
        path.write_text(json.dumps(public_jwks(key)))
        keys = Keys(path, audience="pdu-bookings")
        tokens = cycle([_token(key) for _ in range(kinds)])
        while True:
            ours = _rate(lambda: _believe(keys, next(tokens)), seconds)
            bare = _rate(_bare(key, next(tokens)), seconds)
            yield Sample(value=ours, yardstick=bare, cpu_ms=1000 / ours)


def _token(key: dict[str, object]) -> str:
    member = Caller(sub=uuid4(), client_id="portal", roles=frozenset({Role.MEMBER}))
    return mint(key, member, audiences=["pdu-bookings"])


def _believe(keys: Keys, token: str) -> None:
    keys.verify(token, datetime.now(UTC))


def _bare(key: dict[str, object], token: str) -> Callable[[], None]:
    """The one thing that has to be done: checking the signature with the library's own call."""
    text, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    pair = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public = ECKey.import_key(key).public_key
    return partial(public.verify, pair, text.encode(), ec.ECDSA(hashes.SHA256()))


BENCHMARKS = (
    Benchmark(
        name="token-check",
        unit="tokens/s of CPU",
        yardstick="the bare signature",
        rounds=partial(_rounds, kinds=TOKENS),
        floor=0.3,
        aim=0.7,
    ),
    Benchmark(
        name="token-check-again",
        unit="tokens/s of CPU",
        yardstick="the bare signature",
        rounds=partial(_rounds, kinds=1),
        floor=5.0,
        aim=20.0,
    ),
)
