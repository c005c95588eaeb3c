"""Trains churn models side by side and keeps the best one."""

import math
import random

from metaflow import FlowSpec, IncludeFile, JSONType, Parameter, project, retry, step

from churn import describe, read_customers


class Diverged(ValueError):
    """The loss is no longer a number."""


@project(name="churn")
class TrainFlow(FlowSpec):
    """
    Train a churn model.

    Every candidate is trained in a task of its own; the best one on the hold-out set is kept.
    """

    customers = IncludeFile("customers", default="customers.csv", help="Table of customers, one a line")
    learning_rate = Parameter("learning_rate", default=0.3, help="Step of the gradient descent")
    epochs = Parameter("epochs", default=12, help="Passes over the data")
    candidates = Parameter(
        "candidates",
        type=JSONType,
        default='[{"name": "linear", "l2": 0.0}, {"name": "ridge", "l2": 0.1}, {"name": "scaled", "l2": 0.01}]',
        help="What to try, as JSON",
    )

    @step
    def start(self):
        rows = read_customers(self.customers)
        random.Random(7).shuffle(rows)
        cut = int(len(rows) * 0.8)
        self.train_rows, self.test_rows = rows[:cut], rows[cut:]
        print(f"{len(rows)} customers, {cut} to learn from")
        print(describe(rows))
        self.specs = list(self.candidates)
        self.next(self.train, foreach="specs")

    @retry(times=1, minutes_between_retries=0)
    @step
    def train(self):
        self.spec = self.input
        self.model_name = self.spec["name"]
        print(f"training \x1b[1m{self.model_name}\x1b[0m, learning rate {self.learning_rate}")
        self.weights, self.losses = [0.0] * (len(self.train_rows[0]) - 1), []
        for epoch in range(self.epochs):
            loss = self.one_epoch()
            self.losses.append(loss)
            print(f"epoch {epoch + 1:2d}/{self.epochs}  loss {loss:.4f}")
            if not math.isfinite(loss) or loss > 50:
                print("\x1b[31mthe loss runs away\x1b[0m, the learning rate is too high")
                raise Diverged(f"loss of '{self.model_name}' is {loss:.3g} after epoch {epoch + 1}; try a learning rate below {self.learning_rate}")
        self.next(self.pick_best)

    @step
    def pick_best(self, inputs):
        self.scores = {i.model_name: i.score() for i in inputs}
        best = max(inputs, key=lambda i: self.scores[i.model_name])
        self.best = best.model_name
        self.weights, self.losses = best.weights, best.losses
        self.merge_artifacts(inputs, include=["test_rows"])
        print("best:", self.best, self.scores)
        self.next(self.evaluate)

    @step
    def evaluate(self):
        from time import perf_counter

        begun = perf_counter()
        hits = sum((self.probability(row) > 0.5) == bool(row[-1]) for row in self.test_rows)
        self.accuracy = hits / len(self.test_rows)
        self.confusion = {(wanted, got): 0 for wanted in (0, 1) for got in (0, 1)}
        for row in self.test_rows:
            self.confusion[row[-1], int(self.probability(row) > 0.5)] += 1
        print(f"accuracy {self.accuracy:.3f} in {perf_counter() - begun:.4f} s")
        self.next(self.end)

    @step
    def end(self):
        print(f"model '{self.best}' is ready")

    def probability(self, row):
        z = sum(w * x for w, x in zip(self.weights, row[:-1]))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))

    def one_epoch(self):
        total = 0.0
        for row in self.train_rows:
            error = self.probability(row) - row[-1]
            total += error * error
            decay = 1 - self.learning_rate * self.spec["l2"]
            self.weights = [decay * w - self.learning_rate * error * x for w, x in zip(self.weights, row[:-1])]
        return total / len(self.train_rows) + self.spec["l2"] * sum(w * w for w in self.weights)

    def score(self):
        hits = sum((self.probability(row) > 0.5) == bool(row[-1]) for row in self.test_rows)
        return round(hits / len(self.test_rows), 4)


if __name__ == "__main__":
    TrainFlow()
