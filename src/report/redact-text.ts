import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';

/** Account ids by alias, in twelve digits. */
export type Accounts = Readonly<Record<string, string>>;

/** Makes one text one that anybody may read. */
export type Redactor = (text: string) => string;

/** Letters of a pseudonym: no pseudonym looks like what it stands for. */
const LENGTH = 16;
const LETTERS = 'abcdefghijklmnop';
const PSEUDONYM = /^<[a-z]+ [a-p]{16}>$/u;

/** IAM: names of users and sessions are of `[\w+=,.@-]`; users have paths. */
const SESSION = /(\bassumed-role\/[\w+=,.@-]{1,64}\/)([\w+=,.@-]+)/gu;
const USER = /(:(?:federated-)?user\/)([\w+=,.@/-]+)/gu;
/** The unique id of a role, with the name of its session. */
const SESSION_OF_ID = /(\bAROA[A-Z0-9]{12,28}:)([\w+=,.@-]+)/gu;

const EMAIL = /[\p{L}\p{M}\p{N}._%+~-]+(?:@[\p{L}\p{M}\p{N}._-]+)?/gu;
const TOP_LEVEL = /^\p{L}{2}/u;

const IPV4 = /(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)/gu;
/** In names that AWS gives machines: `ip-10-1-2-3`. */
const IPV4_NAME = /\b((?:ip|ec2)-)(\d{1,3}(?:-\d{1,3}){3})(?!\d)/gu;
/** At the beginning of a word, or behind one that cannot be a part of it and its colon (`ip6:`, `source:`). */
const IPV6 = /(?:(?<![0-9A-Za-z:])|(?<=[g-zG-Z]:|\bip6:))[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]+(?:(?:\.\d{1,3}){3})?/gu;
/** The longest text of an IPv6 address (RFC 4291 §2.2). */
const IPV6_LENGTH = 45;
/** Nibbles in reverse (RFC 3596 §2.5). */
const IPV6_NAME = /(?<![0-9A-Za-z])(?:[0-9A-Fa-f]\.){32}(?=ip6\.arpa)/giu;

const TWELVE_DIGITS = /(?<!\d)\d{12}(?!\d)/gu;
const HEX = /[0-9a-f]/u;
/** Twelve digits in a row in at least that many lower-case hexadecimal ones are a part of a fingerprint or an id. */
const SHORTEST_FINGERPRINT = 16;

/**
 * Texts without account ids, addresses and people (threats T52). Accounts that are known become `<account prod>`;
 * e-mail and IP addresses, other runs of twelve digits, names of users and of sessions in ARNs become pseudonyms such as
 * `<address bdkp…>`: the same for the same thing. Idempotent, and linear in the length.
 *
 * @param salt must be secret: there are few addresses and accounts, and who knows the salt can try them all. What is to
 * be compared needs the same one.
 */
export function createRedactor(accounts: Accounts, salt: string): Redactor {
  const labels = new Map(Object.entries(accounts).map(([alias, id]) => [id, accountLabel(alias, id, salt)]));
  const named = (what: string) => (value: string) => pseudonym(what, value, salt);
  const address = named('address');

  return (text) =>
    text
      .replace(SESSION, (_, front: string, name: string) => front + pseudonym('session', name, salt))
      .replace(SESSION_OF_ID, (_, front: string, name: string) => front + pseudonym('session', name, salt))
      .replace(USER, (_, front: string, name: string) => front + pseudonym('user', name, salt))
      .replace(EMAIL, (word) => (isAddressed(word) ? pseudonym('email', word, salt) : word))
      .replace(IPV6_NAME, (nibbles) => `${address(nibbles.toLowerCase())}.`)
      .replace(IPV6, (word) => ipv6Word(word, address))
      .replace(IPV4, address)
      .replace(IPV4_NAME, (_, front: string, name: string) => front + address(name))
      .replace(TWELVE_DIGITS, (digits, at: number, whole: string) => {
        return labels.get(digits) ?? (isInFingerprint(whole, at) ? digits : pseudonym('account', digits, salt));
      });
}

/** One name for one thing; what is a pseudonym already stays. */
export function pseudonym(what: string, value: string, salt: string): string {
  if (PSEUDONYM.test(value)) return value;
  const bytes = createHmac('sha256', salt).update(`${what} ${value}`).digest().subarray(0, LENGTH);
  return `<${what} ${Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join('')}>`;
}

/** Does a name of a domain follow its @? */
function isAddressed(word: string): boolean {
  const at = word.indexOf('@');
  return (
    at >= 0 &&
    word
      .slice(at)
      .split('.')
      .slice(1)
      .some((label) => TOP_LEVEL.test(label))
  );
}

/** Without Settings an account is its own alias. */
function accountLabel(alias: string, id: string, salt: string): string {
  return /^[A-Za-z][\w-]*$/u.test(alias) && !/\d{12}/u.test(alias)
    ? `<account ${alias}>`
    : pseudonym('account', id, salt);
}

/** The address at the beginning of a word; a colon that closes a clause is none of it. */
function ipv6Word(word: string, address: Redactor): string {
  if (word.length > IPV6_LENGTH + 1) return word;
  const candidates = [word, word.split('.', 1)[0] ?? word, word.replace(/:$/u, '')];
  const found = candidates.find((candidate) => isIPv6(candidate));
  return found === undefined ? word : address(found.toLowerCase()) + word.slice(found.length);
}

function isInFingerprint(text: string, at: number): boolean {
  let start = at;
  let end = at;
  while (end - start < SHORTEST_FINGERPRINT && HEX.test(text[end] ?? '')) end += 1;
  while (end - start < SHORTEST_FINGERPRINT && HEX.test(text[start - 1] ?? '')) start -= 1;
  return end - start >= SHORTEST_FINGERPRINT;
}
