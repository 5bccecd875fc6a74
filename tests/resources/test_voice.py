"""What people wrote is coded without a name, quoted with consent, and answered in one thread."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

import governed
from governed import get, post, put, try_to_put, wrong
from house import service
from pdu_resources.rules.agreement import kappa, same
from pdu_resources.rules.said import may_become
from pdu_shared.contracts.resources.change import SaidState
from pdu_shared.database import transaction
from pdu_shared.holding import copy_of, forget
from resources.surveys import (
    AGREED,
    a_code,
    a_survey,
    ask,
    attendance,
    came,
    invite,
    links,
    respond,
    told,
)


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
async def theme(resources_http, coordinator):
    code = a_code()
    form = {"label": "Work with others", "means": "Any link to another service."}
    await put(resources_http, coordinator, f"/themes/{code}", form)
    return code


@pytest.fixture
def wrote(resources_http, coordinator):
    """`wrote(quote=True)`: a text in answer to a question of its own, with its receipt."""

    async def write(**consent):
        question = await ask(resources_http, coordinator, type="text", options=[])
        survey = await a_survey(resources_http, coordinator, question)
        said = {"question": question["code"], "text": "We ring each other now."}
        form = {"consent": {**AGREED, **consent}, "answers": [said]}
        answer = await respond(resources_http, survey, form)
        path = "/texts"
        [text] = (await get(resources_http, coordinator, path, survey_key=survey["survey_key"]))[
            "items"
        ]
        return {**text, "receipt": answer.json()["receipt"]}

    return write


async def test_a_text_has_its_themes_until_it_is_taken_back(  # noqa: PLR0913, PLR0917 - fixtures
    resources_http, resources_database, coordinator, token, theme, wrote
):
    text = await wrote()
    path, form = f"/texts/{text['text_id']}/themes", {"themes": [theme]}
    coded = await put(resources_http, token("evaluator"), path, form)
    assert coded["themes"] == [theme]
    left = await get(
        resources_http, coordinator, "/texts", survey_key=text["survey_key"], coded="false"
    )
    assert left["items"] == []
    await resources_http.delete(f"/receipts/{text['receipt']}")
    messages = await told(resources_database, "ThemeCoded", text["text_id"])
    assert [one.themes for one in messages] == [(theme,), ()]
    assert {(one.coder_role, one.question_code) for one in messages} == {
        ("evaluator", text["question_code"])
    }
    gone = await try_to_put(resources_http, coordinator, path, form)
    assert gone.status_code == 404


async def test_a_theme_that_is_not_in_the_code_book_is_no_theme(
    resources_http, coordinator, theme, wrote
):
    text = await wrote()
    path = f"/texts/{text['text_id']}/themes"
    await put(
        resources_http,
        coordinator,
        f"/themes/{theme}",
        {"label": "Old", "means": "Not used.", "retired": True},
    )
    answer = await try_to_put(resources_http, coordinator, path, {"themes": [theme]})
    assert wrong(answer) == {("/themes/0", "unknown-theme")}


async def test_a_quote_needs_consent_and_goes_with_the_answer(
    resources_http, resources_database, coordinator, theme, wrote
):
    agreed, refused = await wrote(quote=True), await wrote()
    form = {
        "said": "We ring each other now.",
        "source_type": "survey_respondent",
        "themes": [theme],
    }
    for details, pointer in (
        ({"text_id": refused["text_id"], "agreed": True}, "/text_id"),
        ({}, "/agreed"),
    ):
        answer = await resources_http.post(
            "/quotes",
            json={**form, **details},
            headers={**coordinator, "Idempotency-Key": str(uuid4())},
        )
        assert wrong(answer) == {(pointer, "consent")}
    quote = await post(
        resources_http, coordinator, "/quotes", {**form, "text_id": agreed["text_id"]}
    )
    path = f"/quotes/{quote['quote_id']}"
    for _ in range(2):
        await put(resources_http, coordinator, f"{path}/approval")
    [approved] = await told(resources_database, "QuoteApproved", quote["quote_id"])
    assert approved.themes == (theme,)
    assert "ring" not in approved.model_dump_json()
    listed = await get(resources_http, coordinator, "/quotes", theme=theme, approved="true")
    assert [one["said"] for one in listed["items"]] == [form["said"]]
    await resources_http.delete(f"/receipts/{agreed['receipt']}")
    listed = await get(resources_http, coordinator, "/quotes", theme=theme)
    assert listed["items"] == []
    assert len(await told(resources_database, "QuoteWithdrawn", quote["quote_id"])) == 1
    kept = await resources_database.pool.fetchval(
        "SELECT said FROM quote WHERE quote_id = $1::text::uuid", quote["quote_id"]
    )
    assert kept is None
    again = await try_to_put(resources_http, coordinator, f"{path}/approval")
    assert again.status_code == 409


async def test_whoever_is_forgotten_is_quoted_no_more(
    house, resources_http, resources_database, coordinator
):
    event, person = uuid4(), uuid4()
    question = await ask(resources_http, coordinator, type="text", options=[])
    survey = await a_survey(resources_http, coordinator, question)
    await came(resources_database, attendance(event, person_id=person))
    await invite(resources_http, coordinator, survey, event)
    [link] = (await links(house, resources_database, survey)).values()
    said = {"question": question["code"], "text": "We ring each other now."}
    form = {"consent": {**AGREED, "quote": True}, "answers": [said]}
    await resources_http.put(f"/s/{link.token}/draft", json=form)
    await resources_http.post(f"/s/{link.token}/responses", json=form)
    await resources_http.put(f"/s/{link.token}/draft", json=form)
    [text] = (await get(resources_http, coordinator, "/texts", survey_key=survey["survey_key"]))[
        "items"
    ]
    quote = {"said": said["text"], "source_type": "survey_respondent", "text_id": text["text_id"]}
    entered = await post(resources_http, coordinator, "/quotes", quote)
    now = datetime.now(UTC)
    async with transaction(resources_database) as conn:
        copies = [await copy_of(conn, one, [person]) for one in service("resources").holdings]
        for holding in service("resources").holdings:
            await forget(conn, holding, [person], now=now)
    assert str(copies).count(said["text"]) == 3  # the quote, the draft, the answer
    left = await resources_database.pool.fetchrow(
        """
        SELECT (SELECT said FROM quote WHERE quote_id = $1::text::uuid),
               (SELECT count(*) FROM survey_draft WHERE invitation_id = $2),
               (SELECT count(*) FROM answer_text WHERE text_id = $3::text::uuid),
               (SELECT count(*) FROM survey_due WHERE person_id = $4)
        """,
        entered["quote_id"],
        link.invitation_id,
        text["text_id"],
        person,
    )
    assert tuple(left) == (None, 0, 0, 0)


async def test_one_thread_leads_from_what_was_said_to_that_people_hear_of_it(
    resources_http, resources_database, coordinator
):
    event, engagement = uuid4(), uuid4()
    form = {
        "said": "Nobody tells us when a room is free.",
        "listed": True,
        "learning_event_id": str(event),
        "engagement_id": str(engagement),
        "organisation": governed.organisation(),
    }
    thread = await post(resources_http, coordinator, "/you-said", form)
    path = f"/you-said/{thread['item_id']}/state"
    steps = [
        {"state": "shared_with_organisation"},
        {"state": "committed"},
        {"state": "done", "told": "Free rooms are on a board."},
        {"state": "fed_back"},
    ]
    for step in steps:
        await put(resources_http, coordinator, path, step)
    back = await try_to_put(resources_http, coordinator, path, {"state": "said"})
    assert back.status_code == 409
    [seen] = (await get(resources_http, {}, "/you-said", learning_event_id=str(event)))["items"]
    assert seen["did"] == "Free rooms are on a board."
    assert [one["state"] for one in seen["steps"]] == ["said", *(one["state"] for one in steps)]
    [recorded] = await told(resources_database, "YouSaidRecorded", thread["item_id"])
    reported = await told(resources_database, "WeDidReported", thread["item_id"])
    assert [one.state for one in reported] == [one["state"] for one in steps]
    assert {one.engagement_id for one in (recorded, *reported)} == {engagement}


async def test_what_is_done_or_not_is_said_in_words_and_what_is_not_listed_is_not_shown(
    resources_http, coordinator
):
    event = str(uuid4())
    thread = await post(
        resources_http,
        coordinator,
        "/you-said",
        {"said": "The stairs are steep.", "learning_event_id": event},
    )
    path = f"/you-said/{thread['item_id']}/state"
    for state in ("done", "not_done_with_reason"):
        answer = await try_to_put(resources_http, coordinator, path, {"state": state})
        assert wrong(answer) == {("/told", "missing")}
    query = {"learning_event_id": event}
    assert (await get(resources_http, {}, "/you-said", **query))["items"] == []
    [seen] = (await get(resources_http, coordinator, "/you-said", **query))["items"]
    assert (seen["state"], len(seen["steps"])) == ("said", 1)


def test_nothing_becomes_said_again_and_everything_can_be_fed_back():
    assert not any(may_become(state, SaidState.SAID) for state in SaidState)
    assert [state for state in SaidState if may_become(state, SaidState.FED_BACK)] == [
        SaidState.DONE,
        SaidState.NOT_DONE_WITH_REASON,
    ]


async def test_a_second_coder_is_another_person_and_both_are_held_side_by_side(
    resources_http, coordinator, token, theme, wrote
):
    text, first, second = await wrote(), token("evaluator"), token("evaluator")
    path = f"/texts/{text['text_id']}"
    early = await try_to_put(resources_http, second, f"{path}/second-themes", {"themes": [theme]})
    assert early.status_code == 409
    await put(resources_http, first, f"{path}/themes", {"themes": [theme]})
    waits = {"survey_key": text["survey_key"], "second": "false"}
    assert len((await get(resources_http, second, "/texts", **waits))["items"]) == 1
    own = await try_to_put(resources_http, first, f"{path}/second-themes", {"themes": []})
    assert own.status_code == 409
    await put(resources_http, second, f"{path}/second-themes", {"themes": [theme]})
    assert (await get(resources_http, second, "/texts", **waits))["items"] == []
    shown = await get(resources_http, coordinator, path)
    assert (shown["themes"], shown["second_themes"]) == ([theme], [theme])
    agreed = await get(resources_http, coordinator, "/coding-agreement")
    [of_theme] = [one for one in agreed["themes"] if one["code"] == theme]
    assert (of_theme["by_both"], of_theme["by_one"]) == (1, 0)
    # The second becomes the first: then there is no second any more.
    await put(resources_http, second, f"{path}/themes", {"themes": []})
    assert (await get(resources_http, coordinator, path))["second_themes"] is None


async def test_a_text_that_was_taken_back_has_no_second_coder(resources_http, token, wrote):
    text = await wrote()
    path = f"/texts/{text['text_id']}"
    await put(resources_http, token("evaluator"), f"{path}/themes", {"themes": []})
    await resources_http.delete(f"/receipts/{text['receipt']}")
    gone = await try_to_put(resources_http, token("evaluator"), f"{path}/second-themes",
                            {"themes": []})  # fmt: skip
    assert gone.status_code == 404
    assert (await resources_http.get(path, headers=token("evaluator"))).status_code == 404


@pytest.mark.parametrize(
    ("pairs", "same_themes", "said"),
    [
        ([], 0, None),
        ([({"a"}, {"a"}), ((), ())], 2, 1.0),
        ([({"a"}, {"a"})], 1, None),  # nothing else was possible
        ([({"a"}, ()), ((), {"a"})], 0, -1.0),
        ([({"a"}, {"a"}), ({"a"}, ()), ((), ()), ((), {"a"})], 2, 0.0),
        ([({"a", "b"}, {"a"}), ((), ())], 1, 1.0),
    ],
)
def test_agreement_beyond_chance_is_told_for_each_theme(pairs, same_themes, said):
    assert same(pairs) == same_themes
    assert kappa(pairs, "a") == said
