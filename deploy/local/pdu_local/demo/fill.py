"""Fills a running platform with the demonstration; whoever stops it can start it again."""

import asyncio
import re
from datetime import timedelta

import httpx

from pdu_local import letters as post
from pdu_local.demo import cast, change, figures, learning, library, past, programme, staff
from pdu_local.demo import letters as bulletin
from pdu_local.demo.ledger import Ledger
from pdu_local.demo.stage import PATIENCE, PAUSE, Stage, clock
from pdu_local.failure import Failure
from pdu_local.keys import Keys
from pdu_local.programs import Place
from pdu_local.secret_files import PERSON_KEY, PLATFORM, issuer_keys
from pdu_local.sending import Target
from pdu_local.speech import Speech
from pdu_shared.access import Caller, Role
from pdu_shared.issuer_keys import signing_key
from pdu_shared.platform import SERVICES
from pdu_shared.tokens import mint

REMEMBERED = timedelta(days=25)
"""Services forget after thirty days that they were asked something: then nothing is repeated."""


def fill(place: Place, speech: Speech) -> None:
    """Play the demonstration on this platform, as far as it has not been played yet."""
    say, now = speech.say, clock()
    ledger = Ledger(place.state.demo_ledger, now)
    if now.date() - ledger.first_day > REMEMBERED:
        say(f"The demonstration is of {ledger.first_day}. A new one: ./pdu up --demo --fresh")
        return
    before = len(ledger)
    try:
        asyncio.run(_fill(place, ledger, speech))
    except* Failure as failures:
        raise _first(failures) from None
    done = len(ledger) - before
    if done:
        say(f"The demonstration is filled in: {done} steps.")
    else:
        say("The demonstration is filled in already.")
    _tell_how_to_sign_in(ledger, speech)


def _tell_how_to_sign_in(ledger: Ledger, speech: Speech) -> None:
    """Who there is, and what staff need besides the letter: good in this demonstration only."""
    speech.say("Sign in as marian@example.org, a member: the code comes to the post box.")
    speech.say("Staff need an app as well. Give yours this key, or ask ./pdu code ADDRESS:")
    for who, roles in staff.staff().items():
        if secret := staff.secret_of(ledger, who):
            named = ", ".join(role.replace("_", " ") for role in roles)
            speech.say(f"  {cast.address(who):22} {secret}  {named}")


async def play(
    stage: Stage, who: cast.Cast, target: Target, read_code: cast.ReadCode, link: bulletin.Link
) -> None:
    """Everything in its order: what others build on comes first, the rest side by side."""
    await programme.gather(stage)
    async with asyncio.TaskGroup() as group:
        group.create_task(_learn(stage, who, read_code))
        group.create_task(_look_back(stage, target))
        group.create_task(programme.announce(stage))
        group.create_task(change.happen(stage))
        group.create_task(bulletin.write(stage, link))
    await figures.freeze(stage)


async def _learn(stage: Stage, who: cast.Cast, read_code: cast.ReadCode) -> None:
    await cast.enter(stage, who, read_code)
    await asyncio.gather(
        learning.learn(stage), library.bring(stage), staff.set_up(stage, read_code)
    )


async def _look_back(stage: Stage, target: Target) -> None:
    """What people read is in the library before they do."""
    await library.furnish(stage)
    await past.live_through(stage, target)
    await asyncio.gather(library.record(stage), change.answer(stage))


async def _fill(place: Place, ledger: Ledger, speech: Speech) -> None:
    issuer = signing_key(issuer_keys(place.state.secrets))
    importer = Caller(
        client_id="pdu-demo",
        roles=frozenset({Role.INTEGRATION, Role.COORDINATOR}),
        scope=frozenset({"import"}),
    )
    target = Target(
        urls={name: place.url(name) for name in SERVICES},
        token=mint(issuer, importer, audiences=cast.AUDIENCES),
    )
    key = Keys(place.state.secrets).file(PLATFORM, PERSON_KEY).read_text().strip()
    actors = cast.Cast(issuer, key.encode())
    doors = {
        name: httpx.AsyncClient(base_url=place.url(name), trust_env=False, timeout=30)
        for name in SERVICES
    }
    stage = Stage(doors, actors.bearer, ledger, speech.pass_by)
    code, link = (_in_letters(place, words) for words in (cast.CODE, bulletin.LINK))
    try:
        await play(stage, actors, target, lambda email, _: code(email), link)
    finally:
        for door in doors.values():
            await door.aclose()


def _in_letters(place: Place, words: re.Pattern[str]) -> bulletin.Link:
    """Finds something in the newest letter to an address, as people do in theirs."""

    async def found(email: str) -> str:
        until = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < until:
            for letter in await asyncio.to_thread(list, post.newest(place.state.mail, to=email)):
                if it := words.search(letter.text):
                    return it[1]
            await asyncio.sleep(PAUSE)
        raise Failure(f"No letter came to {email}.", "See: ./pdu logs resources")

    return found


def _first(failures: BaseExceptionGroup[Failure]) -> Failure:
    found: BaseException = failures
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    assert isinstance(found, Failure), "what was asked for"
    return found
