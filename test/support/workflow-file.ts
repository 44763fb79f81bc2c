import { parse } from 'yaml';

export type Fields = Readonly<Record<string, unknown>>;

export interface Step {
  readonly where: string;
  readonly uses: string | undefined;
  /** The script's commands: comments and blank lines left out, continued lines joined. */
  readonly commands: readonly string[];
  readonly with: Fields;
  readonly fields: Fields;
}

export interface Job {
  readonly where: string;
  readonly fields: Fields;
  readonly steps: readonly Step[];
  /** Its own, or else the workflow's. */
  readonly permissions: unknown;
}

/** A workflow, or an action that is made of steps. */
export interface WorkflowFile {
  readonly kind: 'workflow' | 'action';
  readonly fields: Fields;
  /** Event → its filters. */
  readonly triggers: Fields;
  readonly jobs: readonly Job[];
  /** Of all jobs, or of the action. */
  readonly steps: readonly Step[];
}

export function readWorkflow(text: string): WorkflowFile {
  const fields = fieldsOf(parse(text));
  if ('runs' in fields) {
    const steps = stepsOf(fieldsOf(fields['runs'])['steps'], 'runs');
    return { kind: 'action', fields, triggers: {}, jobs: [], steps };
  }
  const jobs = Object.entries(fieldsOf(fields['jobs'])).map(([id, value]): Job => {
    const job = fieldsOf(value);
    const where = `jobs.${id}`;
    return { where, fields: job, steps: stepsOf(job['steps'], where), permissions: job['permissions'] };
  });
  return {
    kind: 'workflow',
    fields,
    triggers: triggersOf(fields['on']),
    jobs: jobs.map((job) => ({ ...job, permissions: job.permissions ?? fields['permissions'] })),
    steps: jobs.flatMap(({ steps }) => steps),
  };
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A field's text; what is no text is shown as JSON, and nothing is ''. */
export function textOf(fields: Fields, field: string): string {
  const value = fields[field] ?? '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function triggersOf(on: unknown): Fields {
  if (typeof on === 'string') return { [on]: null };
  if (Array.isArray(on)) return Object.fromEntries(on.map((event) => [String(event), null]));
  return fieldsOf(on);
}

function stepsOf(steps: unknown, where: string): readonly Step[] {
  if (!Array.isArray(steps)) return [];
  return steps.map((value: unknown, index): Step => {
    const fields = fieldsOf(value);
    const { uses, run } = fields;
    return {
      where: `${where}.steps[${index}]`,
      uses: typeof uses === 'string' ? uses : undefined,
      commands: typeof run === 'string' ? commandsOf(run) : [],
      with: fieldsOf(fields['with']),
      fields,
    };
  });
}

function commandsOf(script: string): readonly string[] {
  const lines = script.replaceAll(/\\\n\s*/g, ' ').split('\n');
  return lines.map((line) => line.replace(/(?:^|\s)#.*$/, '').trim()).filter((line) => line !== '');
}
