import type { Answer, Problem } from '../problem';

/** The most that the service gives at a time. */
export const MOST_ITEMS = 1000;

export interface Part<Row> {
  readonly rows: readonly Row[];
  readonly next: string | undefined;
}

/** Loads a long list part after part, and tells of all rows so far after each. */
export async function loadAll<Row>(
  load: (marker: string | undefined) => Promise<Answer<Part<Row>>>,
  seen: (rows: readonly Row[], isComplete: boolean) => void,
): Promise<Problem | undefined> {
  const rows: Row[] = [];
  let marker: string | undefined;
  do {
    const answer = await load(marker);
    if (!answer.ok) return answer.problem;
    rows.push(...answer.value.rows);
    marker = answer.value.next;
    seen(rows, marker === undefined);
  } while (marker !== undefined);
  return undefined;
}

/** Where a truncated list goes on. */
export function nextMarker({ IsTruncated, Marker }: { readonly IsTruncated: boolean; readonly Marker?: string | null }): string | undefined {
  return IsTruncated ? (Marker ?? undefined) : undefined;
}
