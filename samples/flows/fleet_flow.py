"""A training that several nodes do together."""

from metaflow import FlowSpec, Parameter, current, parallel, step


class FleetFlow(FlowSpec):
    """Train on several nodes at once."""

    nodes = Parameter("nodes", default=2, help="Number of nodes")

    @step
    def start(self):
        self.next(self.train, num_parallel=self.nodes)

    @parallel
    @step
    def train(self):
        self.node = current.parallel.node_index
        self.nodes_seen = current.parallel.num_nodes
        print(f"node {self.node} of {self.nodes_seen}")
        self.next(self.join)

    @step
    def join(self, inputs):
        self.seen = sorted(i.node for i in inputs)
        self.next(self.end)

    @step
    def end(self):
        print("nodes:", self.seen)


if __name__ == "__main__":
    FleetFlow()
