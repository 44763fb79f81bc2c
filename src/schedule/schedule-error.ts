/** A schedule expression that EventBridge would refuse; `message` says why, as the second half of a sentence. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}
