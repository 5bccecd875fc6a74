"""Who came to a session, counted as it happens: PDU_TOKEN=… python follow.py URL SESSION_ID"""

import json
import os
import sys
from urllib.request import Request, urlopen

url, session = sys.argv[1:]
newest: dict[str, dict] = {}
stream = Request(f"{url}/journal/stream", headers={"Last-Event-ID": "0"})
stream.add_header("Authorization", f"Bearer {os.environ['PDU_TOKEN']}")
try:
    with urlopen(stream, timeout=5) as lines:
        for line in lines:
            if line.startswith(b"data: "):
                told = json.loads(line.removeprefix(b"data: "))["message"]
                kept = newest.get(told["subject"], told)
                if "Attendance" in told["type"] and told["sequence"] >= kept["sequence"]:
                    newest[told["subject"]] = told
except TimeoutError:
    pass  # five seconds without news: that is all so far

attendances = [one["data"] for one in newest.values() if one["data"]["session_id"] == session]
came = [one for one in attendances if one["state"] in ("present", "partial")]
print(f"{len(attendances)} in the register, {len(came)} came")
