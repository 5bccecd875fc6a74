"""Who may call which route of this service."""

from pdu_shared.access import PUBLIC, Permission

ACCESS: dict[str, Permission] = {
    "GET /figures": PUBLIC,
    "GET /figures/{name}": PUBLIC,
    "GET /inbox": PUBLIC,
    "GET /journal": PUBLIC,
    "GET /journal/stream": PUBLIC,
}
