"""Signatures are those of the specification, and nothing forged or old passes."""

from datetime import UTC, datetime, timedelta

import pytest

from pdu_shared.standard_webhooks import BadSignature, key_of, secret_of, signed, verify

NOW = datetime.fromtimestamp(1614265330, UTC)
# The example that the specification's own libraries are tested with.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_body_is_signed_as_the_specification_says():
    assert signed(SECRET, MESSAGE_ID, BODY, now=NOW) == {
        "webhook-id": MESSAGE_ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    }


def test_what_was_signed_is_believed_also_beside_a_signature_of_another_secret():
    headers = signed(SECRET, MESSAGE_ID, BODY, now=NOW)
    assert verify(SECRET, headers, BODY, now=NOW) == MESSAGE_ID
    headers["webhook-signature"] = f"v1,b3RoZXI= v2,x {SIGNATURE}"
    assert verify(SECRET, headers, BODY, now=NOW + timedelta(minutes=4)) == MESSAGE_ID


@pytest.mark.parametrize(
    ("changes", "body", "after", "why"),
    [
        ({"webhook-id": "another"}, BODY, 0, "forged"),
        ({"webhook-id": ""}, BODY, 0, "unsigned"),
        ({"webhook-timestamp": "1614265331"}, BODY, 0, "forged"),
        ({"webhook-timestamp": "-1"}, BODY, 0, "unsigned"),
        ({"webhook-timestamp": "9" * 400}, BODY, 0, "too_old"),
        ({"webhook-signature": ""}, BODY, 0, "forged"),
        ({"webhook-signature": SIGNATURE.replace("v1", "v2")}, BODY, 0, "forged"),
        ({"webhook-signature": "v1,\u00e9"}, BODY, 0, "forged"),
        ({}, BODY + b" ", 0, "forged"),
        ({}, BODY, 301, "too_old"),
        ({}, BODY, -301, "too_old"),
    ],
)
def test_nothing_else_is_believed(changes, body, after, why):
    headers = {**signed(SECRET, MESSAGE_ID, BODY, now=NOW), **changes}
    with pytest.raises(BadSignature, match=why):
        verify(SECRET, headers, body, now=NOW + timedelta(seconds=after))


def test_a_secret_is_its_key_written_down():
    assert key_of(secret_of(b"key")) == b"key"
    with pytest.raises(ValueError, match="whsec_"):
        key_of("whsec_!!")
