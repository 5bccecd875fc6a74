"""A second factor: staff show a code of their app before they are staff."""

import signing_in

SET_UP, DONE = "set_up", "done"


async def test_staff_show_a_second_factor_before_they_are_staff(
    kiosk, house, resources_http, token
):
    email, secret = await signing_in.staff(resources_http, token, kiosk)
    handle, verifier = await signing_in.with_letter(kiosk, email)
    done = await kiosk.step(handle, signing_in.app_shows(secret, steps=1))
    tokens = (await kiosk.exchange(done.json()["code"], verifier)).json()
    assert signing_in.caller_of(house, tokens).roles == {"member", "coordinator"}
    assert signing_in.claims(tokens["access_token"])["amr"] == ["email", "otp", "mfa"]


async def test_a_code_of_the_app_is_good_once(kiosk, resources_http, token):
    email, secret = await signing_in.staff(resources_http, token, kiosk)
    code = signing_in.app_shows(secret, steps=1)
    handle, _ = await signing_in.with_letter(kiosk, email)
    assert (await kiosk.step(handle, code)).json()["state"] == DONE
    again, _ = await signing_in.with_letter(kiosk, email)
    assert signing_in.fault(await kiosk.step(again, code)) == "wrong-code"
    assert (
        signing_in.fault(await kiosk.step(again, signing_in.app_shows(secret, steps=-20)))
        == "wrong-code"
    )


async def test_codes_of_an_app_cannot_be_guessed(kiosk, resources_http, token):
    email, secret = await signing_in.staff(resources_http, token, kiosk)
    wrong = f"{(int(signing_in.app_shows(secret)) + 7) % 10**6:06}"
    handle, _ = await signing_in.with_letter(kiosk, email)
    told = [signing_in.fault(await kiosk.step(handle, wrong)) for _ in range(6)]
    assert told == ["wrong-code"] * 5 + ["begin-again"]
    handle, _ = await signing_in.with_letter(kiosk, email)
    for _ in range(5):
        await kiosk.step(handle, wrong)
    handle, _ = await signing_in.with_letter(kiosk, email)
    locked = await kiosk.step(handle, signing_in.app_shows(secret, steps=1))
    assert locked.status_code == 429, locked.text
    assert int(locked.headers["retry-after"]) > 3000


async def test_somebody_made_staff_signs_in_anew(kiosk, email, token):
    tokens = await kiosk.signed_in(email)
    await signing_in.give(kiosk.http, token, email, "evaluator")
    signing_in.refused(await kiosk.refresh(tokens["refresh_token"]), "invalid_grant")


async def test_a_second_factor_is_set_up_within_a_week_or_asked_for_again(kiosk, email, token):
    await signing_in.give(kiosk.http, token, email, "operator")
    await kiosk.database.pool.execute(
        "UPDATE second_factor SET may_set_up_until = now() WHERE person_id = $1",
        signing_in.person_of(email),
    )
    handle = (await kiosk.begin(email, signing_in.pkce()[1])).json()["handle"]
    late = await kiosk.step(handle, await signing_in.letter(kiosk.database, email))
    assert signing_in.fault(late) == "too-late-to-set-up"
    path = f"/persons/{signing_in.person_of(email)}/second-factor"
    reset = await kiosk.http.delete(path, headers=token("administrator"))
    assert reset.status_code == 204
    handle = (await kiosk.begin(email, signing_in.pkce()[1])).json()["handle"]
    waits = await kiosk.step(handle, await signing_in.letter(kiosk.database, email))
    assert waits.json()["state"] == SET_UP


async def test_the_secret_of_an_app_lies_sealed(kiosk, resources_http, resources_database, token):
    email, secret = await signing_in.staff(resources_http, token, kiosk)
    kept = await resources_database.pool.fetchval(
        "SELECT secret FROM second_factor WHERE person_id = $1", signing_in.person_of(email)
    )
    assert secret.encode() not in kept
