"""Who may do what in notifications: every route is named here."""

from pdu_shared.access import Role, allow

TELLERS = allow(Role.COORDINATOR, Role.MANAGER, Role.BENEFICIARY_AMBASSADOR)

ACCESS = {
    "GET /letters": allow(Role.COORDINATOR, Role.OPERATOR),
    "POST /letters/release": allow(Role.COORDINATOR, Role.OPERATOR),
    "POST /letters/{letter_id}/resend": allow(Role.COORDINATOR, Role.OPERATOR),
    "POST /letters/{letter_id}/release": allow(Role.COORDINATOR, Role.OPERATOR),
    "GET /persons/{person_id}/coming-letters": allow(Role.COORDINATOR),
    "GET /persons/{person_id}/contact-way": allow(Role.COORDINATOR),
    "PUT /persons/{person_id}/contact-way": allow(Role.COORDINATOR),
    "GET /contact-tasks": TELLERS,
    "GET /contact-tasks/{task_id}": TELLERS,
    "PUT /contact-tasks/{task_id}/outcome": TELLERS,
    "GET /suppressions": allow(Role.COORDINATOR, Role.OPERATOR),
    "DELETE /suppressions/{person_id}": allow(Role.COORDINATOR, Role.OPERATOR),
}
