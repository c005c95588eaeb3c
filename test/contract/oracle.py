"""
Asks Metaflow's own client every question of the contract, for every object of a datastore, and prints the answers as JSON lines:

    {"question": "Task.stdout", "object": "Flow/1/start/1", "attempt": 0, "namespace": null, "args": [], "answer": ...}

or with {"error": {"class": ..., "message": ...}} where Python raises. Usage: oracle.py METADATA [FLOW ...], METADATA as `metaflow.metadata` takes it.
"""

import datetime
import hashlib
import json
import os
import sys
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
warnings.simplefilter("ignore")

import metaflow
from metaflow import DataArtifact, Flow, Metaflow, Run, Step, Task, namespace
from metaflow.cards import get_cards
from metaflow.client.core import MetaflowCode
from metaflow.plugins.cards.exception import CardNotPresentException, UnresolvableDatastoreException

from tagged import tagged

NAMESPACES = [None, "user:ada", "user:lin", "experiment", "project:churn", "nobody"]
LONG = 20_000
OUT = sys.stdout


def millis(moment):
    """A naive local datetime of the client in milliseconds since the epoch."""
    return None if moment is None else round(moment.timestamp() * 1000)


def text(value):
    """Text as it is, or its length and digest when it is long."""
    if value is None or len(value) <= LONG:
        return value
    raw = value.encode("utf-8", "surrogatepass")
    return {"length": len(raw), "sha1": hashlib.sha1(raw).hexdigest()}


def spec(thing):
    return None if thing is None else thing.pathspec


def specs(things):
    """Pathspecs in the client's order, each with its creation time: equals may come in any order."""
    return [[thing.pathspec, millis(thing.created_at)] for thing in things]


def code(thing):
    if thing is None:
        return None
    assert isinstance(thing, MetaflowCode)
    members = sorted([member.name, member.size] for member in thing.tarball.getmembers() if member.isfile())
    return {
        "path": thing.path,
        "info": thing.info,
        "script": thing.script_name,
        "flowspec": hashlib.sha1(thing.flowspec).hexdigest(),
        "members": [len(members), digest(members)],
        "extracted": extracted(thing),
    }


def extracted(thing):
    """The user's files, by name, with the SHA-1 of each."""
    with thing.extract() as folder:
        files = {}
        for parent, _, names in os.walk(folder):
            for name in names:
                with open(os.path.join(parent, name), "rb") as file:
                    files[os.path.relpath(os.path.join(parent, name), folder)] = hashlib.sha1(file.read()).hexdigest()
    return digest(sorted([name, sha] for name, sha in files.items()))


def cards(task, **query):
    """The cards of a task in any order; a task without any answers with an empty list here, which is an exception of Python's."""
    try:
        found = get_cards(task, **query)
    except (CardNotPresentException, UnresolvableDatastoreException):
        return []
    told = []
    for card in found:
        html = card.get()
        told.append([card.type, card.id, card.hash, len(html.encode()), hashlib.sha1(html.encode()).hexdigest(), finite(card.get_data()), found.origin_pathspec or task.pathspec])
    return sorted(told, key=lambda card: card[2])


def finite(value):
    """JSON has no numbers that are not finite: as text."""
    if isinstance(value, dict):
        return {name: finite(each) for name, each in value.items()}
    if isinstance(value, list):
        return [finite(each) for each in value]
    return str(value) if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))) else value


def event(it):
    if it is None:
        return None
    timestamp = millis(it.timestamp) if isinstance(it.timestamp, datetime.datetime) else it.timestamp
    return {"name": it.name, "id": it.id, "type": it.type, "timestamp": timestamp}


def trigger(it):
    if it is None:
        return None
    runs = None if it.runs is None else [spec(run) for run in it.runs]
    names = sorted({e.name for e in it.events or []} | {run.parent.id for run in it.runs or []})
    return {
        "event": event(it.event),
        "events": [event(e) for e in it.events or []],
        "run": spec(it.run),
        "runs": runs,
        "iterated": [event(e) for e in it],
        "has": [name in it for name in [*names, "nothing"]],
        "got": [getattr(it[name], "pathspec", None) or event(it[name]) for name in names if name in it],
    }


def wrapped(exception):
    if exception is None:
        return None
    fields = {"type": exception.type, "exception": str(exception.exception), "stacktrace": exception.stacktrace}
    return {name: None if value is None else str(value) for name, value in fields.items()}


def digest(value):
    """SHA-1 of a value as JavaScript's JSON.stringify writes it."""
    return hashlib.sha1(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def lines(found):
    """Log lines with their time in whole milliseconds since the epoch."""
    out = []
    for moment, line in found:
        elapsed = None if moment is None else (moment - datetime.datetime(1970, 1, 1)) // datetime.timedelta(milliseconds=1)
        out.append([elapsed, line])
    return out if len(out) <= 200 else {"count": len(out), "first": out[:20], "last": out[-20:], "sha1": digest(out)}


def ask(question, thing, answer, *args, attempt=None, ns=None):
    """Puts one question and prints what came of it."""
    record = {"question": question, "object": thing, "attempt": attempt, "namespace": ns, "args": list(args)}
    try:
        record["answer"] = answer()
    except Exception as error:  # the client lets any exception of Python's escape
        record["error"] = {"class": type(error).__name__, "message": getattr(error, "message", None) or str(error)}
    OUT.write(json.dumps(record, default=str) + "\n")


def shared(it, **about):
    """What all five kinds of objects tell."""
    kind, name = type(it).__name__, it.pathspec
    ask(f"{kind}.id", name, lambda: it.id, **about)
    ask(f"{kind}.pathspec", name, lambda: it.pathspec, **about)
    ask(f"{kind}.path_components", name, lambda: it.path_components, **about)
    ask(f"{kind}.tags", name, lambda: sorted(it.tags), **about)
    ask(f"{kind}.user_tags", name, lambda: sorted(it.user_tags), **about)
    ask(f"{kind}.system_tags", name, lambda: sorted(it.system_tags), **about)
    ask(f"{kind}.created_at", name, lambda: millis(it.created_at), **about)
    ask(f"{kind}.parent", name, lambda: None if it.parent is None else str(it.parent), **about)
    ask(f"{kind}.origin_pathspec", name, lambda: it.origin_pathspec, **about)
    ask(f"{kind}.is_in_namespace", name, lambda: it.is_in_namespace(), **about)
    ask(f"{kind}.str", name, lambda: str(it), **about)


def children(it, known, missing, **about):
    """`in`, `[]` and iteration."""
    kind, name = type(it).__name__, it.pathspec
    ask(f"{kind}.iterate", name, lambda: specs(it), **about)
    for child in [*known, missing]:
        ask(f"{kind}.has", name, lambda: child in it, child, **about)
        ask(f"{kind}.get", name, lambda: str(it[child]), child, **about)


def ask_flow(name, ns=None):
    ask("Flow", name, lambda: str(Flow(name)), ns=ns)
    try:
        flow = Flow(name)
    except metaflow.exception.MetaflowException:
        return None
    shared(flow, ns=ns)
    children(flow, [run.id for run in list(flow)[:3]], "1", ns=ns)
    ask("Flow.latest_run", name, lambda: spec(flow.latest_run), ns=ns)
    ask("Flow.latest_successful_run", name, lambda: spec(flow.latest_successful_run), ns=ns)
    ask("Flow.runs", name, lambda: specs(flow.runs()), ns=ns)
    for tags in [["experiment"], ["user:ada"], ["daily", "user:lin"], ["no such tag"]]:
        ask("Flow.runs", name, lambda: specs(flow.runs(*tags)), *tags, ns=ns)
    return flow


def ask_run(run, artifacts):
    name = run.pathspec
    shared(run)
    children(run, [step.id for step in run] + ["_parameters"], "nostep")
    ask("Run.successful", name, lambda: run.successful)
    ask("Run.finished", name, lambda: run.finished)
    ask("Run.finished_at", name, lambda: millis(run.finished_at))
    ask("Run.end_task", name, lambda: spec(run.end_task))
    ask("Run.data", name, lambda: None if run.data is None else sorted(run.data._artifacts))
    ask("Run.code", name, lambda: code(run.code))
    ask("Run.trigger", name, lambda: trigger(run.trigger))
    ask("Run.steps", name, lambda: specs(run.steps()))
    ask("Run.steps", name, lambda: specs(run.steps("experiment")), "experiment")
    for step in [*run, *([run["_parameters"]] if "_parameters" in run else [])]:
        ask_step(step, artifacts)


def ask_step(step, artifacts):
    name = step.pathspec
    shared(step)
    children(step, [task.id for task in list(step)[:3]], "99999")
    ask("Step.task", name, lambda: spec(step.task))
    ask("Step.tasks", name, lambda: specs(step.tasks()))
    ask("Step.tasks", name, lambda: specs(step.tasks("user:ada")), "user:ada")
    ask("Step.control_task", name, lambda: spec(step.control_task))
    ask("Step.control_tasks", name, lambda: specs(step.control_tasks()))
    ask("Step.finished_at", name, lambda: millis(step.finished_at))
    ask("Step.environment_info", name, lambda: step.environment_info)
    ask("Step.parent_steps", name, lambda: [it.pathspec for it in step.parent_steps])
    ask("Step.child_steps", name, lambda: [it.pathspec for it in step.child_steps])
    tasks = list(step)
    for position, task in enumerate(tasks):
        ask_task(task, deep=position < 3, artifacts=artifacts and position == 0)


def ask_task(task, deep, artifacts):
    started = len({entry.value for entry in task.metadata if entry.name == "attempt"})
    # Each attempt that was started and one that never was, where there was more than one.
    attempts = [None, *range(min(started + 1, 6) if deep and started > 1 else 0)]
    asked = [task if attempt is None else Task(task.pathspec, attempt=attempt) for attempt in attempts]
    # Artifacts before logs: after reading an attempt's log Python's cache has forgotten its sizes, and `size` raises a TypeError.
    for it, attempt in zip(asked, attempts):
        for artifact in artifacts_of(it):
            ask_artifact(artifact, deep=artifacts or attempt is not None, attempt=attempt)
    for it, attempt in zip(asked, attempts):
        ask_attempt(it, attempt, deep)
    if deep:
        for attempt in (5, 6, -1, "two", "1_0", " 1 "):
            ask("Task", task.pathspec, lambda: str(Task(task.pathspec, attempt=attempt)), attempt=attempt)


def ask_attempt(task, attempt, deep):
    name, about = task.pathspec, {"attempt": attempt}
    shared(task, **about)
    children(task, known_of(task), "no_such_artifact", **about)
    ask("Task.metadata", name, lambda: sorted([it.name, it.value, it.type, it.created_at] for it in map(stringly, task.metadata)), **about)
    ask("Task.metadata_dict", name, lambda: task.metadata_dict, **about)
    ask("Task.index", name, lambda: task.index, **about)
    ask("Task.data", name, lambda: sorted(task.data._artifacts), **about)
    ask("Task.artifacts", name, lambda: sorted(task.artifacts._fields), **about)
    ask("Task.successful", name, lambda: task.successful, **about)
    ask("Task.finished", name, lambda: task.finished, **about)
    ask("Task.exception", name, lambda: wrapped(task.exception), **about)
    ask("Task.finished_at", name, lambda: millis(task.finished_at), **about)
    ask("Task.runtime_name", name, lambda: task.runtime_name, **about)
    for stream in ("stdout", "stderr"):
        ask(f"Task.{stream}", name, lambda: text(getattr(task, stream)), **about)
        ask(f"Task.{stream}_size", name, lambda: getattr(task, f"{stream}_size"), **about)
        ask("Task.loglines", name, lambda: lines(task.loglines(stream)), stream, **about)
    ask("Task.current_attempt", name, lambda: task.current_attempt, **about)
    ask("Task.code", name, lambda: code(task.code), **about)
    ask("Task.environment_info", name, lambda: task.environment_info, **about)
    ask("Task.parent_task_pathspecs", name, lambda: sorted(task.parent_task_pathspecs), **about)
    ask("Task.child_task_pathspecs", name, lambda: sorted(task.child_task_pathspecs), **about)
    if attempt is None and deep:
        ask_cards(task)
        ask("Task.parent_tasks", name, lambda: sorted(it.pathspec for it in task.parent_tasks))
        ask("Task.child_tasks", name, lambda: sorted(it.pathspec for it in task.child_tasks))


def known_of(task):
    """A public artifact and a private one."""
    names = [artifact.id for artifact in list(task)[:1]]
    return [*names, "_task_ok"] if "_task_ok" in task else names


def ask_cards(task):
    name = task.pathspec
    ask("Task.cards", name, lambda: cards(task))
    found = cards(task)
    if not found:
        return
    ask("Task.cards_not_followed", name, lambda: cards(task, follow_resumed=False))
    for type, id in [(found[0][0], None), ("no_such_type", None), (None, found[0][1]), (None, "no_such_id"), (found[-1][0], found[0][1])]:
        ask("Task.cards_like", name, lambda: cards(task, type=type, id=id), type or "", id or "")


def stringly(entry):
    """Metadata values that are not text compare as JSON, so that all can be sorted."""
    return entry._replace(value=entry.value if isinstance(entry.value, str) else json.dumps(entry.value))


def artifacts_of(task):
    """Public and private ones: the private are found through the provider, as `task['_x']` does."""
    provider = task._metaflow.metadata
    found = provider.get_object("task", "artifact", {}, task._attempt, *task.path_components) or []
    names = [it["name"] for it in (found if isinstance(found, list) else [found])]
    for name in sorted(names):
        try:
            yield task[name]
        except KeyError:
            continue


def ask_artifact(artifact, deep, **about):
    name = artifact.pathspec
    if deep:
        shared(artifact, **about)
        children(artifact, [], "child", **about)
        ask("DataArtifact.finished_at", name, lambda: millis(artifact.finished_at), **about)
    ask("DataArtifact.sha", name, lambda: artifact.sha, **about)
    ask("DataArtifact.size", name, lambda: artifact.size, **about)
    ask("DataArtifact.data", name, lambda: tagged(artifact.data), **about)


def ask_errors(flow, run):
    """Pathspecs of the wrong form, objects that do not exist, attempts of what has none."""
    for cls in (Flow, Run, Step, Task, DataArtifact):
        for wrong in ("a/b/c/d/e/f", "A", "A/1", "A/1/s", "A/1/s/1", "A/1/s/1/x", f"{flow}/1", f"{run}/nostep", f"{run}/start/999", f"{run}/start/1/nothing"):
            ask(cls.__name__, wrong, lambda: str(cls(wrong)))
    for cls, spec in ((Flow, flow), (Run, run), (Step, f"{run}/start"), (Step, flow)):
        for attempt in (0, 6, "two"):
            ask(cls.__name__, spec, lambda: str(cls(spec, attempt=attempt)), attempt=attempt)


def ask_namespace(ns, flows):
    """What a namespace hides: at construction, in iteration, and what an object made in it still shows afterwards."""
    namespace(ns)
    ask("Metaflow.namespace", None, metaflow.get_namespace, ns=ns)
    ask("Metaflow.flows", None, lambda: sorted(flow.id for flow in Metaflow()), ns=ns)
    for name in flows:
        flow = ask_flow(name, ns)
        ask("Metaflow.get", name, lambda: str(Metaflow()[name]), ns=ns)
        namespace(None)
        runs = list(Flow(name))[:4]
        namespace(ns)
        for run in runs:
            ask("Run", run.pathspec, lambda: str(Run(run.pathspec)), ns=ns)
            ask("Run.is_in_another_namespace", run.pathspec, run.is_in_namespace, ns=ns)
            for step in list(run)[:1]:
                ask("Step", step.pathspec, lambda: str(Step(step.pathspec)), ns=ns)
                for task in list(step)[:1]:
                    ask("Task", task.pathspec, lambda: str(Task(task.pathspec)), ns=ns)
        if flow is not None and ns is not None:
            namespace("nobody")
            ask("Flow.remembered", name, lambda: specs(flow), ns=ns)
            ask("Flow.remembered_steps", name, lambda: [specs(run) for run in list(flow)[:2]], ns=ns)
            namespace(ns)
    namespace(None)


def main(root, wanted):
    metaflow.metadata(root)
    namespace(None)
    flows = wanted or sorted(flow.id for flow in Metaflow())
    ask("Metaflow.metadata", None, metaflow.get_metadata)
    for name in flows:
        for position, run in enumerate(ask_flow(name)):
            ask_run(run, artifacts=position == 0)
    first = next(iter(Flow(flows[0])))
    ask_errors(flows[0], first.pathspec)
    if not wanted:
        for ns in NAMESPACES[1:]:
            ask_namespace(ns, flows)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
