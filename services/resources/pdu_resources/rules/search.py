"""What somebody looks for: their words, other names for the same, and mistakes put right."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

MOST_WORDS = 12
LONGEST_TERM = 8
PAIR = 2


@dataclass(frozen=True, slots=True)
class Thing:
    """What a term means, and all that it is called."""

    meanings: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that is looked for: a word, or something that has several names."""

    said: str
    thing: Thing | None = None


def words_of(query: str) -> list[str]:
    """The words of a query, in small letters, without accents and signs; at most twelve."""
    folded = unicodedata.normalize("NFKD", query).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", folded.replace("'s", "s").replace("'", ""))[:MOST_WORDS]


def put_right(words: Sequence[str], corrections: Mapping[str, str]) -> list[str]:
    """The words with the mistakes in them corrected."""
    return [corrections.get(word, word) for word in words]


def units(words: Sequence[str], things: Mapping[str, Thing]) -> list[Unit]:
    """What is looked for. The longest known term at each place counts as one thing."""
    return list(_units(words, things))


def readings(terms: Sequence[str]) -> list[tuple[bool, str]]:
    """How a query of these terms may be read, the strictest first, and whether that is all of it.

    All of them; if nothing has that, any two; if nothing has that either, any one.
    """
    if not terms:
        return []
    ways = [(True, _joined(terms, "&"))]
    if len(terms) > PAIR:
        pairs = [_joined(pair, "&") for pair in combinations(terms, PAIR)]
        ways.append((False, _joined(pairs, "|")))
    if len(terms) > 1:
        ways.append((False, _joined(terms, "|")))
    return ways


def _joined(terms: Sequence[str], sign: str) -> str:
    return f" {sign} ".join(f"({term})" for term in terms)


def _units(words: Sequence[str], things: Mapping[str, Thing]) -> Iterator[Unit]:
    place = 0
    while place < len(words):
        for length in range(min(LONGEST_TERM, len(words) - place), 0, -1):
            term = " ".join(words[place : place + length])
            if term in things:
                yield Unit(term, things[term])
                place += length
                break
        else:
            yield Unit(words[place])
            place += 1
