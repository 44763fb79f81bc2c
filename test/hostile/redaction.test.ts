import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { digestOf } from '../../src/engine/digest.ts';
import { select } from '../../src/engine/selection.ts';
import { unseal } from '../../src/engine/seal.ts';
import type { Culprit, Plan } from '../../src/engine/types.ts';
import { redactData, redactPlan } from '../../src/report/redact.ts';
import {
  drifted,
  mixedPlan,
  muchDrift,
  planOf,
  plannedAction,
  plannedDocument,
  refusedApply,
} from '../golden/fixtures.ts';
import { hostileApply, hostileDrift, hostileInvalid, hostilePlan } from '../golden/hostile-fixtures.ts';
import { injections } from './fields.ts';
import { applyRenderings, driftRenderings, planRenderings, validateRenderings } from './renderings.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const ACCOUNTS = { prod: '111122223333', partner: '444455556666' };
const SALT = '5b1e0d7c9a3f4e2d';

const PRIVATE: readonly string[] = [
  ['111122223333', '444455556666', '999988887777', 'x-111122223333-logs', 'log_111122223333_x'],
  ['arn:aws:iam::111122223333:role/ops', 'arn:aws:iam::999988887777:user/path/xanthippe.q'],
  ['arn:aws:sts::111122223333:assumed-role/ops/xanthippe.q@corp.example', 'AROAEXAMPLEID12345:xanthippe-session'],
  ['10.1.3.9', '10.1.3.9/32', 'at 10.1.3.9.', 'ip4:10.1.3.9', '9.3.1.10.in-addr.arpa.', 'ip-10-1-3-9.ec2.internal'],
  [
    '2001:db8::1',
    '[2001:db8::1]:53',
    '2001:db8:0:0:0:0:0:1',
    '::ffff:10.1.3.9',
    'fe80::1%eth0',
    'ip6:2001:db8::7',
    '::1',
  ],
  [
    'xanthippe.q@corp.example',
    'mailto:xanthippe.q@corp.example',
    '<xanthippe.q+x@corp.example>',
    'x\u00e4nthippe@corp.example',
  ],
  ['111122223333 10.1.3.9 2001:db8::1 xanthippe.q@corp.example', '111122223333.dkr.ecr.eu-west-1.amazonaws.com'],
].flat();

const TWELVE_DIGITS = /(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])/u;
const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}\b/u;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}/u;
const PEOPLE = /x[a\u00e4]nthippe/iu;
const ADDRESSES = /2001:db8|fe80::|::1\b|10-1-3-9|9\.3\.1\.10|111122223333|444455556666/u;
const ALL = [TWELVE_DIGITS, IPV4, EMAIL, PEOPLE, ADDRESSES];

function leaks(text: string): readonly string[] {
  return ALL.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
}

/** The rest of the fixtures has one of the addresses that are looked for. */
function publicPlan(text: string): Plan {
  return redactPlan(hostilePlan(text), ACCOUNTS, SALT);
}

describe('T52 what a public repository shows', () => {
  it.each(PRIVATE)('%j in every field is in no comment, issue, summary, artefact or annotation', (secret) => {
    // Fixtures repeat a text: a blank keeps one from the next.
    const text = `${secret} `;
    const plan = publicPlan(text);
    const rendered = [
      ...planRenderings(plan),
      ...applyRenderings(redactData(hostileApply(text), ACCOUNTS, SALT), plan),
      ...driftRenderings(redactData(hostileDrift(text), ACCOUNTS, SALT)),
      ...validateRenderings(redactData(hostileInvalid(text), ACCOUNTS, SALT)),
    ];
    expect(rendered.filter((one) => leaks(one.text).length > 0).map(({ name, text: of }) => [name, leaks(of)])).toEqual(
      [],
    );
  });

  it.each(PRIVATE)('%j in any single field of a plan or of drift is not in its data', (text) => {
    const plans = injections(mixedPlan, text).filter(({ data }) => hasLeak(redactPlan(data, ACCOUNTS, SALT)));
    const drifts = injections(muchDrift, text).filter(({ data }) => hasLeak(redactData(data, ACCOUNTS, SALT)));
    expect([...plans, ...drifts].map(({ field }) => field)).toEqual([]);
  });

  it('names of fields and numbers are no way around it', () => {
    const data = { '111122223333': 111122223333, 'xanthippe.q@corp.example': { '10.1.3.9': [999988887777] } };
    expect(hasLeak(redactData(data, ACCOUNTS, SALT))).toBe(false);
  });

  it('the actor of a drift is nobody, a service of AWS is named', () => {
    const who = drifted.drifted[0]!.who as Culprit;
    const by = (actor: string) =>
      redactData({ ...drifted, drifted: [{ ...drifted.drifted[0]!, who: { ...who, actor } }] }, ACCOUNTS, SALT)
        .drifted[0]!.who.actor;
    expect(by('role ops/on-call')).toMatch(/^<person [a-p]{16}>$/u);
    expect(by('role ops/on-call')).not.toBe(by('role ops/other'));
    expect(by('cloudformation.amazonaws.com')).toBe('cloudformation.amazonaws.com');
  });
});

function hasLeak(data: unknown): boolean {
  return leaks(JSON.stringify(data)).length > 0;
}

describe('redactData', () => {
  const redact = (text: string): string => redactData(text, ACCOUNTS, SALT);

  it.each([
    ['arn:aws:iam::111122223333:role/ops', 'arn:aws:iam::<account prod>:role/ops'],
    ['in 444455556666 eu-west-1', 'in <account partner> eu-west-1'],
    ['cafe111122223333cafe', 'cafe<account prod>cafe'],
    ['cdk_111122223333', 'cdk_<account prod>'],
  ])('%j becomes %j', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it.each([
    ['a fingerprint', '4f2a9c1e7b3d5a6f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7'],
    ['one with twelve digits in a row', '4f123456789012a67f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6'],
    ['an instance', 'i-0123456789012abcd'],
    ['more digits than an account has', '1234567890123'],
    ['a version', 'v1.2.3 and trueup/plan@1'],
    ['an action', 'actions/checkout@v5.0.0'],
    ['a moment', '2026-11-22T23:14:05Z'],
    ['a type', 'AWS::EC2::Instance, AWS::Route53::HostedZone'],
    ['an ARN without an account', 'arn:aws:s3:::bucket/key'],
    ['a path', 'config/user/jane.yaml'],
    ['a serial', '2026112304'],
    ['a host', 'web-a.corp.example.com.'],
  ])('%s stays as it is', (_, text) => {
    expect(redact(text)).toBe(text);
  });

  it('the same thing has the same name, another salt gives another one', () => {
    const [one, two] = redact('10.1.3.9 and 10.1.3.9').split(' and ');
    expect(one).toMatch(/^<address [a-p]{16}>$/u);
    expect(one).toBe(two);
    expect(redact('10.1.3.9')).not.toBe(redact('10.1.3.8'));
    expect(redact('2001:DB8::1')).toBe(redact('2001:db8::1'));
    expect(redactData('10.1.3.9', ACCOUNTS, 'other')).not.toBe(redact('10.1.3.9'));
  });

  it('an account that is its own alias has a pseudonym', () => {
    expect(redactData('111122223333', { '111122223333': '111122223333' }, SALT)).toMatch(/^<account [a-p]{16}>$/u);
  });

  it('is idempotent for any words among such things', () => {
    const piece = fc.oneof(
      fc.constantFrom(...PRIVATE),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.ipV4(),
      fc.ipV6(),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom(' ', ', ', '; ', '\n', '"', ' ('), (pieces, separator) => {
        const once = redact(pieces.join(separator));
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds every address by itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        expect(redact(`at ${address}, port 53`)).toMatch(/^at <address [a-p]{16}>, port 53$/u);
      }),
    );
  });
});

describe('T52 a redacted review against a redacted look', () => {
  const text = 'arn:aws:sts::111122223333:assumed-role/ops/xanthippe.q@corp.example at 10.1.3.9';
  const reviewed = sealed(planWith({}));

  it('has a digest of its own, and is the same twice', () => {
    const once = redactPlan(reviewed, ACCOUNTS, SALT);
    expect(once.digest).not.toBe(reviewed.digest);
    expect(once.digest).toBe(digestOf(once));
    expect(redactPlan(once, ACCOUNTS, SALT)).toEqual(once);
    expect(redactPlan(planWith({}), ACCOUNTS, SALT)).toEqual(once);
  });

  it.each([
    ['nothing moved', {}, 'run'],
    ['the effects and the calls are others', { calls: {} }, 'run'],
    ['it is done', { actions: [] }, 'run'],
    ['another account', { account: '999988887777' }, 'run'],
    ['another value was found', { before: `${text}0` }, 'refused'],
    ['another value is wanted', { after: `${text}0` }, 'refused'],
    ['another object', { basis: 'other' }, 'refused'],
    ['another reference', { bound: { 'Zone.Id': '10.1.3.8' } }, 'refused'],
    ['another document', { seal: 'other' }, 'refused'],
    ['another owner', { owner: 'jane.roe@corp.example' }, 'refused'],
    ['another verb', { action: 'replace' as const }, 'refused'],
    ['a finding that blocks', { message: `not ours: ${text}` }, 'refused'],
  ])('%s: the same verdict as unredacted', (_, over, verdict) => {
    const fresh = sealed(planWith(over));
    const plain = unseal('ZoneMirror/corp', reviewed, fresh);
    const hidden = unseal('ZoneMirror/corp', redacted(reviewed), redacted(fresh));
    expect(plain.verdict).toBe(verdict);
    expect(hidden).toEqual(redactData(plain, ACCOUNTS, SALT));
    const selected = (one: Plan, other: Plan) => select({ plan: one, orphans: [], absent: [] } as never, other);
    expect(selected(redacted(fresh), redacted(reviewed))).toEqual(
      redactData(selected(fresh, reviewed), ACCOUNTS, SALT),
    );
  });

  function redacted(plan: Plan): Plan {
    return redactPlan(plan, ACCOUNTS, SALT);
  }

  function sealed(plan: Plan): Plan {
    return { ...plan, digest: digestOf(plan) };
  }

  interface Over {
    readonly account?: string;
    readonly before?: string;
    readonly after?: string;
    readonly basis?: string;
    readonly bound?: { readonly [name: string]: string };
    readonly seal?: string;
    readonly owner?: string;
    readonly action?: 'replace';
    readonly message?: string;
    readonly actions?: Plan['actions'];
    readonly calls?: Plan['calls'];
  }

  function planWith({
    account,
    before,
    after,
    basis,
    bound,
    seal,
    owner,
    action,
    message,
    actions,
    calls,
  }: Over): Plan {
    const finding = {
      document: 'ZoneMirror/corp',
      code: 'foreign',
      severity: 'blocks',
      message: message ?? '',
    } as const;
    return planOf({
      owner: owner ?? 'xanthippe.q@corp.example',
      accounts: ACCOUNTS,
      documents: [plannedDocument('corp', { seal: seal ?? 'seal', findings: message === undefined ? [] : [finding] })],
      actions: actions ?? [
        plannedAction('ZoneMirror/corp', 'zone', {
          account: account ?? ACCOUNTS.prod,
          resource: text,
          action: action ?? 'update',
          basis: basis ?? 'basis',
          bound: bound ?? { 'Zone.Id': '10.1.3.9' },
          changes: [{ path: 'Comment', before: before ?? text, after: after ?? '10.1.3.9', cause: 'git' }],
        }),
      ],
      ...(calls && { calls }),
    });
  }
});

it('T52 what was applied names no account', () => {
  expect(
    hasLeak(redactData({ ...refusedApply, failed: [{ id: 'a', error: PRIVATE.join(' ') }] }, ACCOUNTS, SALT)),
  ).toBe(false);
});
