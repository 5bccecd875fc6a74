"""The services count how often one address asks, and the portal asks for everybody."""


def test_a_service_is_told_from_where_somebody_comes(site, town):
    site.get("/library", headers={"X-Forwarded-For": "198.51.100.7"})
    assert set(town.resources.along) == {"198.51.100.7, 127.0.0.1"}


def test_without_a_load_balancer_it_is_who_asks_the_portal(site, town):
    site.get("/library")
    assert set(town.resources.along) == {"127.0.0.1"}


def test_what_somebody_makes_up_stands_before_where_they_are(site, town):
    site.get("/library", headers=[("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-For", "::1")])
    assert set(town.resources.along) == {"127.0.0.1, ::1, 127.0.0.1"}
