import { parseSchedule } from '../../../schedule/aws-expression.ts';
import { ScheduleError } from '../../../schedule/schedule-error.ts';

/** Why EventBridge would refuse the expression; undefined when it would take it. */
export function scheduleProblem(text: string): string | undefined {
  try {
    parseSchedule(text);
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
}
