"""
moto's S3 (with IAM and STS) on loopback, over the objects of a file. Usage: s3_server.py BUCKET [FILE [keep]]

Prints a line of JSON: its port, and a user's key by which it can be asked to check signatures (`POST /moto-api/reset-auth` with `0`). Ends when its
standard input does; with `keep` it then leaves its objects in FILE for the next one.
"""

import base64
import datetime
import json
import os
import sys

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.s3.models import s3_backends

REGION = "us-east-1"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ANYBODY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Principal": {"AWS": "*"}}]}

s3 = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]


def load(bucket, file):
    with open(file) as lines:
        for line in lines:
            name, modified, metadata, content = json.loads(line)
            key = s3.put_object(bucket, name, base64.b64decode(content))
            key.set_metadata(metadata)
            key.last_modified = datetime.datetime.fromisoformat(modified)


def keep(bucket, file):
    with open(file, "w") as lines:
        for name, key in s3.get_bucket(bucket).keys.items():
            content = base64.b64encode(key.value).decode()
            lines.write(json.dumps([name, key.last_modified.isoformat(), dict(key.metadata), content]) + "\n")


def add_people():
    """A user who may do everything, and a role that he may take on."""
    iam = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    iam.create_user(REGION, "reader", path="/")
    iam.put_user_policy("reader", "everything", json.dumps(EVERYTHING))
    key = iam.create_access_key("reader")
    role = iam.create_role("readers", json.dumps(ANYBODY), path="/", permissions_boundary=None, description="", tags=[], max_session_duration=3600)
    iam.put_role_policy("readers", "everything", json.dumps(EVERYTHING))
    return {"accessKeyId": key.access_key_id, "secretAccessKey": key.secret_access_key, "role": role.arn}


def main(bucket, file=None, then=None):
    s3.create_bucket(bucket, REGION)
    if file is not None and os.path.exists(file):
        load(bucket, file)
    people = add_people()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    print(json.dumps({"port": server.get_host_and_port()[1], **people}), flush=True)
    sys.stdin.read()
    server.stop()
    if then == "keep":
        keep(bucket, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
