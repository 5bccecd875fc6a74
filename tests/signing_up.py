"""Signing up as people do: ask for a code, read it in the letter, and type it."""

from uuid import UUID, uuid4

from pdu_resources.member.code import digits_of

KEY = b"pdu-test-key"
"""The person key of the house, with which the letters are written."""


async def ask_for_code(http, email, *, path="/members/codes"):
    """The answer to somebody who asks for a code."""
    return await http.post(path, json={"email": email}, headers={"Idempotency-Key": uuid4().hex})


async def a_code(http, email, *, path="/members/codes"):
    """A code that was sent, as its reader types it."""
    answer = await ask_for_code(http, email, path=path)
    assert answer.status_code == 201, answer.text
    return typed(answer.json()["code_id"])


def typed(code_id):
    """What the letter says that belongs to this id."""
    return {"code_id": code_id, "code": digits_of(KEY, UUID(code_id))}


async def sign_up(http, person, *, key=None):
    """The answer to somebody who registers with a code of their own."""
    profile = {name: value for name, value in person.items() if name != "email"}
    form = {**profile, **await a_code(http, person["email"])}
    return await http.post("/members", json=form, headers={"Idempotency-Key": key or uuid4().hex})
