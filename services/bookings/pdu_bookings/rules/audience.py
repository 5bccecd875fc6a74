"""Whom a learning event is meant for, where that is more than a label."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

ROLES = {
    "front_line": frozenset({"front_line", "volunteer", "student"}),
    "managers": frozenset({"team_manager", "senior_manager"}),
    "senior": frozenset({"senior_manager", "strategic_executive"}),
    "commissioners": frozenset({"commissioner"}),
    "trustees_governors": frozenset({"trustee_governor"}),
    "elected_members": frozenset({"elected_member"}),
}
"""The role levels of an audience. One that does not stand here is nothing to be told by."""

COMMUNITY = frozenset({"cop_members", "cop_convenors"})
EXPERT = "expert_by_experience"


class Outside(StrEnum):
    """Why somebody decides on a person who asks."""

    AUDIENCE = "audience"
    PREREQUISITE = "prerequisite"

    @property
    def words(self) -> str:
        """What the person is told."""
        asks = "You are welcome to ask: somebody decides and writes to you"
        if self is Outside.AUDIENCE:
            return f"This event is meant for others first. {asks}."
        return f"This event builds on another, which we cannot see that you attended. {asks}."


@dataclass(frozen=True, slots=True, kw_only=True)
class MeantFor:
    """Whom a learning event is meant for; nothing said is everybody."""

    audience: Collection[str] = ()
    sectors: Collection[str] = ()
    work_fields: Collection[str] = ()
    with_experts: bool = True
    """Whether people with lived experience are invited, as to nearly every event."""

    @property
    def anybody(self) -> bool:
        """Whether one can come in any role: so, too, where an audience is nothing to be told by."""
        return not self.audience or not {*self.audience} <= ROLES.keys() | COMMUNITY

    @property
    def roles(self) -> frozenset[str]:
        """The role levels that it is meant for; empty where one can come in any role."""
        if self.anybody:
            return frozenset()
        return frozenset().union(*(ROLES.get(one, frozenset()) for one in self.audience))


EVERYBODY = MeantFor()


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """Who asks, as far as it decides whether an event is meant for them."""

    sector: str
    work_field: str
    role_level: str
    belongs: bool = False
    """Whether they are in the community that the audience names."""
    prepared: bool = True
    """Whether they attended what the event builds on."""


def outside(meant: MeantFor, person: Somebody) -> Outside | None:
    """Why somebody decides on this person; None where the event is meant for them."""
    if not _within(meant, person):
        return Outside.AUDIENCE
    return None if person.prepared else Outside.PREREQUISITE


def _within(meant: MeantFor, person: Somebody) -> bool:
    if person.role_level == EXPERT and meant.with_experts:
        return True
    in_sector = not meant.sectors or person.sector in meant.sectors
    in_field = not meant.work_fields or person.work_field in meant.work_fields
    in_role = meant.anybody or person.belongs or person.role_level in meant.roles
    return in_sector and in_field and in_role
