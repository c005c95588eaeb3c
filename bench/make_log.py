"""Writes the log files of a task as Metaflow's own capture does: two sources whose lines interleave in time. Usage: make_log.py TASK_FOLDER LINES."""

import datetime
import os
import sys

from metaflow.mflog.mflog import decorate

folder, lines = sys.argv[1], int(sys.argv[2])
start = datetime.datetime(2026, 11, 23, 8, 0, 0)
for offset, source in enumerate(("runtime", "task")):
    path = os.path.join(folder, f"0.{source}_stdout.log")
    if os.path.exists(path):
        os.remove(path)  # a hard link into the model
    with open(path, "wb") as out:
        for n in range(lines // 2):
            now = start + datetime.timedelta(milliseconds=3 * n + offset)
            out.write(decorate(source, b"epoch %06d  loss %.4f  learning rate 0.05, 32 rows in this batch\n" % (n, 1 / (n + 1)), now=now))
