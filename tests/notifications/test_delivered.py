"""Letters that lie with us go when the person they went to is forgotten."""

import os
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest

from pdu_local import letters
from pdu_notifications.delivered import folders_of, forget_in
from pdu_shared.identity import person_id
from pdu_shared.maildir import Maildir

KEY = b"pdu-test-key"
NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def letter(to, text="Come back."):
    message = EmailMessage()
    message["Message-ID"] = f"<{uuid4()}@example.org>"
    message["From"], message["To"], message["Subject"] = "pdu@example.org", to, "Thank you"
    message.set_content(text)
    return message


def into_the_post_box(folder, to, *, came_at=NOW):
    path = folder / f"{letters.keep(folder, letter(to).as_bytes(), [to])}.eml"
    os.utime(path, (came_at.timestamp(), came_at.timestamp()))
    return path


async def into_the_maildir(folder, to):
    async def before():
        pass

    await Maildir(folder).send(letter(to), envelope_sender="pdu@example.org", before_data=before)
    [path] = (folder / "new").iterdir()
    return path


def erased(address, generation=0, *, at=NOW):
    return {person_id(KEY, address, generation): at}


async def test_their_letters_go_and_nobody_elses(tmp_path):
    mine, other = f"{uuid4().hex}@example.org", f"{uuid4().hex}@example.org"
    box, maildir = tmp_path / "box", tmp_path / "maildir"
    gone = [into_the_post_box(box, mine), into_the_post_box(box, mine.upper())]
    gone.append(await into_the_maildir(maildir, f"Zoë <{mine}>"))
    stays = [into_the_post_box(box, other), box / "no letter"]
    stays[1].write_bytes(b"\xff\x00 To: nobody")
    at = NOW + timedelta(days=1)
    assert forget_in([box, maildir, tmp_path / "none"], KEY, erased(mine, at=at)) == 3
    assert [path.exists() for path in (*gone, *stays)] == [False] * 3 + [True] * 2


@pytest.mark.parametrize("generation", [0, 1, 3])
def test_what_came_later_is_for_whoever_the_address_is_now(tmp_path, generation):
    address = f"{uuid4().hex}@example.org"
    before = into_the_post_box(tmp_path, address, came_at=NOW - timedelta(days=1))
    later = into_the_post_box(tmp_path, address, came_at=NOW + timedelta(seconds=1))
    assert forget_in([tmp_path], KEY, erased(address, generation)) == 1
    assert (before.exists(), later.exists()) == (False, True)


def test_where_letters_lie_is_what_the_settings_say(house):
    settings = house.settings("notifications")
    assert folders_of(settings) == []
    both = settings.model_copy(
        update={"post_box": Path("/box"), "mail_url": "maildir:/var/mail/pdu"}
    )
    assert folders_of(both) == [Path("/box"), Path("/var/mail/pdu")]
