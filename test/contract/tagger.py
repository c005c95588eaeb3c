"""
Changes a run's tags over and over, always a few of its own for the next few, while others do the same, and counts how often its own are not those
that it left. Usage: tagger.py METADATA PATHSPEC NAME ROUNDS BATCH LOCK

Metaflow's local metadata are rewritten without a look at what others wrote: the processes of this script take turns by LOCK, so that what is lost
was lost by somebody else. LOCK may be `-`: then they meet.
"""

import fcntl
import json
import sys

import metaflow
from metaflow.exception import MetaflowException


class Turn:
    """Nobody else of this script at the same time."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self.file = None if self.path == "-" else open(self.path, "w")
        if self.file is not None:
            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_):
        if self.file is not None:
            self.file.close()


def main(where, pathspec, name, rounds, batch, lock):
    metaflow.metadata(where)
    metaflow.namespace(None)
    print("ready", flush=True)
    sys.stdin.readline()
    mine, lost, refused = [], 0, 0
    for number in range(int(rounds)):
        wanted = ["%s-%d-%d" % (name, number, index) for index in range(int(batch))]
        done = False
        while not done:
            with Turn(lock):
                run = metaflow.Run(pathspec)
                if {tag for tag in run.user_tags if tag.startswith(name + "-")} != set(mine):
                    lost += 1
                    mine = [tag for tag in run.user_tags if tag.startswith(name + "-")]
                try:
                    run.replace_tags(mine, wanted) if mine else run.add_tags(wanted)
                    done = True
                except MetaflowException:
                    refused += 1
        mine = wanted
    print(json.dumps({"left": mine, "lost": lost, "refused": refused}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
