"""Who may do what in notifications: every route is named here."""

from pdu_shared.access import Role, allow

ACCESS = {
    "GET /letters": allow(Role.COORDINATOR, Role.OPERATOR),
    "POST /letters/{letter_id}/release": allow(Role.COORDINATOR, Role.OPERATOR),
}
