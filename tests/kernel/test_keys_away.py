"""The keys of the issuer and a service: it starts, and knows whom to believe, without resources."""

NOBODY_ANSWERS = "http://127.0.0.1:1/.well-known/jwks.json"


async def test_a_service_starts_and_verifies_while_resources_is_down(house, token):
    async with house.http("reporting", jwks_url=NOBODY_ANSWERS) as http:
        assert (await http.get("/livez")).status_code == 200
        assert (await http.get("/retention", headers=token("operator"))).status_code == 200


async def test_a_service_without_any_key_serves_the_public_and_says_that_it_is_not_ready(
    house, token, tmp_path
):
    told = {"jwks_url": NOBODY_ANSWERS, "jwks_file": tmp_path / "jwks.json"}
    async with house.http("resources", **told) as http:
        assert (await http.get("/vocabulary")).status_code == 200
        answer = await http.get("/retention", headers=token("operator"))
        assert answer.status_code == 503
        assert "retry-after" in answer.headers
