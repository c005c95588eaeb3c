"""
Measures Metaflow's Python client. Reads {"question", "metadata", "thing", "limit", "again"} a line and answers {"ms", "answer"} a line. Every request
starts from nothing but the client's own cache of blobs on disk, which is kept, but for those that ask again.
"""

import hashlib
import itertools
import json
import sys
import time

import metaflow
from metaflow import Flow, Step, Task, namespace
from metaflow.client import core as client


def millis(moment):
    return None if moment is None else round(moment.timestamp() * 1000)


def state(thing):
    return [thing.id, millis(thing.created_at), bool(thing.successful), millis(thing.finished_at)]


QUESTIONS = {
    "runs": lambda name, limit: [state(run) for run in itertools.islice(Flow(name), limit)],
    "runStates": lambda name, limit: [[run.id, bool(run.successful)] for run in itertools.islice(Flow(name), limit)],
    "page": lambda name, limit: [[run.id, millis(run.created_at)] for run in itertools.islice(Flow(name), limit)],
    "list": lambda name, limit: [[run.id, millis(run.created_at)] for run in Flow(name)],
    "tasks": lambda name, limit: sorted(state(task) for task in Step(name)),
    "taskStates": lambda name, limit: sorted([task.id, bool(task.successful), bool(task.finished)] for task in Step(name)),
    "sizes": lambda name, limit: sorted([artifact.id, artifact.size] for artifact in Task(name)),
    "log": lambda name, limit: Task(name).stdout,
}


def measure(question, metadata, thing, limit, again):
    begun = time.perf_counter()
    if not again:
        metaflow.metadata(metadata)
        namespace(None)
        client.filecache = None
    answer = QUESTIONS[question](thing, limit)
    ms = (time.perf_counter() - begun) * 1000
    if isinstance(answer, str):
        answer = [len(answer), hashlib.sha1(answer.encode()).hexdigest()]
    return {"ms": ms, "answer": answer}


for line in sys.stdin:
    print(json.dumps(measure(**json.loads(line))), flush=True)
