"""A task whose log grows while it runs, as that of a task which runs elsewhere: captured by metaflow.mflog and saved piece by piece.

It waits for files in the folder `gate`: `1`, `2`, ... let it say its next line, `end` ends it.
"""

import os
import subprocess
import sys
import time

from metaflow import FlowSpec, Parameter, current, step


class GrowingLogFlow(FlowSpec):
    gate = Parameter("gate", default=".")

    @step
    def start(self):
        paths = {stream: os.path.join(self.gate, f"captured-{stream}") for stream in ("stdout", "stderr")}
        capture = {stream: Capture(path) for stream, path in paths.items()}
        environment = dict(
            os.environ,
            MF_PATHSPEC=current.pathspec,
            MF_ATTEMPT=str(current.retry_count),
            MF_DATASTORE="local",
            MFLOG_STDOUT=paths["stdout"],
            MFLOG_STDERR=paths["stderr"],
        )
        number = 0
        while not os.path.exists(os.path.join(self.gate, "end")):
            if os.path.exists(os.path.join(self.gate, str(number + 1))):
                number += 1
                capture["stdout"].say(f"line {number}")
                if number % 2 == 0:
                    capture["stderr"].say(f"warning {number}")
                subprocess.run(
                    [sys.executable, "-m", "metaflow.mflog.save_logs"],
                    env=environment,
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
            time.sleep(0.05)
        for each in capture.values():
            each.close()
        self.next(self.end)

    @step
    def end(self):
        pass


class Capture:
    """Metaflow's own `tee`, with one line at a time."""

    def __init__(self, path):
        self.path = path
        self.lines = 0
        open(path, "wb").close()
        self.tee = subprocess.Popen(
            [sys.executable, "-m", "metaflow.mflog.tee", "task", path],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )

    def say(self, text):
        self.lines += 1
        self.tee.stdin.write(f"{text}\n".encode())
        self.tee.stdin.flush()
        while open(self.path, "rb").read().count(b"\n") < self.lines:
            time.sleep(0.01)

    def close(self):
        self.tee.stdin.close()
        self.tee.wait()


if __name__ == "__main__":
    GrowingLogFlow()
