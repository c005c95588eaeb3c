"""Makes code packages of both layouts and tells what Metaflow reads of them. Arguments: a flow's file, a folder to work in."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures"))

from metaflow.package import MetaflowPackage
from metaflow.packaging_sys import ContentType

from old_package import before_2_15_21 as make_older

flow, folder = sys.argv[1:]


def saved():
    """The package that this Metaflow makes."""
    path = os.path.join(folder, "version1.tgz")
    subprocess.run([sys.executable, flow, "--no-pylint", "package", "save", path], check=True, capture_output=True)
    metadata = {"version": 0, "archive_format": "tgz", "mfcontent_version": 1}
    return path, json.dumps(metadata)


def before_2_15_21(newer):
    """The same files in the layout of older versions, which this Metaflow still reads."""
    path = os.path.join(folder, "version0.tgz")
    make_older(newer, path)
    return path, None


def told(path, metadata):
    with open(path, "rb") as file:
        blob = io.BytesIO(file.read())
    read_as = metadata or '{"version": 0, "archive_format": "tgz", "mfcontent_version": 0}'
    info = MetaflowPackage.cls_get_info(read_as, blob)
    blob.seek(0)
    flowspec = MetaflowPackage.cls_get_content(read_as, blob, info["script"])
    blob.seek(0)
    with tarfile.open(fileobj=blob) as archive:
        members = [[member.name, member.size] for member in archive.getmembers()]
    blob.seek(0)
    with tempfile.TemporaryDirectory() as target:
        MetaflowPackage.cls_extract_into(read_as, blob, target, ContentType.USER_CONTENT)
        extracted = {}
        for parent, _, names in os.walk(target):
            for name in names:
                full = os.path.join(parent, name)
                with open(full, "rb") as file:
                    extracted[os.path.relpath(full, target)] = hashlib.sha1(file.read()).hexdigest()
    return {
        "path": path,
        "metadata": metadata,
        "info": info,
        "flowspec": hashlib.sha1(flowspec).hexdigest(),
        "members": members,
        "extracted": extracted,
    }


newer = saved()
print(json.dumps([told(*newer), told(*before_2_15_21(newer[0]))]))
