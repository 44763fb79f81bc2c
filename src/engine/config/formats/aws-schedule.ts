/** EventBridge's limit for a schedule expression. */
const MAX_LENGTH = 256;

const RATE_UNITS = ['minute', 'hour', 'day'];

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface CronField {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  /** Names of the values, the first one for `low`. */
  readonly names?: readonly string[];
  /** Takes `?`, L and W or #. */
  readonly day?: 'month' | 'week';
}

/** Fields of a cron expression as EventBridge reads it (EventBridge user guide, "Cron expressions reference"). */
const CRON_FIELDS: readonly CronField[] = [
  { label: 'minutes', low: 0, high: 59 },
  { label: 'hours', low: 0, high: 23 },
  { label: 'day of the month', low: 1, high: 31, day: 'month' },
  { label: 'month', low: 1, high: 12, names: MONTHS },
  { label: 'day of the week', low: 1, high: 7, names: WEEKDAYS, day: 'week' },
  { label: 'year', low: 1970, high: 2199 },
];

function isNumber(text: string): boolean {
  return /^[0-9]{1,4}$/.test(text);
}

function isValue(text: string, { low, high, names }: CronField): boolean {
  if (names?.includes(text.toUpperCase())) return true;
  return isNumber(text) && Number(text) >= low && Number(text) <= high;
}

function isNearWeekday(text: string, field: CronField): boolean {
  return text === 'L' || text === 'LW' || (text.endsWith('W') && isValue(text.slice(0, -1), field));
}

function isNthWeekday(text: string, field: CronField): boolean {
  if (text === 'L' || (text.endsWith('L') && isValue(text.slice(0, -1), field))) return true;
  const [day = '', nth = '', ...rest] = text.split('#');
  return rest.length === 0 && isValue(day, field) && /^[1-5]$/.test(nth);
}

function isDayForm(text: string, field: CronField): boolean {
  if (field.day === 'month') return isNearWeekday(text, field);
  return field.day === 'week' && isNthWeekday(text, field);
}

function isItem(text: string, field: CronField): boolean {
  const [range = '', step, ...rest] = text.split('/');
  if (rest.length > 0 || (step !== undefined && !(isNumber(step) && Number(step) > 0))) return false;
  if (range === '*' || isValue(range, field)) return true;
  if (step === undefined && isDayForm(range, field)) return true;
  const [from = '', to, ...more] = range.split('-');
  return to !== undefined && more.length === 0 && isValue(from, field) && isValue(to, field);
}

function cronProblem(body: string): string | undefined {
  const values = body.trim().split(/\s+/);
  if (values.length !== CRON_FIELDS.length) {
    return `cron takes 6 fields (${CRON_FIELDS.map(({ label }) => label).join(', ')}), this has ${values.length}`;
  }
  for (const [index, field] of CRON_FIELDS.entries()) {
    const value = values[index] ?? '';
    if (field.day && value === '?') continue;
    const isRead = value.split(',').every((item) => isItem(item, field));
    if (!isRead) return `cron cannot read the field of the ${field.label}`;
  }
  const isOneOpen = (values[2] === '?') !== (values[4] === '?');
  return isOneOpen ? undefined : 'write ? for either the day of the month or the day of the week, not for both';
}

function rateProblem(body: string): string | undefined {
  const [count = '', unit = '', ...rest] = body.trim().split(/\s+/);
  const singular = unit.endsWith('s') ? unit.slice(0, -1) : unit;
  if (rest.length > 0 || !/^[1-9][0-9]{0,5}$/.test(count) || !RATE_UNITS.includes(singular)) {
    return 'rate takes a whole number and minutes, hours or days, such as rate(15 minutes)';
  }
  const right = count === '1' ? singular : `${singular}s`;
  return unit === right ? undefined : `write rate(${count} ${right})`;
}

/** Why EventBridge would refuse the expression; undefined when it would take it. */
export function scheduleProblem(text: string): string | undefined {
  const open = text.indexOf('(');
  const verb = text.slice(0, open);
  const isCall = text.length <= MAX_LENGTH && text.endsWith(')') && (verb === 'rate' || verb === 'cron');
  if (!isCall) return 'write rate(15 minutes), or cron(0 6 * * ? *) in UTC';
  const body = text.slice(open + 1, -1);
  return verb === 'rate' ? rateProblem(body) : cronProblem(body);
}
