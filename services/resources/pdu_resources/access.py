"""Who may do what in resources: every route is named here."""

from pdu_shared.access import PUBLIC

ACCESS = {
    "POST /members": PUBLIC,
    "GET /vocabulary": PUBLIC,
}
