"""How far two people who code the same texts agree."""

from collections.abc import Collection, Sequence

Pair = tuple[Collection[str], Collection[str]]
"""What the first coder found in a text, and what the second one did."""


def same(pairs: Sequence[Pair]) -> int:
    """In how many texts both found exactly the same themes."""
    return sum(set(first) == set(second) for first, second in pairs)


def kappa(pairs: Sequence[Pair], theme: str) -> float | None:
    """Cohen's kappa for one theme: 1 is agreement, 0 what chance would give.

    None where chance alone explains everything: no text, or both always said the same.
    """
    if not pairs:
        return None
    first = [theme in one for one, _ in pairs]
    second = [theme in other for _, other in pairs]
    many = len(pairs)
    agreed = sum(one == other for one, other in zip(first, second, strict=True)) / many
    yes = sum(first) * sum(second) / many**2
    no = (many - sum(first)) * (many - sum(second)) / many**2
    by_chance = yes + no
    return None if by_chance == 1 else round((agreed - by_chance) / (1 - by_chance), 2)
