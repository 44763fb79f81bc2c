import type { Problem } from './problem.ts';
import { lineSpan, positionOf, type SourceText, type Span } from './source-text.ts';

interface Shape {
  readonly what: string;
  /** Bounded and anchored at a word's beginning, so that each position is looked at a bounded number of times. */
  readonly pattern: RegExp;
}

/** Formats of secrets as their issuers document them. */
const SHAPES: readonly Shape[] = [
  { what: 'a Slack token', pattern: /(?<![A-Za-z0-9])xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{8,256}/g },
  { what: 'a Slack app token', pattern: /(?<![A-Za-z0-9])xapp-[A-Za-z0-9-]{8,256}/g },
  { what: 'a Slack webhook', pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/_-]{16,256}/g },
  { what: 'a Discord webhook', pattern: /discord(?:app)?\.com\/api\/webhooks\/[0-9]{5,32}\/[A-Za-z0-9_-]{16,256}/g },
  { what: 'a Teams webhook', pattern: /webhook\.office\.com\/webhookb2\/[A-Za-z0-9@/-]{16,512}/g },
  { what: 'an AWS access key', pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  { what: 'a Telegram bot token', pattern: /(?<![0-9])[0-9]{6,12}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g },
  { what: 'a GitHub token', pattern: /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{20,256}/g },
  { what: 'a GitHub token', pattern: /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{20,256}/g },
  { what: 'a GitLab token', pattern: /(?<![A-Za-z0-9])gl[a-z]{2,5}-[A-Za-z0-9_-]{20,256}/g },
  { what: 'an npm token', pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/g },
  { what: 'a Google API key', pattern: /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/g },
  { what: 'a Stripe key', pattern: /(?<![A-Za-z0-9])[rs]k_(?:live|test)_[A-Za-z0-9]{16,256}/g },
  { what: 'a SendGrid key', pattern: /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/g },
  { what: 'a Twilio key', pattern: /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/g },
  { what: 'an API key', pattern: /(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{20,256}/g },
  { what: 'a Vault token', pattern: /(?<![A-Za-z0-9])hv[bs]\.[A-Za-z0-9_-]{20,256}/g },
  { what: 'an age key', pattern: /AGE-SECRET-KEY-1[A-Z0-9]{40,80}/g },
  {
    what: 'a JSON Web Token',
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,8192}(?:\.[A-Za-z0-9_-]{0,1024})?/g,
  },
  { what: 'an address with a password', pattern: /(?<=:\/\/[^\s:/@"']{1,64}:)[^\s/@"']{3,256}(?=@)/g },
  { what: 'a storage key', pattern: /(?<=AccountKey=)[A-Za-z0-9+/]{40,128}={0,2}/g },
];

/** A field whose name says that it holds a secret, up to where its value begins. */
const SECRET_FIELD =
  /(?:secret|passw(?:or)?d|passphrase|token|credentials?|api[-_]?key|private[-_]?key|access[-_]?key|hmac[-_]?key)["']?[ \t]{0,64}:[ \t]{1,64}/gi;

const REFERENCE = /^["']?(?:ssm:\/|secretsmanager:)[A-Za-z0-9/_+=.@-]+["']?\s*(?:#.*)?$/;

/** Characters of a line before which a comment begins; of a value on one line. */
const MAX_INDENT = 1024;
const MAX_VALUE = 8192;

/** Shorter values are words such as `none` or `true`. */
const MIN_SECRET = 8;

interface Finding {
  readonly what: string;
  readonly span: Span;
}

function* pemBlocks(text: string): Generator<Finding> {
  for (let from = text.indexOf('-----BEGIN '); from !== -1; from = text.indexOf('-----BEGIN ', from + 1)) {
    const header = text.slice(from, from + 80);
    if (!/^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(header)) continue;
    const footer = text.indexOf('-----END ', from);
    const close = footer === -1 ? -1 : text.indexOf('-----', footer + '-----END '.length);
    const end = close === -1 ? text.length : close + '-----'.length;
    yield { what: 'a private key', span: { start: from, end } };
    from = end;
  }
}

function indentOf({ text }: SourceText, { start, end }: Span): number {
  const length = text.slice(start, end).search(/[^ ]/);
  return length === -1 ? Infinity : length;
}

/** The lines of a block scalar whose header stands in `line`: those that are indented deeper, and empty ones. */
function blockBelow(source: SourceText, line: number): Span {
  const header = lineSpan(source, line) ?? { start: 0, end: 0 };
  const own = indentOf(source, header);
  let { end } = header;
  for (let below = lineSpan(source, line + 1), next = line + 2; below; below = lineSpan(source, next), next += 1) {
    if (indentOf(source, below) <= own) break;
    ({ end } = below);
  }
  return { start: Math.min(header.end + 1, end), end };
}

/** Prose says "the secret: …" too. The hash of a comment stands at the beginning of its line or after a blank. */
function isComment({ text }: SourceText, line: Span, offset: number): boolean {
  return /(?:^|\s)#/.test(text.slice(line.start, Math.min(offset, line.start + MAX_INDENT)));
}

function* namedFields(source: SourceText): Generator<Finding> {
  let reach = 0;
  for (const match of source.text.matchAll(SECRET_FIELD)) {
    if (match.index < reach) continue;
    const { line } = positionOf(source, match.index);
    const own = lineSpan(source, line);
    if (!own || isComment(source, own, match.index)) continue;
    const start = match.index + match[0].length;
    const rest = source.text.slice(start, Math.min(own.end, start + MAX_VALUE));
    const value = /^(?:"[^"]*"?|'[^']*'?|[^\s,}\]#]+)/.exec(rest)?.[0] ?? '';
    const isBlock = /^[|>]/.test(value);
    if (!isBlock && (value.length < MIN_SECRET || /^[{[&*!]/.test(value) || REFERENCE.test(value))) continue;
    const span = isBlock ? blockBelow(source, line) : { start, end: start + value.length };
    reach = span.end;
    yield { what: 'a secret', span };
  }
}

/** Everything in a file that has the shape of a secret, or stands where a secret would; sorted, without overlaps. */
export function findSecrets(source: SourceText): Finding[] {
  const { text } = source;
  const found: Finding[] = [...pemBlocks(text), ...namedFields(source)];
  for (const { what, pattern } of SHAPES) {
    for (const match of text.matchAll(pattern)) {
      found.push({ what, span: { start: match.index, end: match.index + match[0].length } });
    }
  }
  found.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  let reach = -1;
  return found.filter(({ span }) => {
    const isNew = span.start >= reach;
    reach = Math.max(reach, span.end);
    return isNew;
  });
}

/** A warning for each secret that no error speaks of already. */
export function secretWarnings(found: readonly Finding[], refused: readonly Span[]): Problem[] {
  return found
    .filter(({ span }) => !refused.some(({ start, end }) => span.start < end && start < span.end))
    .map(({ what, span }) => ({
      code: 'TU1016',
      message: `this looks like ${what}`,
      span,
      path: '',
      hint: 'refer to it (ssm:/path or secretsmanager:name), and replace it if it is real: git has seen it',
      warning: true,
    }));
}
