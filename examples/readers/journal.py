"""Who came to a session, counted from the journal: PDU_TOKEN=… python journal.py URL SESSION_ID"""

import json
import os
import sys
from urllib.request import Request, urlopen

url, session = sys.argv[1:]
newest: dict[str, dict] = {}
after, done = 0, False
while not done:
    page = Request(f"{url}/journal?after={after}")
    page.add_header("Authorization", f"Bearer {os.environ['PDU_TOKEN']}")
    with urlopen(page, timeout=30) as answer:
        told = json.load(answer)
    for one in (item["message"] for item in told["items"]):
        kept = newest.get(one["subject"], one)
        if "Attendance" in one["type"] and one["sequence"] >= kept["sequence"]:
            newest[one["subject"]] = one
    done, after = told["next"] == after, told["next"]

attendances = [one["data"] for one in newest.values() if one["data"]["session_id"] == session]
came = [one for one in attendances if one["state"] in ("present", "partial")]
print(f"{len(attendances)} in the register, {len(came)} came")
