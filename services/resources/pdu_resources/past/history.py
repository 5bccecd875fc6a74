"""The records of the past that resources takes."""

from pdu_resources.past.activity import ActivityRow, take_activity
from pdu_resources.past.answer import AnswerRow, take_answers
from pdu_resources.past.invitation import InvitationRow, take_invitations
from pdu_resources.past.member import MemberRow, take_members
from pdu_resources.past.organisation import OrganisationRow, take_organisations
from pdu_shared.importing import History

HISTORIES = (
    History(file="members", row=MemberRow, take=take_members),
    History(file="organisations", row=OrganisationRow, take=take_organisations),
    History(file="activity", row=ActivityRow, take=take_activity),
    History(file="survey_invitations", row=InvitationRow, take=take_invitations),
    History(file="survey_answers", row=AnswerRow, take=take_answers),
)
