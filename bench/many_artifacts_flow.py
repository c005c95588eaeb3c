from metaflow import FlowSpec, step


class ManyArtifactsFlow(FlowSpec):
    """Leaves a thousand artifacts, to measure how their names and sizes are listed."""

    @step
    def start(self):
        for n in range(1_000):
            setattr(self, f"metric_{n:04d}", [n / 7] * (n % 50))
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    ManyArtifactsFlow()
