"""Imports a seed file, signed by botocore: the URL with its query, and the file. Writes the answer's lines."""

import hashlib
import pathlib
import sys

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

url, path = sys.argv[1:]
file = pathlib.Path(path).read_bytes()
headers = {"Content-Type": "application/octet-stream", "X-Amz-Content-SHA256": hashlib.sha256(file).hexdigest()}
request = AWSRequest("POST", url, headers=headers, data=file)
SigV4Auth(botocore.session.get_session().get_credentials(), "keyfob", "us-east-1").add_auth(request)
sys.stdout.write(URLLib3Session().send(request.prepare()).text)
