// Sends by AWS's client for JavaScript what has to be refused. The arguments: where the client is installed, and the same JSON as of typed_errors.py.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const require = createRequire(`${process.argv[2]}/`);
const IAM = require('@aws-sdk/client-iam');

const iam = new IAM.IAMClient({});
for (const [error, operation, parameters] of JSON.parse(process.argv[3])) {
  const type = IAM[`${error}Exception`];
  assert.ok(type, `the client has no type for ${error}`);
  const isRefused = (thrown) => thrown instanceof type && thrown.message !== '';
  await assert.rejects(iam.send(new IAM[`${operation}Command`](parameters)), isRefused, `${operation} as ${error}`);
  console.log(error);
}
