"""Scores every shard of the customers in a task of its own: a wide foreach."""

from metaflow import FlowSpec, Parameter, step


class ScoreFlow(FlowSpec):
    """Score all customers, shard by shard."""

    shards = Parameter("shards", default=120, help="How many tasks share the work")

    @step
    def start(self):
        self.keys = [f"shard-{n:03d}" for n in range(self.shards)]
        self.next(self.score, foreach="keys")

    @step
    def score(self):
        self.key = self.input
        number = int(self.key.rpartition("-")[2])
        self.scores = [(number * 31 + n * 17) % 1000 / 1000 for n in range(50)]
        print(f"{self.key}: mean {sum(self.scores) / len(self.scores):.3f}")
        self.next(self.collect)

    @step
    def collect(self, inputs):
        self.means = {i.key: round(sum(i.scores) / len(i.scores), 3) for i in inputs}
        self.next(self.end)

    @step
    def end(self):
        print(len(self.means), "shards scored")


if __name__ == "__main__":
    ScoreFlow()
