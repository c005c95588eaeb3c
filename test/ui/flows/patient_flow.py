"""A flow whose middle step goes on until the test says so."""
import os
import time

from metaflow import FlowSpec, step


class PatientFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.wait)

    @step
    def wait(self):
        print("waiting for the word")
        deadline = time.time() + 240
        while not os.path.exists(os.environ["PATIENT_FLOW_GO"]):
            if time.time() > deadline:
                raise TimeoutError("nobody said so")
            time.sleep(0.1)
        print("heard the word")
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    PatientFlow()
