"""Pickles of Metaflow's own objects, and what they say of themselves: `metaflowObjects.py FOLDER`. One JSON object a line.

Those that a flow writes are from a flow that runs here; the others are from its client.
"""
import base64
import json
import os
import pathlib
import pickle
import subprocess
import sys

from tagged import tagged

FLOW = '''
from metaflow import FlowSpec, Config, IncludeFile, catch, step

class Objects(FlowSpec):
    settings = Config("settings", default_value='{"rate": 0.1, "layers": {"sizes": [1, 2]}}')
    source = IncludeFile("source", default=__file__)

    @step
    def start(self):
        self.items = ["x", "y"]
        self.kept = self.settings
        self.next(self.train, foreach="items")

    @catch(var="problem")
    @step
    def train(self):
        if self.input == "y":
            raise ValueError("no y,\\nnor z")
        self.next(self.join)

    @step
    def join(self, inputs):
        self.problem = [one.problem for one in inputs if one.problem][0]
        self.next(self.end)

    @step
    def end(self):
        pass

if __name__ == "__main__":
    Objects()
'''


def ran(folder):
    (folder / "flow.py").write_text(FLOW)
    os.chdir(folder)
    os.environ.update(METAFLOW_HOME=str(folder / "home"), METAFLOW_USER="tester", METAFLOW_DEFAULT_METADATA="local", METAFLOW_DEFAULT_DATASTORE="local")
    subprocess.run([sys.executable, "flow.py", "--quiet", "run"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stored(task, name):
    """The pickle of an artifact as the flow wrote it."""
    from metaflow.datastore import FlowDataStore
    from metaflow.plugins.datastores.local_storage import LocalStorage

    store = FlowDataStore("Objects", None, storage_impl=LocalStorage, ds_root=os.path.abspath(".metaflow"))
    _, run, step, one = [None, *task.pathspec.split("/")[1:]]
    objects = store.get_task_datastore(run, step, one)
    return next(blob for _, blob in objects._ca_store.load_blobs([objects._objects[name]]))


def fields(value):
    return [["." + name, repr(part)] for name, part in zip(value._fields, value)]


def parts(value):
    return [
        [".pathspec", repr(value.pathspec)],
        ["attempt", repr(value._attempt)],
        ["metadata", repr(value._metaflow.metadata.metadata_str())],
        ["namespace", repr(value._current_namespace)],
        ["namespace_check", repr(value._namespace_check)],
    ]


def main(folder):
    ran(folder)
    import metaflow
    from metaflow import events, exception, metaflow_current, tuple_util, unbounded_foreach
    from metaflow.client import core
    from metaflow.datastore.artifacts import serializer
    from metaflow.metadata_provider import metadata
    from metaflow.plugins.cards import card_datastore
    from metaflow.user_configs import config_parameters

    def write(name, value, children=None, preview=None, data=None):
        data = data or pickle.dumps(value, 4)
        kind = type(value)
        said = {"name": name, "data": base64.b64encode(data).decode(), "type": f"{kind.__module__}.{kind.__qualname__}"}
        print(json.dumps({**said, "preview": preview or repr(value), "children": children, "tagged": tagged(value)}))

    metaflow.namespace(None)
    run = metaflow.Flow("Objects").latest_run
    task = next(one for one in run["train"] if one["problem"].data)
    first = metaflow.Task(task.pathspec, attempt=0)
    for value in [metaflow.Flow("Objects"), run, run["train"], task, first, task["problem"]]:
        write(type(value).__name__, value, parts(value))
    state = core.MetaflowObject.__getstate__
    for version, kept in [("2.8.4", [0, 1, 4]), ("2.12.4", [0, 1, 3, 4])]:
        core.MetaflowObject.__getstate__ = lambda self: {"version": version, "data": [state(self)["data"][at] for at in kept]}
        data = pickle.dumps(first, 4)
        core.MetaflowObject.__getstate__ = state
        node = {"name": f"a task of {version}", "data": base64.b64encode(data).decode(), "type": "metaflow.client.core.Task"}
        print(json.dumps({**node, "preview": repr(first), "children": [parts(first)[at] for at in kept], "tagged": None}))
    write("MetaflowData", task.data, [[name, repr(one)] for name, one in task.data._artifacts.items()])
    fact = task.metadata[0]._replace(value="v")
    write("Metadata", fact._replace(task=None), fields(fact._replace(task=None)))

    caught = pickle.loads(stored(run["join"].task, "problem"))
    told = [["." + name, None if name == "stacktrace" else repr(part)] for name, part in vars(caught).items()]
    write("what a step raised", caught, told, "MetaflowExceptionWrapper(ValueError: no y, nor z)", stored(run["join"].task, "problem"))
    bare = exception.MetaflowExceptionWrapper(KeyError("k"))
    write("what nobody raised", bare, None, "MetaflowExceptionWrapper(KeyError: 'k')")
    (frame,) = pickle.loads(stored(task, "_foreach_stack"))
    write("a frame of a foreach", frame, fields(frame))
    frame = tuple_util.ForeachFrame("s", "v", 3, 1)
    write("a frame without its value", frame, fields(frame))
    settings = pickle.loads(stored(run["start"].task, "kept"))
    children = [[repr(key), repr(dict(settings)[key])] for key in settings]
    write("configuration", settings, children, "{'rate': 0.1, 'layers': {'sizes': […]}}", stored(run["start"].task, "kept"))
    write("configuration without anything", config_parameters.ConfigValue({}), [])
    source = pickle.loads(stored(run["start"].task, "source"))
    size, url = (source.descriptor[key] for key in ("size", "url"))
    children = [[key, repr(part) if len(repr(part)) < 80 else None] for key, part in source.descriptor.items()]
    write("included file", source, children, f"IncludedFile({size} bytes of text: {url})"[:200], stored(run["start"].task, "source"))

    event = events.MetaflowEvent("n", "i", None, "event")
    write("event", event, fields(event))
    for value in [
        metaflow_current.Parallel("10.0.0.1", 3, 0, "c"),
        metadata.MetaDatum("f", "v", "t", ["a"]),
        metadata.DataArtifact("n", "local", "root", "url", "int", "sha"),
        card_datastore.CardInfo("default", "hash", "id", "file"),
        serializer.SerializationMetadata("int", 3, "pickle-v4", {}),
    ]:
        write(type(value).__name__, value, fields(value))
    write("trigger", events.Trigger([]), [["._runs", "None"], ["._events", "[]"]], "Trigger(_runs=None, _events=[])")
    write("unbounded", unbounded_foreach.UnboundedForeachInput(), [], "UnboundedForeachInput()")
    write("parallel", metaflow.flowspec.ParallelUBF(3), [[".num_parallel", "3"]], "ParallelUBF(num_parallel=3)")
    lost = exception.MetaflowNotFound("gone")
    write("not found", lost, [["." + name, repr(part)] for name, part in vars(lost).items()], "MetaflowNotFound(message='gone', line_no=None, source_file=None)")


main(pathlib.Path(sys.argv[1]).resolve())
