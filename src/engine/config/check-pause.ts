import { problemIn, valueAt, type Candidate, type Located } from './candidate.ts';
import { dateProblem } from './formats/index.ts';

const DAY = 86_400_000;
/** Longest pause (design §3): a document that nobody looks after for longer is not managed. */
const MAX_PAUSE_DAYS = 90;

/** A pause that has ended, or ends later than a pause may. `now`: milliseconds since the epoch. */
export function pauseProblems(candidate: Candidate, now: number): Located[] {
  const until = valueAt(candidate.yaml.value, 'metadata', 'pause', 'until');
  if (typeof until !== 'string' || dateProblem(until) !== undefined) return [];
  const end = Date.parse(`${until}T00:00:00Z`);
  const path = '/metadata/pause/until';
  if (end <= now) {
    const message = `the pause ended on ${until}`;
    return [problemIn(candidate, { code: 'TU1022', path, message, hint: 'remove metadata.pause' })];
  }
  if (end <= now + MAX_PAUSE_DAYS * DAY) return [];
  const latest = new Date(now + MAX_PAUSE_DAYS * DAY).toISOString().slice(0, 10);
  const message = `metadata.pause.until must be within ${MAX_PAUSE_DAYS} days`;
  return [problemIn(candidate, { code: 'TU1022', path, message, hint: `${latest} at the latest` })];
}
