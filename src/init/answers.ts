import { isReserved } from '../engine/config/reserved.ts';

/** What `init` has to know: all of it was checked. */
export interface Answers {
  /** `spec.owner` of Settings. */
  readonly owner: string;
  /** The first is the default one, whose roles the workflows take. */
  readonly accounts: readonly InitAccount[];
  readonly region: string;
  readonly planRole: string;
  readonly applyRole: string;
  /** Name of the policy that bounds roles of functions. */
  readonly boundary: string;
  /** `OWNER/NAME` on GitHub, and its number; only for the commands that are named at the end. */
  readonly repository?: string;
  readonly repositoryId?: string;
  readonly defaultBranch: string;
  /** The first document; undefined: none. */
  readonly first?: { readonly kind: string; readonly name: string };
  /** `OWNER/REPO@` and 40 hex digits: trueup itself, as workflows use it. */
  readonly action: string;
}

export interface InitAccount {
  readonly alias: string;
  /** Twelve digits. */
  readonly id: string;
}

/** One thing to know, as a flag and as a question. */
export interface Question {
  /** Without the dashes. */
  readonly flag: string;
  readonly text: string;
  /** Undefined: an answer that will do; otherwise what it must be. */
  problemOf(answer: string): string | undefined;
}

const NAME = /^[a-z0-9-]{1,63}$/;
const COMMIT = /^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/;

function question(flag: string, text: string, pattern: RegExp, form: string): Question {
  return { flag, text, problemOf: (answer) => (pattern.test(answer) ? undefined : form) };
}

/** What names something in a document: words of JavaScript's own are none. */
function naming(asked: Question, nameIn: (answer: string) => string): Question {
  const form = asked.problemOf('') ?? '';
  const problemOf = (answer: string): string | undefined =>
    isReserved(nameIn(answer)) ? form : asked.problemOf(answer);
  return { ...asked, problemOf };
}

const ROLE = /^[A-Za-z0-9+=,.@_/-]{1,128}$/;

export const QUESTIONS = {
  owner: question(
    'owner',
    'Owner: what marks all that is made from this repository',
    /^[a-z0-9-]{3,32}$/,
    '3 to 32 of a-z, 0-9 and -',
  ),
  account: naming(
    question(
      'account',
      'AWS account, as ALIAS=ID',
      /^[a-z0-9-]{1,63}=[0-9]{12}$/,
      'ALIAS=ID, such as prod=111122223333',
    ),
    (answer) => accountOf(answer).alias,
  ),
  region: question(
    'region',
    'AWS region',
    /^[a-z]{2,4}(-[a-z]{2,12}){0,2}-(central|east|west|(north|south)(east|west)?)-[0-9]{1,2}$/,
    'a region such as eu-west-1',
  ),
  planRole: question('plan-role', 'Name of the role that plans', ROLE, 'the name of a role'),
  applyRole: question('apply-role', 'Name of the role that applies', ROLE, 'the name of a role'),
  boundary: question(
    'boundary',
    'Name of the permissions boundary',
    /^[A-Za-z0-9+=,.@_-]{1,128}$/,
    'the name of a policy',
  ),
  repository: question('repository', 'Repository on GitHub, as OWNER/NAME', /^[\w.-]+\/[\w.-]+$/, 'OWNER/NAME'),
  repositoryId: question('repository-id', 'Its number', /^[1-9][0-9]{0,14}$/, 'a number'),
  defaultBranch: question(
    'default-branch',
    'Default branch',
    /^(?!.*(?:\.\.|\/\/|\.lock$|[./]$))[A-Za-z0-9_][A-Za-z0-9._/-]{0,200}$/,
    'a branch by letters, digits and . _ / -',
  ),
  name: naming(question('name', 'Name of the first document', NAME, '1 to 63 of a-z, 0-9 and -'), (answer) => answer),
  action: question(
    'action',
    'trueup on GitHub, as OWNER/REPO@COMMIT',
    COMMIT,
    'OWNER/REPO@ and the 40 hex digits of a commit: a tag or a branch can be moved',
  ),
} as const;

export function accountOf(text: string): InitAccount {
  const cut = text.indexOf('=');
  return { alias: text.slice(0, cut), id: text.slice(cut + 1) };
}
