import type { SeedFilePreview } from '@keyfob/wasm/tokens';
import { startTokens } from '../keyfob';
import { sentence } from '../messages';
import { type Answer, accepted } from '../problem';
import { type Preview, sendSeedFile } from './import-requests';

/** So many devices are shown, and can be sorted at once. */
const MOST_SHOWN = 10_000;

/** Why a file as a whole can't be read, or what stands in it. */
export type PreviewOutcome =
  | { readonly kind: 'read'; readonly preview: Preview; readonly isSent: boolean }
  | { readonly kind: 'unreadable'; readonly text: string }
  | { readonly kind: 'failed'; readonly answer: Extract<Answer<unknown>, { ok: false }> };

/** What stands in a seed file. It does not leave the page, unless the package is missing: then the service tells, and changes nothing. */
export async function previewSeedFile(file: File, progress: (count: number) => void): Promise<PreviewOutcome> {
  const tokens = await startTokens();
  if (!tokens) return askService(file, progress);
  const content = new Uint8Array(await file.arrayBuffer());
  try {
    const seedFile = new tokens.SeedFile(content);
    const preview = seedFile.preview();
    seedFile.free();
    return { kind: 'read', preview: readPreview(preview), isSent: false };
  } catch (error) {
    if (error instanceof tokens.KeyfobError) return { kind: 'unreadable', text: sentence(error.message) };
    throw error;
  } finally {
    content.fill(0);
  }
}

function readPreview({ devices, rejects, unverifiedSignature }: SeedFilePreview): Preview {
  return {
    unverifiedSignature,
    count: devices.length,
    devices: devices.slice(0, MOST_SHOWN).map((device) => ({
      SerialNumber: device.serial,
      Type: device.type,
      Algorithm: device.algorithm,
      Digits: device.digits,
      Period: device.type === 'TOTP' ? device.period : null,
      Manufacturer: device.manufacturer ?? null,
      Model: device.model ?? null,
    })),
    rejects: rejects.map(({ place, serial, reason }) => ({ Record: place, SerialNumber: serial ?? null, Reason: sentence(reason) })),
  };
}

async function askService(file: File, progress: (count: number) => void): Promise<PreviewOutcome> {
  const answer: Answer<Preview> = await dryRun(file, progress);
  if (answer.ok) return { kind: 'read', preview: answer.value, isSent: true };
  const { problem } = answer;
  if (problem.kind === 'refused' && problem.reason === undefined) return { kind: 'unreadable', text: sentence(problem.message) };
  return { kind: 'failed', answer };
}

async function dryRun(file: File, progress: (count: number) => void): Promise<Answer<Preview>> {
  const answer = await sendSeedFile(file, { dryRun: true, skipRejects: true }, progress);
  if (!answer.ok) return answer;
  const { imported, known, conflicts, devices, rejects, unverifiedSignature } = answer.value;
  return accepted({ count: imported + known + conflicts.length, devices, rejects, unverifiedSignature });
}
