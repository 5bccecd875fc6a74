"""What each aim of systems change would look like, for evidence to be laid beside it."""

from collections.abc import Mapping, Sequence

from pdu_shared.contracts.resources.change import SystemChangeAim

STATEMENTS: Mapping[SystemChangeAim, Sequence[str]] = {
    SystemChangeAim.WORKS_AS_ONE: (
        "People can come to services before there is a crisis.",
        "Access and referral are flexible.",
        "Services share information and work together.",
        "Everybody knows their part.",
        "People find their way through the system.",
    ),
    SystemChangeAim.WELCOMING: (
        "Multiple disadvantage is everybody's business.",
        "Services open doors, and are not hard to engage with.",
        "People are met without stigma.",
        "Services are psychologically informed.",
    ),
    SystemChangeAim.USER_LED: (
        "Lived experience is at the core of design and delivery.",
        "People who use services define their goals.",
        "Engagement goes both ways, with feedback.",
    ),
    SystemChangeAim.RESILIENCE: (
        "The front line builds on strengths and looks for progress.",
        "Services can show progress.",
        "Services stick with people, who may come back.",
    ),
    SystemChangeAim.ACKNOWLEDGES_NEEDS: (
        "Needs are recognised and defined in policy.",
        "Root causes and whole lives are understood.",
    ),
}
