"""Who came to a session, counted from the stream: python stream.py AMQP_URL SESSION_ID"""

import asyncio
import json
import sys

import aio_pika

FROM_THE_BEGINNING = {"x-stream-offset": "first"}


async def main(url: str, session: str) -> None:
    newest: dict[str, dict] = {}
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=500)
        journal = await channel.get_queue("pdu.journal", ensure=False)
        try:
            async with journal.iterator(arguments=FROM_THE_BEGINNING, timeout=5) as messages:
                async for message in messages:
                    keep(newest, message.body, session)
                    await message.ack()
        except TimeoutError:
            pass  # five seconds without news: that is all so far
    came = [one for one in newest.values() if one["data"].get("state") in ("present", "partial")]
    print(f"{len(newest)} in the register, {len(came)} came")


def keep(newest: dict[str, dict], body: bytes, session: str) -> None:
    try:
        told = json.loads(body)
        if "Attendance" in told["type"] and told["data"]["session_id"] == session:
            kept = newest.get(told["subject"], told)
            newest[told["subject"]] = max(told, kept, key=lambda one: one["sequence"])
    except (ValueError, LookupError, TypeError) as damaged:
        print(f"left out, as nobody can read it: {damaged!r}", file=sys.stderr)


asyncio.run(main(*sys.argv[1:]))
