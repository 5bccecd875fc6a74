"""Asks the domain name system what our domain says about its mail."""

from collections.abc import Sequence
from typing import Any

import dns.asyncresolver
import dns.exception
import dns.rdatatype
import dns.resolver

from pdu_notifications.rules import mail_records
from pdu_notifications.rules.mail_records import Finding, Mark
from pdu_shared.settings import Settings

SECONDS = 5.0


class NotAsked(Exception):
    """Nobody answered: there may be no network."""


class Names:
    """The domain name system, or one server of it for trying things out."""

    def __init__(self, server: str | None = None) -> None:
        self._resolver = dns.asyncresolver.Resolver(configure=server is None)
        self._resolver.lifetime = SECONDS
        if server is not None:
            host, _, port = server.rpartition(":") if ":" in server else (server, "", "53")
            self._resolver.nameservers, self._resolver.port = [host], int(port)

    async def texts(self, name: str) -> list[str]:
        """The TXT records of a name, each put together."""
        answer = await self._ask(name, dns.rdatatype.TXT)
        return [b"".join(one.strings).decode("utf-8", "replace") for one in answer]

    async def mail_hosts(self, name: str) -> list[str]:
        """Where mail to a domain goes; `.` for nowhere, by its own word."""
        answer = await self._ask(name, dns.rdatatype.MX)
        return [one.exchange.to_text(omit_final_dot=True) or "." for one in answer]

    async def _ask(self, name: str, kind: dns.rdatatype.RdataType) -> Sequence[Any]:
        try:
            return list(await self._resolver.resolve(name, kind))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise NotAsked(type(error).__name__) from None


async def look_at_records(names: Names, settings: Settings) -> list[Finding]:
    """What the domain of our letters says, and the one that they come back to."""
    domain = _domain(settings.mail_from)
    back = _domain(settings.bounce_address) if settings.bounce_address else domain
    try:
        found = [
            mail_records.spf(back, await names.texts(back)),
            mail_records.dmarc(domain, await names.texts(f"_dmarc.{domain}")),
            *[mail_records.mx(one, await names.mail_hosts(one)) for one in sorted({domain, back})],
        ]
        if selector := settings.dkim_selector:
            texts = await names.texts(f"{selector}._domainkey.{domain}")
            found.append(mail_records.dkim(domain, selector, texts))
        else:
            words = "Set PDU_DKIM_SELECTOR to what your mail relay signs with, to have it checked."
            found.append(Finding(Mark.NOTE, f"DKIM of {domain}", words))
    except NotAsked as why:
        words = f"The domain name system gave no answer ({why})."
        return [Finding(Mark.UNSURE, f"DNS of {domain}", words)]
    return found


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
