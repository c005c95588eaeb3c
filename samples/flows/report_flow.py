"""Reports of the week, under names of its own for the first and the last step; one chart may fail without harm."""

from metaflow import FlowSpec, Parameter, card, catch, current, step
from metaflow.cards import Markdown, Table


class ReportFlow(FlowSpec):
    """Write the weekly report."""

    week = Parameter("week", default=47, help="Week of the year")

    @step(start=True)
    def gather(self):
        self.numbers = {"orders": 1280, "refunds": 31, "week": self.week}
        self.next(self.chart, self.text)

    @catch(var="chart_error", print_exception=True)
    @step
    def chart(self):
        print("drawing the chart of week", self.week)
        self.share = self.numbers["refunds"] / self.numbers["visits"]
        self.next(self.assemble)

    @step
    def text(self):
        self.summary = f"{self.numbers['orders']} orders in week {self.week}"
        self.next(self.assemble)

    @card(id="weekly")
    @step
    def assemble(self, inputs):
        self.merge_artifacts(inputs)
        current.card["weekly"].append(Markdown(f"## Week {self.week}\n{self.summary}"))
        current.card["weekly"].append(Table([[k, v] for k, v in self.numbers.items()], headers=["what", "how many"]))
        if self.chart_error:
            print("the report has no chart:", self.chart_error)
        self.next(self.publish)

    @step(end=True)
    def publish(self):
        print("published")


if __name__ == "__main__":
    ReportFlow()
