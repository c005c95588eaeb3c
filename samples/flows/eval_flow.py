"""Evaluates a model from several sides: two branches, then a foreach in a foreach."""

from metaflow import FlowSpec, Parameter, step


class EvalFlow(FlowSpec):
    """Evaluate the current churn model by region and segment."""

    threshold = Parameter("threshold", default=0.5, help="Above it a customer is said to leave")
    regions = Parameter("regions", default="north,south,west", separator=",", help="Regions to look at, by commas")

    @step
    def start(self):
        self.model = {"name": "ridge", "version": (1, 4, 0)}
        self.next(self.accuracy, self.fairness)

    @step
    def accuracy(self):
        self.result_of = "accuracy"
        self.result = {"accuracy": 0.87, "threshold": self.threshold}
        print("accuracy 0.87")
        self.next(self.summarize)

    @step
    def fairness(self):
        self.result_of = "fairness"
        self.result = {"parity": 0.96, "groups": ["18-35", "36-60", "60+"]}
        print("parity 0.96 over 3 groups")
        self.next(self.summarize)

    @step
    def summarize(self, inputs):
        self.results = {i.result_of: i.result for i in inputs}
        self.merge_artifacts(inputs, exclude=["result", "result_of"])
        self.next(self.fan_out)

    @step
    def fan_out(self):
        print("looking at", ", ".join(self.regions))
        self.next(self.by_region, foreach="regions")

    @step
    def by_region(self):
        self.region = self.input
        self.segments = ["new", "loyal"]
        self.next(self.by_segment, foreach="segments")

    @step
    def by_segment(self):
        self.segment = self.input
        self.score = round(0.7 + (len(self.region) * 7 + len(self.segment) * 3) % 25 / 100, 2)
        print(f"{self.region}/{self.segment}: {self.score}")
        self.next(self.join_segments)

    @step
    def join_segments(self, inputs):
        self.scores = {i.segment: i.score for i in inputs}
        self.merge_artifacts(inputs, include=["region"])
        self.next(self.join_regions)

    @step
    def join_regions(self, inputs):
        self.scores = {i.region: i.scores for i in inputs}
        self.next(self.end)

    @step
    def end(self):
        print("evaluated", len(self.scores), "regions")


if __name__ == "__main__":
    EvalFlow()
