"""How a change, or a case study, comes from being written down to being read by everybody."""

from dataclasses import dataclass

from pdu_shared.contracts.resources.change import ImpactState


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What has been done with an impact record."""

    verified: bool
    coded: bool
    may_publish: bool
    published: bool
    withdrawn: bool


def state_of(one: Standing) -> ImpactState:
    """The furthest state to which every step before it was taken (D4)."""
    if one.withdrawn:
        return ImpactState.WITHDRAWN
    steps = (
        (one.verified, ImpactState.VERIFIED),
        (one.coded, ImpactState.CODED),
        (one.may_publish, ImpactState.CONSENTED_TO_PUBLISH),
        (one.published, ImpactState.PUBLISHED),
    )
    state = ImpactState.CAPTURED
    for taken, following in steps:
        if not taken:
            break
        state = following
    return state


def lacks_for_publishing(one: Standing) -> list[str]:
    """What has to be done before it may be published, in words."""
    steps = (
        (one.verified, "somebody else has to verify it"),
        (one.coded, "it has to be coded"),
        (one.may_publish, "those it is about have to agree"),
    )
    return [words for done, words in steps if not done]
