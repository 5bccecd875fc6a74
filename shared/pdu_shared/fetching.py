"""Reading a document at an address that an operator named: never one that a stranger gave."""

import asyncio
from collections.abc import Mapping

LARGEST = 64 * 1024
SECONDS = 2.0


class NotFetched(Exception):
    """The document is not to be had now; the sentence never repeats what was answered."""


async def fetch(url: str, *, form: Mapping[str, str] | None = None) -> str:
    """The text at this address; with a form, what it answers to that.

    NotFetched when there is none within two seconds, when it is larger than 64 KiB, when it is no
    text or when we are sent elsewhere: an issuer that redirects is not the one that was named.
    """
    # A service that asks nobody does without: it weighs as much as the rest of the kernel.
    import httpx  # noqa: PLC0415

    body = bytearray()
    headers = {"Accept-Encoding": "identity"}  # so that what is counted is what is kept
    try:
        async with (
            asyncio.timeout(SECONDS),
            httpx.AsyncClient(timeout=SECONDS, trust_env=False, headers=headers) as http,
            http.stream("POST" if form else "GET", url, data=form) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise NotFetched(f"it answered {answer.status_code}")
            async for part in answer.aiter_raw():
                body += part
                if len(body) > LARGEST:
                    raise NotFetched("it is too large")
        return body.decode()
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise NotFetched(type(error).__name__) from None
    except UnicodeDecodeError:
        raise NotFetched("it is no text") from None
