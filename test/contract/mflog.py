"""Merges logs with Metaflow's own merge_logs. Reads cases (lists of base64 logs) as JSON lines, answers each with one JSON line."""

import base64
import json
import sys

from metaflow.mflog.mflog import merge_logs

for case in sys.stdin:
    logs = [base64.b64decode(log) for log in json.loads(case)]
    try:
        lines = [
            [line.utc_tstamp.isoformat(timespec="milliseconds"), base64.b64encode(line.msg).decode()]
            for line in merge_logs(logs)
        ]
        text = "".join(base64.b64decode(msg).decode("utf-8", "replace") + "\n" for _, msg in lines)
        print(json.dumps({"lines": lines, "text": text}))
    except TypeError as error:
        print(json.dumps({"error": type(error).__name__}))
