"""A quality gate: what comes next is decided while the flow runs."""

from metaflow import FlowSpec, Parameter, step


class RouteFlow(FlowSpec):
    """Publish a model, ask for a review, or train again, by its accuracy."""

    accuracy = Parameter("accuracy", default=0.91, help="Accuracy of the model at the gate")

    @step
    def start(self):
        self.verdict = "publish" if self.accuracy > 0.9 else "review" if self.accuracy > 0.7 else "retrain"
        print("verdict:", self.verdict)
        self.next({"publish": self.publish, "review": self.review, "retrain": self.retrain}, condition="verdict")

    @step
    def publish(self):
        self.url = "models/churn/latest"
        self.next(self.end)

    @step
    def review(self):
        self.reviewers = ["ada", "lin"]
        self.next(self.end)

    @step
    def retrain(self):
        self.learning_rate = 0.05
        self.next(self.end)

    @step
    def end(self):
        print("done:", self.verdict)


if __name__ == "__main__":
    RouteFlow()
