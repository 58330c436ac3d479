"""Writes a request as it crosses the network, signed by botocore: URL, access key, secret, service, seconds that the clock is ahead, form."""

import datetime
import sys

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

url, key, secret, service, ahead, form = sys.argv[1:]
now = botocore.auth.get_current_datetime() + datetime.timedelta(seconds=int(ahead))
botocore.auth.get_current_datetime = lambda *_, **__: now
kind = "application/x-www-form-urlencoded; charset=utf-8"
request = AWSRequest("POST", url + "/", headers={"Content-Type": kind}, data=form)
botocore.auth.SigV4Auth(Credentials(key, secret), service, "us-east-1").add_auth(request)
head = {"Host": url.split("//")[1], "Content-Length": str(len(form)), "Connection": "close", **dict(request.headers)}
lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
sys.stdout.write(f"POST / HTTP/1.1\r\n{lines}\r\n{form}")
