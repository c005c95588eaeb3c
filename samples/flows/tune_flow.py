"""Tunes a value until it is good enough: a step that follows itself."""

from metaflow import FlowSpec, Parameter, card, current, step
from metaflow.cards import Markdown, Table


class TuneFlow(FlowSpec):
    """Halve the learning rate until the loss stays below the goal."""

    goal = Parameter("goal", default=0.2, help="Loss that is good enough")

    @step
    def start(self):
        self.learning_rate = 1.6
        self.history = []
        self.next(self.tune)

    @step
    def tune(self):
        self.learning_rate /= 2
        self.loss = self.learning_rate**2 + 0.02
        self.history = self.history + [(self.learning_rate, round(self.loss, 4))]
        self.more = "again" if self.loss > self.goal else "enough"
        print(f"round {len(self.history)}: learning rate {self.learning_rate}, loss {self.loss:.4f}")
        self.next({"again": self.tune, "enough": self.end}, condition="more")

    @card
    @step
    def end(self):
        current.card.append(Markdown(f"# Learning rate {self.learning_rate}"))
        current.card.append(Table([[str(rate), str(loss)] for rate, loss in self.history], headers=["learning rate", "loss"]))
        print("settled on", self.learning_rate, "after", len(self.history), "rounds")


if __name__ == "__main__":
    TuneFlow()
