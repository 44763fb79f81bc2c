import { accountOf, QUESTIONS } from '../init/answers.ts';
import type { Answers, InitAccount, Question } from '../init/answers.ts';
import { KINDS } from '../reconcilers/registry.ts';
import { usageError } from './errors.ts';

/** Flags of `init` that are answers. */
export interface AnswerFlags {
  readonly owner?: string;
  readonly account?: readonly string[];
  readonly region?: string;
  readonly planRole: string;
  readonly applyRole: string;
  readonly boundary: string;
  readonly repository?: string;
  readonly repositoryId?: string;
  readonly defaultBranch?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly action?: string;
}

type Ask = (question: string) => Promise<string>;

/**
 * All that `init` has to know: by flags, and the rest by questions.
 *
 * @param shipped `OWNER/REPO@COMMIT` of this program, if it knows its commit
 * @param ask undefined: nobody can be asked
 * @throws CliError TU0001 for a flag that is wrong, and for one that is missing where nobody can be asked
 */
export async function gatherAnswers(
  flags: AnswerFlags,
  shipped: string | undefined,
  ask: Ask | undefined,
): Promise<Answers> {
  // What was said is judged before anything is asked.
  refuseWrong(flags);
  const owner = await needed(QUESTIONS.owner, flags.owner, ask);
  const accounts = flags.account
    ? flags.account.map(accountOf)
    : [accountOf(await needed(QUESTIONS.account, undefined, ask))];
  refuseTwice(accounts);
  const region = await needed(QUESTIONS.region, flags.region, ask);
  const repository = flags.repository ?? (await offered(QUESTIONS.repository, '', ask));
  const repositoryId = flags.repositoryId ?? (repository === '' ? '' : await offered(QUESTIONS.repositoryId, '', ask));
  const defaultBranch = flags.defaultBranch ?? (await offered(QUESTIONS.defaultBranch, 'main', ask));
  const first = await firstOf(flags, ask);
  const action = flags.action ?? shipped ?? (await needed(QUESTIONS.action, undefined, ask));
  const { planRole, applyRole, boundary } = flags;
  return {
    owner,
    accounts,
    region,
    planRole,
    applyRole,
    boundary,
    ...(repository !== '' && { repository }),
    ...(repositoryId !== '' && { repositoryId }),
    defaultBranch,
    ...(first && { first }),
    action,
  };
}

function refuseWrong(flags: AnswerFlags): void {
  const { account = [], kind, ...rest } = flags;
  for (const one of account) check(QUESTIONS.account, one);
  for (const [name, question] of Object.entries(QUESTIONS)) {
    const value = (rest as Readonly<Record<string, unknown>>)[name];
    if (typeof value === 'string') check(question, value);
  }
  if (kind !== undefined) check(kindQuestion(), kind);
  if (flags.name !== undefined && kind === undefined) {
    throw usageError('--name is the name of a first document, and --kind is missing', `kinds: ${kinds().join(', ')}`);
  }
}

function check(question: Question, value: string): void {
  const problem = question.problemOf(value);
  if (problem !== undefined) throw usageError(`--${question.flag} ${value} is not ${problem}`);
}

function refuseTwice(accounts: readonly InitAccount[]): void {
  const twice = accounts.find(({ alias, id }, index) =>
    accounts.slice(0, index).some((other) => other.alias === alias || other.id === id),
  );
  if (twice) throw usageError(`--account ${twice.alias}=${twice.id} has an alias or a number that another one has`);
}

async function firstOf(flags: AnswerFlags, ask: Ask | undefined): Promise<Answers['first']> {
  const kind = flags.kind ?? (await offered(kindQuestion(), '', ask));
  if (kind === '') return undefined;
  return { kind, name: await needed(QUESTIONS.name, flags.name, ask) };
}

function kindQuestion(): Question {
  const list = kinds().join(', ');
  return {
    flag: 'kind',
    text: `Kind of the first document (${list})`,
    problemOf: (answer) => (kinds().includes(answer) ? undefined : `a kind: ${list}`),
  };
}

function kinds(): readonly string[] {
  return KINDS.map(({ kind }) => kind.kind);
}

async function needed(question: Question, given: string | undefined, ask: Ask | undefined): Promise<string> {
  if (given !== undefined) return given;
  if (ask) return asked(question, `${question.text}: `, ask);
  throw usageError(
    `--${question.flag} is missing, and nobody can be asked`,
    `it is ${question.problemOf('') ?? 'text'}`,
  );
}

/** One that may be left out. */
async function offered(question: Question, unsaid: string, ask: Ask | undefined): Promise<string> {
  if (!ask) return unsaid;
  const text = unsaid === '' ? `${question.text} (may be left empty): ` : `${question.text} [${unsaid}]: `;
  return asked(
    { ...question, problemOf: (answer) => (answer === '' ? undefined : question.problemOf(answer)) },
    text,
    ask,
  ).then((answer) => (answer === '' ? unsaid : answer));
}

async function asked(question: Question, text: string, ask: Ask): Promise<string> {
  let answer = await ask(text);
  for (let problem = question.problemOf(answer); problem !== undefined; problem = question.problemOf(answer)) {
    answer = await ask(`It must be ${problem}.\n${text}`);
  }
  return answer;
}
