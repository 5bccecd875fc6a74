"""A real mail server (Debian's exim4) takes our letters, relays, delivers, and reports back."""

import asyncio
import os
import pwd
import shutil
import tempfile
from email.headerregistry import Address
from pathlib import Path

import pytest

from eventually import until
from notifications.office import a_booking, office, the_letter_of
from notifications.told import Story
from pdu_local.ports import free_ports
from pdu_notifications.postman import deliver_next
from pdu_notifications.return_path import ReturnPath
from pdu_notifications.returns.mailbox import MaildirBox
from pdu_notifications.returns.reading import Desk, empty

EXIM = shutil.which("exim4", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
USER, GROUP = os.geteuid(), os.getegid()
if USER == 0 and EXIM:
    USER, GROUP = pwd.getpwnam("Debian-exim")[2:4]
KEY = b"the key of links in tests"
BACK = ReturnPath(Address(username="bounces", domain="home.example.org"), KEY)
CONFIGURATION = """
exim_user = {user}
exim_group = {group}
trusted_users = {user}
never_users =
deliver_drop_privilege = true
primary_hostname = {name}.example.org
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
keep_environment =
host_lookup =
tls_advertise_hosts =
queue_run_max = 2
acl_smtp_rcpt = take
acl_smtp_data = take
domainlist home = home.example.org
begin acl
take:
  accept
begin routers
unknown:
  driver = redirect
  domains = +home
  local_parts = nobody
  allow_fail
  data = :fail: no such person here
mailbox:
  driver = accept
  domains = +home
  local_parts = marian : bounces
  local_part_suffix = +*
  local_part_suffix_optional
  transport = folder
onward:
  driver = manualroute
  domains = ! +home
  route_list = * 127.0.0.1 byname
  host_all_ignored = freeze
  self = send
  transport = onward
begin transports
folder:
  driver = appendfile
  user = {user}
  group = {group}
  directory = {folder}/mail/$local_part_data
  maildir_format
  delivery_date_add
  envelope_to_add
  return_path_add
onward:
  driver = smtp
  port = {next_port}
  allow_localhost
begin retry
* * F,1h,1m
begin rewrite
begin authenticators
"""


class Exim:
    """One mail server of our own: it takes everything, and hands on what is not for its people."""

    def __init__(self, folder, name, port, next_port):
        self.folder, self.port, self.helo = folder, port, "answer"
        (folder / "spool").mkdir(parents=True)
        self.file = folder / "exim.conf"
        self.file.write_text(
            CONFIGURATION.format(
                folder=folder, name=name, port=port, next_port=next_port,
                user=USER, group=GROUP,
            )
        )  # fmt: skip
        if os.geteuid() == 0:  # it delivers nothing as root
            for path in (folder, folder / "spool"):
                os.chown(path, USER, GROUP)

    async def start(self):
        self.process = await asyncio.create_subprocess_exec(
            EXIM, "-C", str(self.file), "-bdf", "-q1s",
            stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await until(self._listens)

    async def _listens(self):
        assert self.process.returncode is None, (await self.process.stderr.read()).decode()
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True

    async def stop(self):
        self.process.terminate()
        await self.process.communicate()

    def log(self):
        return (self.folder / "mainlog").read_text()

    def mails(self, name):
        new = self.folder / "mail" / name / "new"
        return sorted(new.iterdir()) if new.is_dir() else []


@pytest.fixture
async def servers():
    """Two servers: letters go to the first, which hands them on to the second."""
    if EXIM is None:
        pytest.skip("exim4 is not installed (apt-get install exim4-daemon-light)")
    ports = free_ports(2)
    with tempfile.TemporaryDirectory(prefix="exim-") as name:
        os.chmod(name, 0o755)  # noqa: PTH101, S103 - the server's own user passes through
        folder = Path(name)
        home = Exim(folder / "home", "home", ports[1], ports[1])
        relay = Exim(folder / "relay", "relay", ports[0], ports[1])
        relay.file.write_text(relay.file.read_text().replace("home = home.example.org", "home ="))
        for server in (home, relay):
            await server.start()
        yield relay, home
        for server in (home, relay):
            await server.stop()


async def test_a_letter_goes_through_a_relay_into_a_letter_box(database, sealer, servers):
    relay, home = servers
    reader, nobody = Story(), Story()
    for story, name in ((reader, "marian"), (nobody, "nobody")):
        await a_booking(database, story, sealer)
        await database.pool.execute(
            "UPDATE contact_point SET address = $1 WHERE person_id = $2",
            f"{name}@home.example.org",
            story.person_id,
        )
    here = office(database, relay, return_path=BACK)
    while await deliver_next(here):
        pass
    await here.sink.close()
    assert (await the_letter_of(database, reader))["state"] == "sent"
    await until(lambda: _some(home.mails("marian")))
    [arrived] = home.mails("marian")
    raw = arrived.read_bytes()
    letter_id = (await the_letter_of(database, reader))["letter_id"]
    # What signatures cover came through as one line, and as we wrote it.
    assert f"\nX-PDU-Letter: {letter_id}.0\n".encode() in raw
    [message_id] = [line for line in raw.splitlines() if line.startswith(b"Message-ID: ")]
    assert message_id.endswith(b"@example.org>")
    # Who is not there comes back as a report of that server, and we understand it.
    desk = Desk(database=database, key=KEY, return_path=BACK)
    await until(lambda: _some(home.mails("bounces")))
    await empty(MaildirBox(home.folder / "mail" / "bounces"), desk)
    letter = await the_letter_of(database, nobody)
    assert letter["state"] == "bounced", relay.log()
    assert await database.pool.fetchval("SELECT count(*) FROM suppression") == 1


async def _some(found):
    return bool(found)
