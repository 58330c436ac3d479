/** Milliseconds that the service's clock is ahead of this browser's, as far as its last answer told. */
let ahead = 0;

/** When the last answer came, by the service's clock. */
let answered = 0;

/** Tells other tabs, which are in the same session, when it was used. */
const tabs = new BroadcastChannel('keyfob-answered');
tabs.addEventListener('message', ({ data }) => (answered = Math.max(answered, Number(data))));

/** Takes the service's time from an answer's `Date`, since the browser's clock may stand an hour off. */
export function readClock(answer: Response): void {
  const date = Date.parse(answer.headers.get('Date') ?? '');
  // The header has whole seconds: half of one is the better guess.
  if (Number.isFinite(date)) ahead = date + 500 - Date.now();
}

/** Notes that the service has just answered in this session. */
export function noteAnswer(): void {
  answered = now();
  tabs.postMessage(answered);
}

/** When the service last answered, this tab or another one, in milliseconds since 1970: from then on a session is idle. */
export function lastAnswerAt(): number {
  return answered;
}

/** Milliseconds since 1970, by the service's clock. */
export function now(): number {
  return Date.now() + ahead;
}

/** Whole seconds since 1970, by the service's clock. */
export function nowInSeconds(): number {
  return Math.floor(now() / 1000);
}
