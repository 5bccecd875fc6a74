"""The words of change: kinds, levels, aims, conditions, and states on the way to being told."""

from enum import StrEnum


class ActionState(StrEnum):
    """What became of something that somebody meant to do."""

    INTENDED = "intended"
    REMINDED = "reminded"
    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"
    NO_ANSWER = "no_answer"


class ChangeKind(StrEnum):
    """How a change comes about (Reeler)."""

    PROJECTABLE = "projectable"
    TRANSFORMATIVE = "transformative"
    EMERGENT = "emergent"


class ChangeLevel(StrEnum):
    """Where something changed."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"
    SYSTEM = "system"
    BENEFICIARY = "beneficiary"


class ChangeDepth(StrEnum):
    """How deep a change goes."""

    SUPERFICIAL = "superficial"
    STRUCTURAL = "structural"
    CULTURAL_RELATIONAL = "cultural_relational"


class ContributionClass(StrEnum):
    """The unit's part in a change: sufficient, necessary, or making it faster or better."""

    SOLELY_PDU = "solely_pdu"
    PARTNERSHIP = "partnership"
    FASTER_OR_BETTER = "faster_or_better"


class Expectedness(StrEnum):
    """Whether a change was looked for."""

    EXPECTED = "expected"
    UNEXPECTED = "unexpected"
    NEGATIVE = "negative"


class SystemChangeAim(StrEnum):
    """The five aims of systems change."""

    WORKS_AS_ONE = "works_as_one"
    WELCOMING = "welcoming"
    USER_LED = "user_led"
    RESILIENCE = "resilience"
    ACKNOWLEDGES_NEEDS = "acknowledges_needs"


class HlsCondition(StrEnum):
    """The conditions for change of human learning systems; higher capacity comes first."""

    INVOLVEMENT_OF_PEOPLE = "involvement_of_people"
    CLEAR_CASE_FOR_CHANGE = "clear_case_for_change"
    LOCAL_RELATIONSHIPS = "local_relationships"
    INVESTMENT_IN_CHANGE = "investment_in_change"
    STRONG_DIVERSE_RELATIONSHIPS = "strong_diverse_relationships"
    LEADERSHIP_SUPPORT = "leadership_support_incl_political"
    LETTING_GO_OF_CONTROL = "letting_go_of_control"
    INFLUENCE_KEY_FUNCTIONS = "influence_key_functions"
    FLEXIBLE_REGULATION = "flexible_legislation_regulation"

    @property
    def capacity(self) -> str:
        """`higher` where a contribution can reasonably be expected, otherwise `lower`."""
        return "lower" if self in _LOWER else "higher"


_LOWER = frozenset(
    {
        HlsCondition.LEADERSHIP_SUPPORT,
        HlsCondition.LETTING_GO_OF_CONTROL,
        HlsCondition.INFLUENCE_KEY_FUNCTIONS,
        HlsCondition.FLEXIBLE_REGULATION,
    }
)


class PieElement(StrEnum):
    """The five elements of a psychologically informed environment."""

    PSYCHOLOGICAL_AWARENESS = "psychological_awareness"
    STAFF_TRAINING_SUPPORT = "staff_training_support"
    LEARNING_INQUIRY = "learning_inquiry"
    SPACES_OF_OPPORTUNITY = "spaces_of_opportunity"
    THREE_RS = "three_rs"


class Outcome(StrEnum):
    """What changed: of individuals first, then of organisations."""

    AWARENESS_UNDERSTANDING = "awareness_understanding"
    SELF_REFLECTION = "self_reflection"
    CONFIDENCE = "confidence"
    KNOWLEDGE = "knowledge"
    PARTNERSHIPS = "partnerships"
    EVIDENCE_BASE = "evidence_base"
    AWARENESS_RAISING = "awareness_raising"
    SIGNPOSTING_REFERRALS = "signposting_referrals"
    CASEWORK_JOINT_WORKING = "casework_joint_working"
    ADAPTATION = "adaptation"


class EvidenceMethod(StrEnum):
    """How it is known."""

    POST_EVENT_SURVEY = "post_event_survey"
    FOLLOW_UP_SURVEY = "follow_up_survey"
    EVALUATION_SURVEY = "evaluation_survey"
    INTERVIEW = "interview"
    FOCUS_GROUP = "focus_group"
    WORKSHOP = "workshop"
    OBSERVATION = "observation"
    DOCUMENT = "document"
    ATTENDANCE_DATA = "attendance_data"
    HUB_DATA = "hub_data"


class ImpactState(StrEnum):
    """Where an impact record is on its way."""

    CAPTURED = "captured"
    VERIFIED = "verified"
    CODED = "coded"
    CONSENTED_TO_PUBLISH = "consented_to_publish"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class QuoteSource(StrEnum):
    """Whose words a quote is, as reports say it: by role, never by name."""

    SURVEY_RESPONDENT = "survey_respondent"
    INTERVIEWEE = "interviewee"
    FOCUS_GROUP_PARTICIPANT = "focus_group_participant"
    STEERING_GROUP_MEMBER = "steering_group_member"
    BOARD_MEMBER = "board_member"
    BENEFICIARY_AMBASSADOR = "beneficiary_ambassador"
    EXPERT_BY_EXPERIENCE = "expert_by_experience"


class SaidState(StrEnum):
    """Where something that people said is on its way, until they hear what came of it."""

    SAID = "said"
    SHARED_WITH_ORGANISATION = "shared_with_organisation"
    COMMITTED = "committed"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_DONE_WITH_REASON = "not_done_with_reason"
    FED_BACK = "fed_back"
