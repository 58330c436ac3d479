"""What an administrator and a user do by boto3. Ends with an error at the first answer that is not as it should be.

The argument is JSON: whose devices, which serial number, the token's codes in order, a wrong code, and the user's own access key.
"""

import base64
import json
import subprocess
import sys
import time

import boto3
from botocore.exceptions import ClientError

given = json.loads(sys.argv[1])
user, other, serial, codes, wrong = (given[name] for name in ("user", "other", "serial", "codes", "wrong"))
iam = boto3.client("iam")
errors = iam.exceptions


def expect(found, wanted):
    assert found == wanted, f"{found!r} instead of {wanted!r}"


def refused(kind, message, act, **arguments):
    """The act has to fail by this type, whose message begins so."""
    try:
        act(**arguments)
    except kind as error:
        text = error.response["Error"]["Message"]
        assert text.startswith(message), f"{text!r} instead of {message!r}"
        expect(error.response["ResponseMetadata"].get("RetryAttempts"), 0)
        return
    raise AssertionError(f"{act.__name__} {arguments} was not refused")


def denied(code, act, **arguments):
    """The act has to fail by an error that has no type of its own."""
    try:
        act(**arguments)
    except ClientError as error:
        expect(error.response["Error"]["Code"], code)
        return
    raise AssertionError(f"{act.__name__} {arguments} was not refused")


def pair(first, second):
    return {"AuthenticationCode1": first, "AuthenticationCode2": second}


def codes_of_now(seed):
    """A software device's codes of the last time step and this one, by oathtool."""
    now = int(time.time())
    times = (now - 30, now)
    command = ["oathtool", "--totp", "--base32", seed.decode()]
    return [
        subprocess.run([*command, f"--now=@{at}"], check=True, capture_output=True, text=True).stdout.strip()
        for at in times
    ]


def another_second():
    """The same request in the same second has the same signature: it is that request sent again, and is done once."""
    time.sleep(1.1)


def users():
    expect(iam.create_user(UserName=other)["User"]["UserName"], other)
    another_second()
    for known in (user, other):
        message = f"User with name {known} already exists"
        refused(errors.EntityAlreadyExistsException, message, iam.create_user, UserName=known)
    names = [found["UserName"] for found in iam.list_users()["Users"]]
    assert user in names and other in names, names
    expect(iam.get_user(UserName=user)["User"]["Arn"], f"arn:aws:iam::000000000000:user/{user}")
    refused(errors.NoSuchEntityException, "The user with name", iam.get_user, UserName="nobody-of-this-name")
    denied("ValidationError", iam.get_user, UserName="no user")


def hardware_device():
    mine = {"UserName": user, "SerialNumber": serial}
    expect(iam.list_mfa_devices(UserName=user)["MFADevices"], [])
    refused(
        errors.InvalidAuthenticationCodeException,
        "Authentication code for device is not valid.",
        iam.enable_mfa_device,
        **mine,
        **pair(wrong, codes[1]),
    )
    denied("ValidationError", iam.enable_mfa_device, **mine, **pair("12345a", codes[1]))
    iam.enable_mfa_device(**mine, **pair(codes[0], codes[1]))
    (listed,) = iam.list_mfa_devices(UserName=user)["MFADevices"]
    expect((listed["UserName"], listed["SerialNumber"]), (user, serial))
    expect(iam.get_mfa_device(**mine)["EnableDate"], listed["EnableDate"])
    for somebody in (user, other):
        refused(
            errors.EntityAlreadyExistsException,
            "MFA Device is already in use.",
            iam.enable_mfa_device,
            UserName=somebody,
            SerialNumber=serial,
            **pair(codes[2], codes[3]),
        )
    refused(errors.NoSuchEntityException, "MFA Device", iam.get_mfa_device, UserName=other, SerialNumber=serial)
    refused(errors.NoSuchEntityException, "MFA Device", iam.deactivate_mfa_device, UserName=other, SerialNumber=serial)
    iam.resync_mfa_device(**mine, **pair(codes[4], codes[5]))
    another_second()
    refused(
        errors.InvalidAuthenticationCodeException,
        "Authentication code for device is not valid.",
        iam.resync_mfa_device,
        **mine,
        **pair(codes[4], codes[5]),
    )
    refused(errors.NoSuchEntityException, "MFA Device", iam.resync_mfa_device, UserName=other, SerialNumber=serial, **pair(codes[6], codes[7]))


def software_device():
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone", Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}])
    made = made["VirtualMFADevice"]
    name = made["SerialNumber"]
    expect(name, "arn:aws:iam::000000000000:mfa/phone")
    assert made["QRCodePNG"].startswith(b"\x89PNG"), "no picture"
    expect(len(base64.b32decode(made["Base32StringSeed"])), 20)
    refused(errors.EntityAlreadyExistsException, "MFADevice", iam.create_virtual_mfa_device, VirtualMFADeviceName="phone")
    expect([found["SerialNumber"] for found in iam.list_virtual_mfa_devices(AssignmentStatus="Unassigned")["VirtualMFADevices"]], [name])
    tags(name)
    iam.enable_mfa_device(UserName=other, SerialNumber=name, **pair(*codes_of_now(made["Base32StringSeed"])))
    (assigned,) = iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    expect(assigned["User"]["UserName"], other)
    assert "Base32StringSeed" not in assigned, "a secret is told twice"
    refused(errors.DeleteConflictException, "MFA VirtualDevice in use. Must deactivate first.", iam.delete_virtual_mfa_device, SerialNumber=name)
    refused(errors.DeleteConflictException, "", iam.delete_user, UserName=other)
    iam.deactivate_mfa_device(UserName=other, SerialNumber=name)
    another_second()
    iam.delete_virtual_mfa_device(SerialNumber=name)
    another_second()
    refused(errors.NoSuchEntityException, "", iam.delete_virtual_mfa_device, SerialNumber=name)


def tags(name):
    found = lambda: [(tag["Key"], tag["Value"]) for tag in iam.list_mfa_device_tags(SerialNumber=name)["Tags"]]
    expect(found(), [("a", "1"), ("b", "2")])
    iam.tag_mfa_device(SerialNumber=name, Tags=[{"Key": "Büro", "Value": "Köln-Süd 1"}, {"Key": "a", "Value": ""}])
    expect(found(), [("Büro", "Köln-Süd 1"), ("a", ""), ("b", "2")])
    iam.untag_mfa_device(SerialNumber=name, TagKeys=["Büro", "b"])
    expect(found(), [("a", "")])
    doubled = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    refused(errors.InvalidInputException, "", iam.tag_mfa_device, SerialNumber=name, Tags=doubled)
    refused(errors.NoSuchEntityException, "", iam.tag_mfa_device, SerialNumber="NONESUCH1", Tags=doubled[:1])


def paging():
    for number in range(5):
        iam.create_virtual_mfa_device(VirtualMFADeviceName=f"page{number}")
    pages = list(iam.get_paginator("list_virtual_mfa_devices").paginate(PaginationConfig={"PageSize": 2}))
    names = [device["SerialNumber"] for page in pages for device in page["VirtualMFADevices"]]
    expect([len(page["VirtualMFADevices"]) for page in pages], [2, 2, 1])
    expect(names, [f"arn:aws:iam::000000000000:mfa/page{number}" for number in range(5)])
    for name in names:
        iam.delete_virtual_mfa_device(SerialNumber=name)
    users = [found["UserName"] for page in iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 1}) for found in page["Users"]]
    expect(users, [found["UserName"] for found in iam.list_users()["Users"]])


def summary():
    found = iam.get_account_summary()["SummaryMap"]
    expect(found["MFADevicesInUse"], 1)


def limits():
    """Eight devices at most; and who has tried too many wrong codes waits, which is no throttling to the client."""
    names = []
    for number in range(9):
        made = iam.create_virtual_mfa_device(VirtualMFADeviceName=f"limit-{number}")["VirtualMFADevice"]
        names.append(made["SerialNumber"])
        enable = {"UserName": other, "SerialNumber": names[-1]} | pair(*codes_of_now(made["Base32StringSeed"]))
        if number < 8:
            iam.enable_mfa_device(**enable)
    refused(errors.LimitExceededException, "Cannot exceed quota", iam.enable_mfa_device, **enable)
    for name in names[:8]:
        iam.deactivate_mfa_device(UserName=other, SerialNumber=name)
    wait = "Too many wrong codes were entered."
    for number in range(20):
        try:
            wrong_pair = pair(f"{number:06}", f"{number + 1:06}")
            refused(errors.EntityTemporarilyUnmodifiableException, wait, iam.enable_mfa_device, UserName=other, SerialNumber=names[8], **wrong_pair)
            break
        except errors.InvalidAuthenticationCodeException:
            continue
    else:
        raise AssertionError("nobody has to wait")
    for name in names:
        iam.delete_virtual_mfa_device(SerialNumber=name)


def sessions():
    """The user's own key: a device may be changed only in a session that began with a code of it."""
    key = given["key"]
    sts = boto3.client("sts", **key)
    expect(sts.get_caller_identity()["Arn"], f"arn:aws:iam::000000000000:user/{user}")
    own = boto3.client("iam", **key)
    expect(len(own.list_mfa_devices()["MFADevices"]), 1)
    denied("AccessDenied", own.list_mfa_devices, UserName=other)
    denied("AccessDenied", own.deactivate_mfa_device, SerialNumber=serial, UserName=user)
    denied("AccessDenied", sts.get_session_token, SerialNumber=serial, TokenCode=wrong)
    session = sts.get_session_token(SerialNumber=serial, TokenCode=codes[6], DurationSeconds=900)["Credentials"]
    another_second()
    denied("AccessDenied", sts.get_session_token, SerialNumber=serial, TokenCode=codes[6])
    assert session["AccessKeyId"].startswith("ASIA"), session["AccessKeyId"]
    inside = {
        "aws_access_key_id": session["AccessKeyId"],
        "aws_secret_access_key": session["SecretAccessKey"],
        "aws_session_token": session["SessionToken"],
    }
    forged = inside | {"aws_session_token": session["SessionToken"][::-1]}
    # A token that is none reads like one of a session that is over and forgotten.
    denied("ExpiredToken", boto3.client("iam", **forged).list_mfa_devices)
    wrong_secret = key | {"aws_secret_access_key": "x" * 40}
    denied("SignatureDoesNotMatch", boto3.client("iam", **wrong_secret).list_mfa_devices)
    unknown = key | {"aws_access_key_id": "AKIAAAAAAAAAAAAAAAAA"}
    denied("InvalidClientTokenId", boto3.client("iam", **unknown).list_mfa_devices)
    boto3.client("iam", **inside).resync_mfa_device(SerialNumber=serial, UserName=user, **pair(codes[7], codes[8]))
    boto3.client("iam", **inside).deactivate_mfa_device(SerialNumber=serial, UserName=user)
    expect(own.list_mfa_devices()["MFADevices"], [])


for act in (users, hardware_device, software_device, paging, summary, limits, sessions):
    act()
    print(act.__name__)
