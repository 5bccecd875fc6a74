"""Taking part: communities, this group, topics, offers to speak, and places for a whole team."""

from pdu_portal.taking_part import communities, group, speaking, team, themes, topics

ROUTERS = tuple(room.router for room in (communities, group, speaking, team, themes, topics))
