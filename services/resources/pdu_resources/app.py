"""Resources at a glance: its rooms, and the records of the past that it takes."""

from pdu_resources.action.room import ROOM as ACTION
from pdu_resources.agenda.room import ROOM as AGENDA
from pdu_resources.commitment.room import ROOM as COMMITMENT
from pdu_resources.directory.room import ROOM as DIRECTORY
from pdu_resources.explaining.room import ROOM as EXPLAINING
from pdu_resources.finding.room import ROOM as FINDING
from pdu_resources.funding.room import ROOM as FUNDING
from pdu_resources.harvest.export import ATOM
from pdu_resources.harvest.oai import XML
from pdu_resources.harvest.room import ROOM as HARVEST
from pdu_resources.identity.administrator import COMMAND as ADMINISTRATOR
from pdu_resources.identity.room import ROOM as IDENTITY
from pdu_resources.impact.room import ROOM as IMPACT
from pdu_resources.learning.room import ROOM as LEARNING
from pdu_resources.library.room import ROOM as LIBRARY
from pdu_resources.member.room import ROOM as MEMBER
from pdu_resources.my_activity.room import ROOM as MY_ACTIVITY
from pdu_resources.organisation.room import ROOM as ORGANISATION
from pdu_resources.outcome_map.room import ROOM as OUTCOME_MAP
from pdu_resources.past.history import HISTORIES
from pdu_resources.pathway.room import ROOM as PATHWAY
from pdu_resources.plan.room import ROOM as PLAN
from pdu_resources.protection.room import ROOM as PROTECTION
from pdu_resources.recording.room import ROOM as RECORDING
from pdu_resources.reflection.room import ROOM as REFLECTION
from pdu_resources.rules.file import MEDIA_TYPES
from pdu_resources.said.room import ROOM as SAID
from pdu_resources.setting.room import ROOM as SETTING
from pdu_resources.steering.room import ROOM as STEERING
from pdu_resources.storage.room import ROOM as STORAGE
from pdu_resources.submission.room import ROOM as SUBMISSION
from pdu_resources.survey.room import ROOM as SURVEY
from pdu_resources.usage.room import ROOM as USAGE
from pdu_resources.versioned.room import ROOM as VERSIONED
from pdu_resources.vocabulary.room import ROOM as VOCABULARY
from pdu_resources.voice.room import ROOM as VOICE
from pdu_resources.working_group.room import ROOM as WORKING_GROUP
from pdu_shared.service import Service
from pdu_shared.sheet_file import CSV, XLSX

service = Service.of_rooms(
    "resources",
    # What most people ask for comes first: routes are looked for in this order.
    LIBRARY,
    FINDING,
    IDENTITY,
    MEMBER,
    ORGANISATION,
    VOCABULARY,
    USAGE,
    VOICE,
    SURVEY,
    IMPACT,
    SAID,
    OUTCOME_MAP,
    STORAGE,
    RECORDING,
    AGENDA,
    SUBMISSION,
    HARVEST,
    LEARNING,
    PATHWAY,
    REFLECTION,
    MY_ACTIVITY,
    PROTECTION,
    DIRECTORY,
    STEERING,
    PLAN,
    WORKING_GROUP,
    EXPLAINING,
    ACTION,
    COMMITMENT,
    FUNDING,
    VERSIONED,
    SETTING,
    commands=(ADMINISTRATOR,),
    histories=HISTORIES,
    gives=(
        "application/json",
        "application/zip",
        "application/pdf",
        "text/markdown",
        "text/html",
        "text/css",
        CSV,
        XLSX,
        XML,
        ATOM,
        *sorted(MEDIA_TYPES),
        "application/octet-stream",
    ),
)
