"""A strict reader of calendar files: says what RFC 5545 and RFC 5546 would not allow.

Parsers forgive what other parsers do not. This one forgives nothing, and knows only what our files
may hold: events, published or cancelled, and the time zone that they name.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

NAME = r"[A-Za-z0-9-]+"
QUOTED, PLAIN = r'"[^"\x00-\x08\x0a-\x1f\x7f]*"', r'[^";:,\x00-\x08\x0a-\x1f\x7f]*'
VALUES = rf"(?:{QUOTED}|{PLAIN})(?:,(?:{QUOTED}|{PLAIN}))*"
PARAMETER = re.compile(rf";(?P<name>{NAME})=(?P<value>{VALUES})")
LINE = re.compile(
    rf"(?P<name>{NAME})(?P<parameters>(?:;{NAME}={VALUES})*):(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)"
)
TEXT = re.compile(r"(?:[^\\;,\x00-\x1f\x7f]|\\[\\;,nN])*")
UTC = re.compile(r"\d{8}T\d{6}Z")
LOCAL = re.compile(r"\d{8}T\d{6}")
KINDS = {
    **dict.fromkeys(
        ("SUMMARY", "LOCATION", "DESCRIPTION", "UID", "PRODID", "NAME", "X-WR-CALNAME", "TZNAME"),
        TEXT,
    ),
    **dict.fromkeys(("DTSTAMP", "LAST-MODIFIED", "CREATED"), UTC),
    **dict.fromkeys(("REFRESH-INTERVAL", "X-PUBLISHED-TTL"), re.compile(r"P(T\d+H|\d+D)")),
    **dict.fromkeys(("TZOFFSETFROM", "TZOFFSETTO"), re.compile(r"[+-]\d{4}")),
    "SEQUENCE": re.compile(r"\d+"),
    "STATUS": re.compile("TENTATIVE|CONFIRMED|CANCELLED"),
    "METHOD": re.compile("PUBLISH|CANCEL"),
    "VERSION": re.compile(r"2\.0"),
    "ORGANIZER": re.compile(r"mailto:[^\s@]+@[^\s@]+"),
    "URL": re.compile(r"https?://[\x21-\x7e]+"),
    "TZID": re.compile(r"[A-Za-z]+/[A-Za-z_]+"),
    "RRULE": re.compile(r"FREQ=YEARLY;[A-Z0-9=;,-]+"),
}
NEEDED = {
    "VCALENDAR": {"PRODID", "VERSION", "METHOD"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "SEQUENCE"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
}
WITHIN = {
    "VCALENDAR": None, "VEVENT": "VCALENDAR", "VTIMEZONE": "VCALENDAR",
    "STANDARD": "VTIMEZONE", "DAYLIGHT": "VTIMEZONE",
}  # fmt: skip


@dataclass
class Component:
    """What stands between BEGIN and END."""

    kind: str
    lines: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    parts: "list[Component]" = field(default_factory=list)

    def value(self, name: str) -> str:
        """The value of a property that is there once."""
        [found] = [value for called, _, value in self.lines if called == name]
        return found

    def within(self) -> "Iterator[Component]":
        """This component and all that it holds."""
        yield self
        for part in self.parts:
            yield from part.within()


def flaws(file: bytes) -> list[str]:
    """What is wrong with a calendar file; nothing, if it is one."""
    found = list(_flaws_of_lines(file))
    if found:
        return found
    try:
        calendar = _read(re.sub("\r\n[ \t]", "", file.decode()).split("\r\n")[:-1])
    except ValueError as error:
        return [str(error)]
    return [*_flaws_of_components(calendar), *_flaws_of_times(calendar)]


def _flaws_of_lines(file: bytes) -> Iterator[str]:
    if not file.endswith(b"\r\n"):
        yield "the last line has no end"
    for number, line in enumerate(file.split(b"\r\n"), start=1):
        if b"\r" in line or b"\n" in line:
            yield f"line {number}: half a line end"
        if len(line) > 75:
            yield f"line {number}: {len(line)} octets"
        try:
            line.decode()
        except UnicodeDecodeError:
            yield f"line {number}: half a character"


def _read(lines: list[str]) -> Component:
    outside = Component("")
    stack = [outside]
    for line in lines:
        read = LINE.fullmatch(line)
        if read is None:
            msg = f"no content line: {line!r}"
            raise ValueError(msg)
        name, value = read["name"].upper(), read["value"]
        if name == "BEGIN":
            if stack[-1].kind != (WITHIN.get(value, "nowhere") or ""):
                msg = f"{value} within {stack[-1].kind}"
                raise ValueError(msg)
            stack[-1].parts.append(Component(value))
            stack.append(stack[-1].parts[-1])
        elif name == "END":
            if stack.pop().kind != value:
                msg = f"{value} ends what is another"
                raise ValueError(msg)
        else:
            parameters = {
                one["name"].upper(): one["value"] for one in PARAMETER.finditer(read["parameters"])
            }
            stack[-1].lines.append((name, parameters, value))
    if len(stack) != 1 or len(outside.parts) != 1 or outside.lines:
        msg = "not one calendar"
        raise ValueError(msg)
    return outside.parts[0]


def _flaws_of_components(calendar: Component) -> Iterator[str]:
    for one in calendar.within():
        times = Counter(name for name, _, _ in one.lines)
        yield from (f"{one.kind} without {name}" for name in NEEDED[one.kind] - times.keys())
        yield from (f"{one.kind} with {name} twice" for name, many in times.items() if many > 1)
        for name, _, value in one.lines:
            if name in KINDS and not KINDS[name].fullmatch(value):
                yield f"{one.kind}: {name} is {value!r}"
            if name not in KINDS and name not in {"DTSTART", "DTEND"}:
                yield f"{one.kind}: {name}, of which nothing is known"
    zones = [part for part in calendar.parts if part.kind == "VTIMEZONE"]
    yield from ("a time zone without observances" for zone in zones if not zone.parts)
    uids = Counter(part.value("UID") for part in calendar.parts if part.kind == "VEVENT")
    yield from (f"{uid} twice" for uid, many in uids.items() if many > 1)


def _flaws_of_times(calendar: Component) -> Iterator[str]:
    zones = {zone.value("TZID") for zone in calendar.parts if zone.kind == "VTIMEZONE"}
    for one in calendar.within():
        for name, parameters, value in one.lines:
            if name not in {"DTSTART", "DTEND"}:
                continue
            zone = parameters.get("TZID")
            if one.kind == "VEVENT" and zone is None and not UTC.fullmatch(value):
                yield f"{name} at no known place: {value}"
            if zone is not None and (zone not in zones or not LOCAL.fullmatch(value)):
                yield f"{name} in a zone that the file does not define: {zone}"
            if one.kind in {"STANDARD", "DAYLIGHT"} and not LOCAL.fullmatch(value):
                yield f"{one.kind} begins at {value}"
