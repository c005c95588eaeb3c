"""The maintenance of the night, and every way in which it can end."""

import os
import sys
import threading
import time

from metaflow import FlowSpec, Parameter, retry, step


class NightlyFlow(FlowSpec):
    """Compact the tables of the feature store."""

    ending = Parameter("ending", default="fine", help="fine, error, exit, crash, unpicklable, crash-then-fine, error-then-crash or slow")
    seconds = Parameter("seconds", default=600.0, help="How long the slow ending takes")

    @step
    def start(self):
        self.tables = ["customers", "orders", "tickets"]
        self.next(self.compact, foreach="tables")

    @retry(times=1, minutes_between_retries=0)
    @step
    def compact(self):
        from metaflow import current

        self.table = self.input
        self.before, self.after = 120 + len(self.table), 80
        print(f"{self.table}: {self.before} files -> {self.after} files")
        if self.table == "orders":
            self.trouble(current.retry_count)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.saved = sum(i.before - i.after for i in inputs)
        self.next(self.end)

    @step
    def end(self):
        print(self.saved, "files saved")

    def trouble(self, attempt):
        first = attempt == 0
        if self.ending == "error":
            raise RuntimeError("cannot lock table 'orders': held by another job")
        if self.ending == "exit":
            print("nothing to do, leaving", file=sys.stderr)
            sys.exit(3)
        if self.ending == "crash" or (self.ending == "crash-then-fine" and first) or (self.ending == "error-then-crash" and not first):
            print("out of memory", file=sys.stderr, flush=True)
            os._exit(137)
        if self.ending == "error-then-crash":
            raise RuntimeError("cannot lock table 'orders': held by another job")
        if self.ending == "unpicklable":
            self.lock = threading.Lock()
        if self.ending == "slow":
            deadline = time.time() + self.seconds
            while time.time() < deadline:
                time.sleep(0.2)


if __name__ == "__main__":
    NightlyFlow()
