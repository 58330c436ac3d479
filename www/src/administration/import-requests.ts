import { type Answer, type Problem, accepted, failed, readProblem, send } from '../api';
import { sentence } from '../messages';

/** A device as an import file describes it, without its secret. */
export interface SeedFileDevice {
  readonly SerialNumber: string;
  readonly Type: string;
  readonly Algorithm: string;
  readonly Digits: number;
  readonly Period?: number | null;
  readonly Manufacturer?: string | null;
  readonly Model?: string | null;
}

/** A row that can't be used. */
export interface Reject {
  /** Where it stands: a line or record. */
  readonly Record: string | number;
  readonly SerialNumber?: string | null;
  readonly Reason: string;
}

/** What stands in a seed file. */
export interface Preview {
  /** How many devices it has. */
  readonly count: number;
  /** All of them, or the first. */
  readonly devices: readonly SeedFileDevice[];
  readonly rejects: readonly Reject[];
  readonly unverifiedSignature: boolean;
}

/** What an import did. */
export interface ImportResult {
  readonly imported: number;
  /** Known already, the same. */
  readonly known: number;
  readonly conflicts: readonly string[];
  readonly rejects: readonly Reject[];
  readonly devices: readonly SeedFileDevice[];
  readonly unverifiedSignature: boolean;
}

export interface ImportOptions {
  readonly dryRun: boolean;
  /** Imports what can be, where rows can't be read or devices are known with another secret. */
  readonly skipRejects: boolean;
}

/** Sends the file. `progress` is told how many devices have been read. */
export async function sendSeedFile(file: Blob, { dryRun, skipRejects }: ImportOptions, progress: (count: number) => void): Promise<Answer<ImportResult>> {
  const answer = await send(`/import?DryRun=${dryRun}&SkipRejects=${skipRejects}`, file);
  if (!answer.ok) return answer;
  try {
    for await (const line of lines(answer.value)) {
      if (typeof line['Progress'] === 'number') progress(line['Progress']);
      else if ('Error' in line) return failed(problemOf(line));
      else if ('Result' in line) return accepted(readResult(line['Result'] as Told));
    }
  } catch {
    return failed({ kind: 'network' });
  }
  // The answer broke off: what became of the import is not known, and importing again does no harm.
  return failed({ kind: 'network' });
}

function problemOf(line: unknown): Problem {
  return readProblem(400, line, null);
}

interface Told {
  readonly Imported?: number | readonly string[];
  readonly Known?: number | readonly string[];
  readonly Conflicts?: readonly { readonly SerialNumber: string }[];
  readonly Rejects?: readonly Reject[];
  readonly Devices?: readonly SeedFileDevice[];
  readonly UnverifiedSignature?: boolean;
}

function readResult(told: Told): ImportResult {
  return {
    imported: count(told.Imported),
    known: count(told.Known),
    conflicts: (told.Conflicts ?? []).map(({ SerialNumber }) => SerialNumber),
    rejects: (told.Rejects ?? []).map((reject) => ({ ...reject, Reason: sentence(reject.Reason) })),
    devices: told.Devices ?? [],
    unverifiedSignature: told.UnverifiedSignature ?? false,
  };
}

function count(value: number | readonly string[] | undefined): number {
  return typeof value === 'number' ? value : (value?.length ?? 0);
}

/** The lines of an answer, one JSON object each, as they come. */
async function* lines(answer: Response): AsyncGenerator<Record<string, unknown>> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  while (reader) {
    const { done, value } = await reader.read();
    const parts = (rest + (value ?? '')).split('\n');
    rest = done ? '' : (parts.pop() ?? '');
    for (const part of parts) if (part.trim() !== '') yield JSON.parse(part) as Record<string, unknown>;
    if (done) return;
  }
}
