"""A history with every message that a projection of reporting hears, several about one thing."""

from datetime import timedelta
from uuid import uuid4

import telling
import telling_change
import telling_community
import telling_explaining
from bus import arrived
from pdu_shared.contracts.bookings import past
from pdu_shared.contracts.resources import past as resources_past
from pdu_shared.contracts.resources import survey, usage
from pdu_shared.contracts.resources.steering import UndertakingState
from pdu_shared.contracts.resources.vocabulary import SettingChanged
from pdu_shared.platform import SERVICES


def history():
    """Messages of every kind a projection hears, several about the same thing."""
    return [
        *_what_is_asked_for(),
        *_at_a_session(),
        *_by_members(),
        *_steering(),
        *_of_change(),
        *_of_an_import(),
        *_of_ledgers(),
    ]


def _what_is_asked_for():
    year, workstream = telling.project_year(), telling.workstream()
    question = telling.question()
    return [
        arrived(one)
        for one in (
            *telling.words()[:2],
            year,
            year.model_copy(update={"label": "Another name", "is_partial": True}),
            workstream,
            workstream.model_copy(update={"label": "Another name"}),
            question,
            question.model_copy(update={"version": 2, "options": ()}),
        )
    ]


def _at_a_session():
    session = telling.scheduled()
    here = {"session_id": session.session_id, "learning_event_id": session.learning_event_id}
    held = telling.held(**here)
    booking = telling.booked(session_ids=(session.session_id,))
    first = telling.attendance(**here)
    second = telling.attendance(**here, person_id=first.person_id, sector="statutory")
    event = telling.published(learning_event_id=session.learning_event_id, series="cop-housing")
    return [
        arrived(one)
        for one in (
            event,
            telling.updated(event, title="Under another name"),
            session,
            telling.rescheduled(session, starts_at=session.starts_at + timedelta(days=1)),
            telling.moved_online(session),
            held,
            telling.withdrawn(held),
            booking,
            telling.waitlisted(booking),
            telling.cancelled(booking),
            first,
            telling.correction(first, state="absent_apologies"),
            telling.correction(first, state="partial"),
            second,
        )
    ]


def _by_members():
    member, merged = telling.member(), telling.merged()
    organisation = telling.organisation()
    name = telling.another_name(organisation)
    invitation = telling.invitation(person_id=member.person_id)
    ranked = telling.answered("fu.topics", ranks=("trauma", "housing"))
    response = telling.submitted(telling.answered(options=("yes", "no")), ranked)
    taken_back = telling.submitted(ranked)
    again = (telling.answered(options=("no",)), telling.answered("fu.contacts", number=2))
    return [
        arrived(one)
        for one in (
            organisation,
            telling.renamed(organisation),
            telling.absence(organisation, "no_cover"),
            name,
            telling.no_name(name),
            member,
            merged,
            telling.unmerged(merged),
            telling.merged(merged_id=merged.merged_id),
            telling.activity(usage.ResourceViewed, person_id=member.person_id),
            telling.activity(usage.ResourceDownloaded),
            telling.activity(usage.ModuleStarted),
            telling.activity(usage.ModuleCompleted),
            invitation,
            survey.SurveyInvitationSent(**invitation.model_dump()),
            survey.SurveyInvitationBounced(**invitation.model_dump()),
            response,
            response.model_copy(update={"answers": again, "sector": "voluntary"}),
            taken_back,
            telling_change.taken_back(taken_back),
        )
    ]


def _of_change():
    setting = SettingChanged(setting_id=uuid4(), key="test.history", number=1)
    explaining = (
        telling_explaining.annotation(),
        telling_explaining.recoding(organisation_id=uuid4()),
    )
    everything = (*telling_change.everything(), *telling_community.everything())
    return [arrived(one) for one in (setting, *explaining, *everything)]


def _steering():
    programme, seat, meeting = telling.programme(), telling.seat(), telling.steering_meeting()
    action, objective, promise = telling.action(), telling.objective(), telling.committed()
    return [
        arrived(one)
        for one in (
            programme,
            programme.model_copy(update={"label": "Another name"}),
            seat,
            seat.model_copy(update={"ends_on": seat.starts_on}),
            meeting,
            meeting.model_copy(update={"present": 7}),
            action,
            action.model_copy(update={"state": UndertakingState.DONE}),
            objective,
            objective.model_copy(update={"state": UndertakingState.PARTLY}),
            promise,
            promise.model_copy(update={"promised": 6}),
            telling.reviewed(promise, promised=6, kept=3, state="partly"),
        )
    ]


def _of_ledgers():
    counts = [telling.ledger_counted(service) for service in SERVICES]
    again = [one.model_copy(update={"counts": one.counts[:1]}) for one in counts]
    return [arrived(one) for one in (*counts, *again)]


def _of_an_import():
    batch_id = uuid4()
    attendance = telling.attendance(booked_on="2198-11-30", booking_id=uuid4(), method="import")
    return [
        arrived(one, origin="import", batch_id=batch_id)
        for one in (
            attendance,
            telling.correction(attendance, state="absent_no_show", heard_about="bulletin"),
            telling.member(),
            telling.imported(past.HistoryImported, batch_id=batch_id, messages=2),
            telling.imported(resources_past.HistoryImported, file="members"),
        )
    ]
