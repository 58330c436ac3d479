"""Sends by boto3 what has to be refused: the argument is a JSON list of error, operation and parameters. Each has to fail by that type, at once."""

import json
import sys

import boto3
from botocore import xform_name

iam = boto3.client("iam")
for error, operation, parameters in json.loads(sys.argv[1]):
    kind = getattr(iam.exceptions, f"{error}Exception")
    try:
        getattr(iam, xform_name(operation))(**parameters)
    except kind as refused:
        assert refused.response["Error"]["Code"] == error, refused.response
        assert refused.response["Error"]["Message"], "no message"
    else:
        raise AssertionError(f"{operation} was not refused as {error}")
    print(error)
