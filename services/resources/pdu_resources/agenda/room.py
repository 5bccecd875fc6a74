"""What is coming, for all to see."""

from pdu_resources.agenda import hearing, upcoming
from pdu_shared.access import PUBLIC
from pdu_shared.service import Room

ROOM = Room(
    routes=(upcoming.router,),
    access={
        "GET /upcoming-events": PUBLIC,
        "GET /learning-events/{learning_event_id}/items": PUBLIC,
    },
    listeners=(hearing.learn_event, hearing.learn_session, hearing.learn_topic),
)
