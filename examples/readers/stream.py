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
                    told = json.loads(message.body)
                    kept = newest.get(told["subject"], told)
                    if "Attendance" in told["type"] and told["sequence"] >= kept["sequence"]:
                        newest[told["subject"]] = told
                    await message.ack()
        except TimeoutError:
            pass  # five seconds without news: that is all so far
    attendances = [one["data"] for one in newest.values() if one["data"]["session_id"] == session]
    came = [one for one in attendances if one["state"] in ("present", "partial")]
    print(f"{len(attendances)} in the register, {len(came)} came")


asyncio.run(main(*sys.argv[1:]))
