"""How far an import has come, as the command that imports asks it."""

from uuid import uuid4

import telling
from bus import arrived
from pdu_shared.access import Role


def of_batch(batch_id, *messages):
    return [arrived(one, origin="import", batch_id=batch_id) for one in messages]


async def progress(http, batch_id, **options):
    answer = await http.get(f"/imports/{batch_id}", **options)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_nothing_is_known_of_a_batch_before_its_first_message(reporting_http):
    assert await progress(reporting_http, uuid4()) == {
        "journalled": 0,
        "expected": None,
        "complete": False,
    }


async def test_a_batch_is_complete_when_all_is_there_that_was_told(reporting_http, take):
    batch_id = uuid4()
    *first, last = of_batch(batch_id, *(telling.attendance() for _ in range(3)))
    steps = []
    for batch in (
        first,
        of_batch(batch_id, telling.imported(batch_id=batch_id, messages=3)),
        [last, *first],
    ):
        await take(*batch)
        steps.append(tuple((await progress(reporting_http, batch_id)).values()))
    assert steps == [(2, None, False), (2, 3, False), (3, 3, True)]


async def test_a_file_without_a_change_is_complete_when_it_is_closed(reporting_http, take):
    batch_id = uuid4()
    await take(*of_batch(batch_id, telling.imported(batch_id=batch_id, rows=9, messages=0)))
    assert await progress(reporting_http, batch_id) == {
        "journalled": 0,
        "expected": 0,
        "complete": True,
    }


async def test_who_imports_may_ask_and_an_evaluator_may_not(house, reporting_http):
    path = f"/imports/{uuid4()}"
    answers = [
        (await reporting_http.get(path, headers=house.authorised(role))).status_code
        for role in (Role.INTEGRATION, Role.COORDINATOR, Role.EVALUATOR)
    ]
    assert answers == [200, 200, 403]


async def test_a_batch_that_is_no_id_is_not_there(reporting_http):
    assert (await reporting_http.get("/imports/first")).status_code == 404
