from metaflow import FlowSpec, step


class BigArraysFlow(FlowSpec):
    """Leaves arrays of a gibibyte, to measure how their beginning and all of them is opened: one that cannot be compressed, and one that can."""

    @step
    def start(self):
        import numpy

        self.random = numpy.random.default_rng(1).random(2**27)
        self.rounded = self.random.round(2)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    BigArraysFlow()
