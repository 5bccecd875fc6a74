"""An address that somebody gave us never leads into our own network."""

import socket
from ipaddress import ip_address

import pytest

from loopback import loopback
from pdu_shared.calling import NotCalled, is_outside, objection, post_json

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_a_network_is_not_called(address):
    assert not is_outside(ip_address(address))
    host = f"[{address}]" if ":" in address else address
    assert objection(f"https://{host}/") is not None


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_what_is_on_the_web_is(address):
    assert is_outside(ip_address(address))


@pytest.mark.parametrize(
    "url",
    ["", "tool.example.org", "http://tool.example.org/", "ftp://tool.example.org/", "https://",
     "https://a:b@tool.example.org/", "https://tool.example.org/#x", "https://tool.example.org:x/",
     "https://tool.example.org/ x", "https://tool.example.org/\n", "https://t\u00f6ol.example.org/",
     "https://[::1", "https://localhost/", "https://tool.example.org/" + "x" * 1000],
)  # fmt: skip
def test_what_is_no_address_on_the_web_is_refused_with_words(url):
    assert objection(url).endswith(".")


def test_an_address_on_the_web_is_taken():
    assert objection("https://tool.example.org:8443/pdu?key=1") is None


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:127.0.0.1"]]
)
async def test_a_name_that_leads_inside_is_not_called(monkeypatch, found):
    """Whoever owns a name decides where it leads: it is looked at after it was looked up."""

    def looked_up(*_args, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    with pytest.raises(NotCalled, match="address_refused"):
        await post_json("https://tool.example.org/", b"{}", {})


async def test_at_home_a_tool_on_this_machine_is_called_and_sends_us_nowhere_else():
    async with (
        loopback(lambda _asked: (200, {})) as elsewhere,
        loopback(lambda asked: (302, {}, f"Location: {elsewhere.url}{asked.path}")) as there,
    ):
        with pytest.raises(NotCalled, match="address_refused"):
            await post_json(f"{there.url}/pdu", b"{}", {})
        assert await post_json(f"{there.url}/pdu", b"{}", {"x": "y"}, at_home=True) == 302
    [asked] = there.asked
    assert (asked.path, asked.body, asked.headers["x"]) == ("/pdu", b"{}", "y")
    assert asked.headers["host"] == f"127.0.0.1:{there.port}"
    assert elsewhere.asked == []


async def test_a_tool_that_hangs_up_or_is_not_there_gave_no_answer():
    async with loopback(lambda _asked: None) as there:
        with pytest.raises(NotCalled, match="no_answer"):
            await post_json(there.url, b"{}", {}, at_home=True)
    with pytest.raises(NotCalled, match="no_answer"):
        await post_json(there.url, b"{}", {}, at_home=True)
