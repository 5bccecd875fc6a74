"""Lists that people ask for: by a form, by the link in a letter, and with one click out again."""

from pdu_notifications.subscription import asking, holdings, one_click, own, preferences, topic
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_PEOPLE = allow(*set(Role) - {Role.VISITOR, Role.INTEGRATION})

ROOM = Room(
    routes=(asking.router, preferences.router, own.router, one_click.router),
    access={
        "GET /subscriptions/offer": PUBLIC,
        "POST /subscriptions": PUBLIC,
        "GET /p/{token}": PUBLIC,  # whoever holds the link of a letter
        "PUT /p/{token}": PUBLIC,
        "POST /p/{token}/confirmation": PUBLIC,
        "GET /p/{token}/export": PUBLIC,
        "GET /own/preferences": _PEOPLE,
        "PUT /own/preferences": _PEOPLE,
        "GET /u/{token}": PUBLIC,
        "POST /u/{token}": PUBLIC,
    },
    listeners=(topic.learn_topic,),
    uploads={"/u/{token}": one_click.CLICK},
    holdings=holdings.HOLDINGS,
    schedule=holdings.SCHEDULE,
)
