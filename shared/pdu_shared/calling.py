"""Calls an address that somebody else gave us: never one inside our own network.

A name is looked up once, and the connection goes to what was found: it cannot lead to another
place when it is looked up again.
"""

import asyncio
import socket
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

SECONDS = 10.0
_TRANSLATED = ip_network("64:ff9b::/96")
MOST_LENGTH = 1000


class NotCalled(Exception):
    """The address could not be called; a word says why."""


def objection(url: str, *, at_home: bool = False) -> str | None:
    """What is wrong with an address, in words for whoever gave it; None when nothing is.

    `at_home` allows http and this machine, for trying things out.
    """
    parts = _parts(url)
    if parts is None or not parts.hostname:
        return "This is not a web address."
    if parts.scheme not in ({"https", "http"} if at_home else {"https"}):
        return "A webhook begins with https://."
    if parts.username or parts.password or parts.fragment:
        return "Leave out names, passwords and what follows a #."
    address = _literal(parts.hostname)
    if not at_home and (parts.hostname == "localhost" or (address and not is_outside(address))):
        return "This address is inside a network, not on the web."
    return None


def is_outside(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is on the public internet, however it is wrapped."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return is_outside(inner)
        if address in _TRANSLATED:
            return is_outside(IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast


async def post_json(
    url: str, body: bytes, headers: Mapping[str, str], *, at_home: bool = False
) -> int:
    """Post a body, and give the status of the answer; nobody reads the rest, or is redirected.

    NotCalled when there is no answer, or when the address may not be called.
    """
    import httpx  # noqa: PLC0415 - as heavy as the rest of the kernel

    if objection(url, at_home=at_home):
        raise NotCalled("address_refused")
    try:
        async with asyncio.timeout(SECONDS):
            target = httpx.URL(url)
            address = await _looked_up(target.host, target.port, at_home=at_home)
            async with (
                httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http,
                http.stream(
                    "POST",
                    target.copy_with(host=address),
                    content=body,
                    headers={
                        **headers,
                        "Host": target.netloc.decode("ascii"),
                        "Content-Type": "application/json",
                        "User-Agent": "pdu-webhooks",
                    },
                    extensions={"sni_hostname": target.host},
                ) as answer,
            ):
                return answer.status_code
    except TimeoutError:
        raise NotCalled("timeout") from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise NotCalled("no_answer") from None


async def _looked_up(host: str, port: int | None, *, at_home: bool) -> str:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port or 443, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError):
        raise NotCalled("no_such_host") from None
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    # All of them: a name that leads inside as well is not one that we trust.
    if not at_home and not all(is_outside(ip_address(one)) for one in addresses):
        raise NotCalled("address_refused")
    return addresses[0]


def _parts(url: str) -> SplitResult | None:
    if not url.isascii() or not url.isprintable() or " " in url or len(url) > MOST_LENGTH:
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None
