from metaflow import FlowSpec, step


class ManyDictsFlow(FlowSpec):
    """Leaves a list of a million dictionaries, to measure how it is opened."""

    @step
    def start(self):
        self.rows = [{"id": n, "name": f"row {n}", "loss": 1 / (n + 1), "kept": n % 3 == 0} for n in range(1_000_000)]
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    ManyDictsFlow()
