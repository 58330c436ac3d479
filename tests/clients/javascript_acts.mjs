// What an administrator and a user do by AWS's client for JavaScript. Ends with an error at the first answer that is not as it should be.
// The arguments: where the client is installed, and the same JSON as of boto3_acts.py.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(`${process.argv[2]}/`);
const IAM = require('@aws-sdk/client-iam');
const STS = require('@aws-sdk/client-sts');

const { user, other, serial, codes, wrong, key } = JSON.parse(process.argv[3]);
const own = { credentials: { accessKeyId: key.aws_access_key_id, secretAccessKey: key.aws_secret_access_key } };
const iam = new IAM.IAMClient({});
const does = (command, input, client = iam) => client.send(new IAM[`${command}Command`](input));
const asks = (command, input) => new STS.STSClient(own).send(new STS[`${command}Command`](input));
const pair = (at) => ({ AuthenticationCode1: codes[at], AuthenticationCode2: codes[at + 1] });
const mine = { UserName: user, SerialNumber: serial };

/** The act has to fail by this type. */
const refused = (type, command, input) => assert.rejects(does(command, input), IAM[type]);
/** The act has to fail by an error that has no type of its own. */
const denied = (name, act) => assert.rejects(act, { name });

async function hardwareDevice() {
  assert.equal((await does('CreateUser', { UserName: other })).User.UserName, other);
  const wrongPair = { AuthenticationCode1: wrong, AuthenticationCode2: codes[1] };
  await refused('InvalidAuthenticationCodeException', 'EnableMFADevice', { ...mine, ...wrongPair });
  await does('EnableMFADevice', { ...mine, ...pair(0) });
  const { MFADevices, IsTruncated } = await does('ListMFADevices', { UserName: user });
  assert.deepEqual([MFADevices.length, MFADevices[0].SerialNumber, IsTruncated], [1, serial, false]);
  assert.ok(MFADevices[0].EnableDate instanceof Date);
  await refused('EntityAlreadyExistsException', 'EnableMFADevice', { ...mine, UserName: other, ...pair(2) });
  await refused('NoSuchEntityException', 'GetMFADevice', { ...mine, UserName: other });
  await does('ResyncMFADevice', { ...mine, ...pair(4) });
}

async function softwareDevice() {
  const { VirtualMFADevice: made } = await does('CreateVirtualMFADevice', {
    VirtualMFADeviceName: 'tablet',
    Tags: [{ Key: 'a', Value: '1' }],
  });
  assert.ok(Buffer.from(made.QRCodePNG).subarray(1, 4).equals(Buffer.from('PNG')));
  assert.equal(made.Base32StringSeed.length, 32);
  const { Tags } = await does('ListMFADeviceTags', { SerialNumber: made.SerialNumber });
  assert.deepEqual(Tags, [{ Key: 'a', Value: '1' }]);
  await refused('EntityAlreadyExistsException', 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'tablet' });
  await does('DeleteVirtualMFADevice', { SerialNumber: made.SerialNumber });
}

async function sessions() {
  const alone = new IAM.IAMClient(own);
  await denied('AccessDenied', does('DeactivateMFADevice', mine, alone));
  await denied('AccessDenied', asks('GetSessionToken', { SerialNumber: serial, TokenCode: wrong }));
  const { Credentials } = await asks('GetSessionToken', { SerialNumber: serial, TokenCode: codes[6] });
  const inside = new IAM.IAMClient({
    credentials: {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
    },
  });
  await does('DeactivateMFADevice', mine, inside);
  assert.deepEqual((await does('ListMFADevices', {}, alone)).MFADevices, []);
}

for (const act of [hardwareDevice, softwareDevice, sessions]) {
  await act();
  console.log(act.name);
}
