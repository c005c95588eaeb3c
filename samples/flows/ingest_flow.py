"""Loads the orders of a day: one step after the other, with a source that is not always there."""

from metaflow import Config, FlowSpec, Parameter, current, retry, step


class IngestFlow(FlowSpec):
    """Ingest a day's orders."""

    settings = Config("settings", default="ingest.json")
    day = Parameter("day", default="2026-11-20", help="Day to load")
    outages = Parameter("outages", default=1, help="How often the source refuses before it answers")

    @step
    def start(self):
        self.source = self.settings.source
        print("loading", self.day, "from", self.source)
        self.next(self.fetch)

    @retry(times=2, minutes_between_retries=0)
    @step
    def fetch(self):
        import sys

        print(f"attempt {current.retry_count}: connecting to {self.source}")
        if current.retry_count < self.outages:
            print("WARNING connection refused, will be tried again", file=sys.stderr)
            raise ConnectionError(f"{self.source} refused the connection")
        self.orders = [{"id": n, "amount": round(n * 13.7 % 101, 2)} for n in range(self.settings.batch)]
        print(len(self.orders), "orders")
        self.next(self.clean)

    @step
    def clean(self):
        self.orders = [order for order in self.orders if order["amount"] >= self.settings.smallest]
        self.total = sum(order["amount"] for order in self.orders)
        self.next(self.end)

    @step
    def end(self):
        print(f"{len(self.orders)} orders, {self.total:.2f} in all")


if __name__ == "__main__":
    IngestFlow()
