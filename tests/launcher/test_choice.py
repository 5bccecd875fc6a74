"""Which servers a run stands on."""

import pytest

from pdu_local.broker import find_broker
from pdu_local.choice import Infrastructure, choose, engine_answers, needs_broker
from pdu_local.failure import Failure

GIVEN = {
    "PDU_AMQP_URL": "amqp://admin@localhost",
    "PDU_DATABASE_URL": "postgresql://admin@localhost",
}
NO_ENGINE = {"DOCKER_HOST": "unix:///nowhere.sock"}


def test_given_servers_are_used():
    assert choose(GIVEN) is Infrastructure.EXTERNAL


def test_private_servers_are_used_when_a_broker_is_at_hand():
    if find_broker() is None:
        pytest.skip("no RabbitMQ is installed or unpacked here")
    assert choose(NO_ENGINE) is Infrastructure.NATIVE


def test_containers_without_an_engine_fail_loudly():
    with pytest.raises(Failure, match="no container engine answers"):
        choose(NO_ENGINE | {"PDU_TEST_INFRA": "containers"})


def test_external_servers_without_an_address_fail_loudly():
    with pytest.raises(Failure, match="PDU_DATABASE_URL is not set"):
        choose({"PDU_TEST_INFRA": "external", "PDU_AMQP_URL": GIVEN["PDU_AMQP_URL"]})


def test_an_unknown_wish_names_the_known_ones():
    with pytest.raises(Failure, match="auto, external, native, containers"):
        choose({}, wish="cloud")


def test_an_engine_that_is_away_does_not_answer():
    assert engine_answers(NO_ENGINE) is False


@pytest.mark.parametrize(
    ("words", "environ", "needed"),
    [
        (["up"], {}, True),
        (["up", "--demo"], GIVEN, False),
        (["up", "--infra", "containers"], {}, False),
        (["up", "--infra=external"], {}, False),
        (["up", "--help"], {}, False),
        (["status"], {}, False),
        (["test"], GIVEN, False),
        ([], {}, False),
    ],
)
def test_a_broker_is_fetched_only_for_what_starts_one(words, environ, needed):
    assert needs_broker(words, environ) is needed
