"""How work streams follow one another, and which of them a reader means by a code."""

from collections.abc import Collection, Iterable, Mapping


def circles(successors: Mapping[str, Collection[str]]) -> set[str]:
    """The codes that would follow themselves, by whatever way."""
    return {code for code in successors if code in _reached(successors, successors[code])}


def family(code: str, successors: Mapping[str, Collection[str]]) -> frozenset[str]:
    """All codes under which that what is meant by this one may be kept.

    An old code stands for what it became; and whoever asks for what it became finds what was
    kept under the old one.
    """
    present = {code} | _reached(successors, successors.get(code, ()))
    before: dict[str, set[str]] = {}
    for old, new in successors.items():
        for one in new:
            before.setdefault(one, set()).add(old)
    return frozenset(present | _reached(before, present))


def _reached(ways: Mapping[str, Collection[str]], begin: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    ahead = set(begin)
    while ahead:
        reached |= ahead
        ahead = {one for code in ahead for one in ways.get(code, ())} - reached
    return reached
