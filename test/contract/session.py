"""Puts calls such as ["metadata", "spin"] or ["flows"] to one session of Metaflow's client, one after the other, and prints the answers as JSON."""

import json
import sys

import metaflow

CALLS = {
    "flows": lambda: [flow.id for flow in metaflow.Metaflow()],
    "metadata": metaflow.metadata,
    "get_metadata": metaflow.get_metadata,
    "default_metadata": metaflow.default_metadata,
    "namespace": metaflow.namespace,
    "get_namespace": metaflow.get_namespace,
    "default_namespace": metaflow.default_namespace,
}


def answer(name, *args):
    try:
        return {"answer": CALLS[name](*args)}
    except Exception as error:
        return {"error": getattr(error, "message", None) or str(error)}


print(json.dumps([answer(*call) for call in json.loads(sys.argv[1])]))
