"""An operator: a message that nobody can read is set aside, looked at and given up."""

import aio_pika

from eventually import until

ODD = b'{"type": "pdu.bookings.EventBooked.v1", "note": "not a message at all"}'


async def test_an_operator_lets_a_message_in_again_and_gives_it_up(house, signed_in):
    connection = await aio_pika.connect(house.amqp_url("bookings"))
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("pdu.messages", ensure=False)
        await exchange.publish(aio_pika.Message(ODD), "bookings.EventBooked")

    operator = await signed_in("operator", name="Will Scarlett")

    async def it_is_set_aside():
        await operator.open("/operate/set-aside")
        return await operator.page.get_by_role("button", name="Let it in again").count()

    before = await until(it_is_set_aside, within=60)
    assert "not a message at all" not in await operator.said()
    await operator.press("Let it in again")
    await operator.sees("It is let in again")

    async def it_is_set_aside_once_more():
        return await it_is_set_aside() == before

    await until(it_is_set_aside_once_more, within=60)
    await operator.follow("Give it up")
    await operator.press("Give it up")
    await operator.open("/operate/set-aside")
    left = operator.page.get_by_role("button", name="Let it in again")
    assert await left.count() == before - 1
