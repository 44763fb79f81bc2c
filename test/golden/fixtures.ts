import type {
  Action,
  ApplyResult,
  Diagnostic,
  DriftResult,
  Effect,
  Plan,
  PlannedDocument,
  ValidateResult,
  Value,
} from '../../src/engine/types.ts';

/** Results as the engine hands them over, for the golden files and the tests of the report. */

const DIGEST = '4f2a9c1e7b3d5a6f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7';
const PROD = '111122223333';

export function plannedDocument(name: string, over: Partial<PlannedDocument> = {}): PlannedDocument {
  return {
    kind: 'ZoneMirror',
    name,
    file: `config/dns/${name}.yaml`,
    line: 3,
    summary: `mirrors ${name}.example.com from 10.0.0.1`,
    seal: 'seal',
    effects: [],
    findings: [],
    ...over,
  };
}

export function plannedAction(document: string, id: string, over: Partial<Action> = {}): Action {
  return {
    id: `${document}/${id}`,
    document,
    type: 'AWS::Route53::HostedZone',
    resource: 'corp.example.com.',
    account: PROD,
    region: 'eu-west-1',
    action: 'create',
    reason: 'missing',
    changes: [],
    dependsOn: [],
    basis: 'basis',
    bound: {},
    ...over,
  };
}

export function planOf(over: Partial<Plan> = {}): Plan {
  const { actions = [], documents = [] } = over;
  const verbs = (verb: Action['action']): number => actions.filter(({ action }) => action === verb).length;
  return {
    format: 'trueup/plan@1',
    digest: DIGEST,
    complete: true,
    owner: 'acme-network',
    accounts: { prod: PROD },
    config: { commit: '9f3c2ab', dirty: false, digest: 'c0ffee' },
    summary: {
      create: verbs('create'),
      update: verbs('update'),
      replace: verbs('replace'),
      delete: verbs('delete'),
      adopt: verbs('adopt') + verbs('mark'),
      release: verbs('release'),
      unchanged: 41,
      kept: 0,
    },
    documents,
    actions,
    guards: [],
    findings: [],
    calls: { 'route-53': { reads: 44, writes: 0 }, sts: { reads: 2, writes: 0 } },
    ...over,
  };
}

export function recordsEffect(document: string, over: { readonly [field: string]: Value } = {}): Effect {
  return {
    document,
    code: 'dns.records',
    data: {
      zone: 'corp.example.com',
      primary: '10.0.0.1',
      serial: { from: 2026112201, to: 2026112304 },
      add: 14,
      change: 3,
      remove: 1,
      unchanged: 8412,
      kept: 4,
      batches: 1,
      calls: 3,
      blocked: [],
      maxStaleSeconds: 3600,
      live: true,
      tsig: 'transfer-key (hmac-sha256)',
      records: [
        record('add', 'build-07.corp.example.com.', 'A', null, [300, '10.1.7.20']),
        ...Array.from({ length: 13 }, (_, index) =>
          record('add', `build-${index + 10}.corp.example.com.`, 'A', null, [300, `10.1.7.${index + 30}`]),
        ),
        record(
          'change',
          'www.corp.example.com.',
          'CNAME',
          [3600, 'web-a.corp.example.com.'],
          [3600, 'web-b.corp.example.com.'],
        ),
        record('change', '_dmarc.corp.example.com.', 'TXT', [3600, DMARC_BEFORE], [300, DMARC_AFTER]),
        record(
          'change',
          'corp.example.com.',
          'MX',
          [300, '10 mx1.corp.example.com.'],
          [60, '10 mx1.corp.example.com.'],
        ),
        record('remove', 'old-nas.corp.example.com.', 'A', [300, '10.1.3.9'], null),
      ],
      ...over,
    },
  };
}

const DMARC_BEFORE =
  '"v=DMARC1; p=none; rua=mailto:dmarc-reports@corp.example.com; ruf=mailto:dmarc-forensic@corp.example.com"';
const DMARC_AFTER =
  '"v=DMARC1; p=none; rua=mailto:dmarc-reports@corp.example.com; ruf=mailto:forensic@corp.example.com; pct=50"';

type Side = readonly [ttl: number, value: string] | null;

function record(
  action: string,
  name: string,
  type: string,
  before: Side,
  after: Side,
): { readonly [key: string]: Value } {
  const side = (set: Side): Value => (set === null ? null : { ttl: set[0], values: [set[1]] });
  return { action, name, type, before: side(before), after: side(after) };
}

const calm = Array.from({ length: 9 }, (_, index) => plannedDocument(`site-${index + 1}`));

export const emptyPlan = planOf({
  documents: [...calm, ...['a', 'b', 'c'].map((name) => plannedDocument(`net-${name}`))],
});

const CORP = 'ZoneMirror/corp';
const zoneUpdate = plannedAction(CORP, 'zone', {
  resource: 'Z0123456789ABCDEFGHIJ',
  action: 'update',
  reason: 'both',
  changes: [
    { path: 'HostedZoneConfig.Comment', before: 'corporate zone', after: 'corporate zone, mirrored', cause: 'git' },
    { path: 'HostedZoneTags.team', before: 'ops', after: 'network', cause: 'drift' },
  ],
});

const recordsUpdate = plannedAction(CORP, 'records', {
  type: 'Trueup::Route53::RecordSets',
  action: 'update',
  reason: 'declared',
  changes: [
    {
      path: 'Records',
      before: { serial: 2026112201 },
      after: { serial: 2026112304 },
      cause: 'unknown',
      live: true,
      extent: { create: 14, update: 3, delete: 1, population: 8416 },
    },
  ],
});

export const oneChangePlan = planOf({
  documents: [plannedDocument('corp', { effects: [recordsEffect(CORP)] }), ...calm],
  actions: [recordsUpdate],
});

const LAB = 'ZoneMirror/lab';

export const mixedPlan = planOf({
  accounts: { prod: PROD, partner: '444455556666' },
  documents: [
    plannedDocument('corp', {
      effects: [recordsEffect(CORP, { tsig: 'none', blocked: ['bad.corp.example.com.', 'worse.corp.example.com.'] })],
      findings: [
        {
          document: CORP,
          code: 'not-used',
          severity: 'info',
          message: 'schedule, network and function are not used by this version',
        },
        {
          document: CORP,
          code: 'ttl-mismatch',
          severity: 'warning',
          message: 'two TTLs in the set A printer.corp.example.com.: the lowest, 300, is taken for all of its records',
          hint: 'give them one TTL at the primary',
        },
      ],
    }),
    plannedDocument('lab', { effects: [recordsEffect(LAB, LAB_RECORDS())] }),
    plannedDocument('legacy', {
      paused: { until: '2026-12-01', reason: 'migration of the name servers', ref: 'OPS-12' },
    }),
    plannedDocument('theirs', {
      findings: [
        {
          document: 'ZoneMirror/theirs',
          code: 'foreign',
          severity: 'blocks',
          message: 'AWS::Route53::HostedZone Z0987654321 exists and carries no marker of trueup: it is not ours',
          hint: 'to take it over, set metadata.adopt: true (the next apply writes the marker and nothing else)',
        },
      ],
    }),
    ...calm,
    plannedDocument('net', {
      findings: [
        {
          document: 'ZoneMirror/net',
          code: 'not-used',
          severity: 'info',
          message: 'schedule is not used by this version',
        },
      ],
    }),
  ],
  actions: [
    zoneUpdate,
    recordsUpdate,
    plannedAction(LAB, 'zone', {
      resource: 'lab.example.com.',
      account: '444455556666',
      changes: [
        { path: 'Name', before: null, after: 'lab.example.com.', cause: 'git' },
        { path: 'HostedZoneConfig', before: null, after: { Comment: 'the laboratory' }, cause: 'git' },
        { path: 'VPCs', before: null, after: [{ VPCId: 'vpc-0a1b2c3d', VPCRegion: 'eu-west-1' }], cause: 'git' },
        { path: 'HostedZoneTags', before: null, after: [{ Key: 'team', Value: 'network' }], cause: 'git' },
      ],
    }),
    plannedAction(LAB, 'records', {
      type: 'Trueup::Route53::RecordSets',
      resource: 'lab.example.com.',
      account: '444455556666',
      changes: [
        { path: 'HostedZoneId', before: null, after: { $get: ['zone', 'Id'] }, cause: 'git' },
        { path: 'Secret', before: null, after: { secret: true }, cause: 'git' },
      ],
    }),
    plannedAction('ZoneMirror/gone', 'zone', {
      resource: 'Z00GONE0GONE0GONE',
      action: 'release',
      reason: 'not-declared',
    }),
  ],
});

function LAB_RECORDS(): { readonly [field: string]: Value } {
  return {
    serial: { from: null, to: 7 },
    add: 1,
    change: 0,
    remove: 0,
    unchanged: 0,
    kept: 0,
    maxStaleSeconds: 0,
    live: false,
    records: [record('add', 'lab.example.com.', 'NS', null, [86400, 'ns1.lab.example.com.'])],
  };
}

const GUARD = {
  code: 'deletes',
  document: CORP,
  message: 'ZoneMirror/corp would lose 2,114 of 8,412 record sets (25.1 %, limit 20 %)',
  hint: 'usual causes: the primary serves a truncated or other zone; exclude changed',
  allow: `- { digest: ${DIGEST}, allow: [deletes], reason: "…", until: 2026-11-30 }`,
  allowed: false,
} as const;

export const guardPlan = planOf({
  documents: [
    plannedDocument('corp', {
      effects: [recordsEffect(CORP, { add: 0, change: 0, remove: 2114, unchanged: 6298, records: [] })],
    }),
    ...calm,
  ],
  actions: [recordsUpdate],
  guards: [GUARD, { ...GUARD, code: 'protected', message: 'ZoneMirror/site-1 is protected', allowed: true }],
});

export const incompletePlan = planOf({
  complete: false,
  partial: true,
  documents: [
    plannedDocument('corp', {
      findings: [
        {
          document: CORP,
          code: 'unknown',
          severity: 'warning',
          message: 'AWS::Route53::HostedZone of ZoneMirror/corp could not be looked at (denied): route53:GetHostedZone',
          hint: 'trueup iam prints the policy that the plan role needs',
        },
      ],
    }),
    ...calm,
  ],
});

/** Documents with one change each; `size` characters a value. */
export function largePlan(size = 24, documents = 300): Plan {
  const names = Array.from({ length: documents }, (_, index) => `site-${String(index + 1).padStart(3, '0')}`);
  return planOf({
    documents: names.map((name) => plannedDocument(name)),
    actions: names.map((name, index) =>
      plannedAction(`ZoneMirror/${name}`, 'zone', {
        resource: `Z${String(index).padStart(12, '0')}`,
        action: index % 7 === 0 ? 'delete' : 'update',
        reason: index % 7 === 0 ? 'not-declared' : 'declared',
        changes: [
          {
            path: 'HostedZoneConfig.Comment',
            before: 'b'.repeat(size),
            after: `${'b'.repeat(size - 1)}c`,
            cause: 'git',
          },
        ],
      }),
    ),
  });
}

/** Everything that anybody may name, in every place where it can stand. */
/** What changes in the document of one function. */
export function documentEffect(
  document: string,
  name: string,
  changes: readonly { readonly path: string; readonly before: Value; readonly after: Value }[],
  omitted = 0,
): Effect {
  const data = { function: name, changes: changes.map((change) => ({ ...change })), omitted };
  return { document, code: 'function.document', data };
}

export function hostilePlan(text: string): Plan {
  const document = `ZoneMirror/${text}`;
  const hostile = record('change', text, text, [60, text], [60, `${text}2`]);
  const finding = { document, code: text, severity: 'warning', message: text, hint: text } as const;
  return planOf({
    owner: text,
    accounts: { [text]: text },
    documents: [
      plannedDocument(text, {
        file: text,
        summary: text,
        effects: [
          recordsEffect(document, { primary: text, tsig: text, blocked: [text], zone: text, records: [hostile] }),
          { document, code: text, data: { [text]: text } },
          documentEffect(document, text, [{ path: text, before: text, after: { [text]: [text] } }]),
          documentEffect(document, `${text}2`, [{ path: text, before: null, after: text.repeat(200) }]),
        ],
        findings: [finding, { ...finding, severity: 'blocks' }, { ...finding, severity: 'info' }],
        paused: { until: text, reason: text, ref: text },
      }),
      plannedDocument('calm', { findings: [{ ...finding, severity: 'info' }] }),
    ],
    actions: [
      plannedAction(document, text, {
        type: text,
        resource: text,
        account: text,
        region: text,
        action: 'update',
        changes: [
          { path: text, before: text, after: { [text]: [text] }, cause: 'git' },
          { path: `${text}.long`, before: text.repeat(200), after: `${text.repeat(200)}!`, cause: 'drift' },
        ],
      }),
      plannedAction('ZoneMirror/other', text, { changes: [{ path: text, before: null, after: text, cause: 'git' }] }),
    ],
    guards: [{ code: text, document, message: text, hint: text, allow: text, allowed: false }],
    findings: [{ ...finding, severity: 'info' }],
  });
}

export const refusedApply: ApplyResult = {
  format: 'trueup/apply@1',
  digest: DIGEST,
  outcome: 'stale',
  done: [`${LAB}/zone`, `${LAB}/records`],
  failed: [],
  skipped: [{ id: 'ZoneMirror/extra', why: 'not in the reviewed plan' }],
  refused: [
    {
      document: CORP,
      differences: [
        {
          id: `${CORP}/zone`,
          path: 'HostedZoneConfig.Comment',
          message: 'HostedZoneConfig.Comment moved since the review',
          reviewed: 'corporate zone',
          now: 'do not touch, ask the on-call person of the network team first',
          who: {
            actor: `arn:aws:sts::${PROD}:assumed-role/ops/on-call`,
            event: 'UpdateHostedZoneComment',
            at: '2026-11-23T10:41:30Z',
            confidence: 'exact',
            eventId: '0b9f5a0e-0d6e-4bb5-8a53-5e2f2a8f7b10',
            how: 'cli',
          },
        },
        { id: `${CORP}/records`, path: 'Serial', message: 'Serial moved since the review', reviewed: 128, now: 512 },
        { id: `${CORP}/records`, message: 'the object is another, or riskier, than the reviewed one' },
      ],
    },
  ],
  guards: [],
  replan: null,
  calls: { 'route-53': { reads: 20, writes: 6 } },
};

export const doneApply: ApplyResult = {
  ...refusedApply,
  outcome: 'applied',
  done: mixedPlan.actions.map(({ id }) => id),
  skipped: [],
  refused: [],
  replan: { summary: emptyPlan.summary, complete: true },
};

export const partialApply: ApplyResult = {
  ...refusedApply,
  outcome: 'partial',
  done: [`${CORP}/zone`],
  failed: [
    {
      id: `${CORP}/records`,
      error:
        "InvalidChangeBatch: [Tried to delete resource record set [name='old-nas.corp.example.com.', type='A'] but it was not found]",
    },
  ],
  skipped: [{ id: `${LAB}/records`, why: `${LAB}/zone was not done` }],
  refused: [],
  replan: { summary: { ...emptyPlan.summary, update: 1 }, complete: true },
};

export const guardedApply: ApplyResult = {
  ...refusedApply,
  outcome: 'refused',
  done: [],
  skipped: [],
  refused: [],
  guards: [GUARD],
};

export const drifted: DriftResult = {
  format: 'trueup/drift@1',
  complete: true,
  owner: 'acme-network',
  documents: 12,
  drifted: [
    {
      document: CORP,
      id: `${CORP}/records`,
      type: 'Trueup::Route53::RecordSets',
      resource: 'corp.example.com.',
      account: PROD,
      region: 'eu-west-1',
      changes: [{ ...recordsUpdate.changes[0]!, cause: 'drift' }],
      who: {
        actor: `arn:aws:sts::${PROD}:assumed-role/ops/on-call`,
        event: 'ChangeResourceRecordSets',
        at: '2026-11-22T23:14:05Z',
        confidence: 'likely',
        eventId: '7d1c0a3e-5b1f-4c0e-9a55-1d2f0e8b7c66',
        how: 'console',
      },
    },
  ],
  missing: [],
  orphans: [],
  findings: [],
  effects: [
    recordsEffect(CORP, {
      add: 0,
      change: 1,
      remove: 0,
      records: [record('change', 'vpn.corp.example.com.', 'A', [300, '10.9.9.9'], [300, '10.1.0.4'])],
    }),
  ],
  calls: { 'route-53': { reads: 29, writes: 0 }, cloudtrail: { reads: 2, writes: 0 } },
};

export const muchDrift: DriftResult = {
  ...drifted,
  complete: false,
  drifted: [
    ...drifted.drifted,
    {
      document: CORP,
      id: `${CORP}/zone`,
      type: 'AWS::Route53::HostedZone',
      resource: 'Z0123456789ABCDEFGHIJ',
      account: PROD,
      region: 'eu-west-1',
      changes: [
        { path: 'HostedZoneConfig.Comment', before: 'mine', after: 'corporate zone', cause: 'drift' },
        { path: 'HostedZoneTags.team', before: null, after: 'network', cause: 'drift' },
      ],
      who: { actor: null, event: null, at: null, confidence: 'not visible yet' },
    },
  ],
  missing: [
    { document: LAB, id: `${LAB}/zone`, type: 'AWS::Route53::HostedZone', account: PROD, region: 'eu-west-1' },
    {
      document: LAB,
      id: `${LAB}/Rule`,
      type: 'AWS::Events::Rule',
      account: PROD,
      region: 'eu-west-1',
      who: {
        actor: `arn:aws:iam::${PROD}:user/alice`,
        event: 'DeleteRule',
        at: '2026-11-22T22:58:41Z',
        confidence: 'exact',
        eventId: '5c2b8f43-91a7-4f36-b0b2-6f1d3c9e8a21',
        how: 'terraform',
        sourceIdentity: 'alice@example.com',
      },
    },
  ],
  orphans: [
    {
      id: 'ZoneMirror/gone/zone',
      type: 'AWS::Route53::HostedZone',
      resource: 'Z00GONE0GONE0GONE',
      account: PROD,
      region: 'eu-west-1',
      action: 'release',
    },
    {
      id: 'ZoneMirror/gone/Mirror',
      type: 'AWS::Lambda::Function',
      resource: 'gone-mirror-0123456789',
      account: PROD,
      region: 'eu-west-1',
      action: 'delete',
    },
    {
      id: 'ZoneMirror/gone/Mirror',
      type: 'AWS::Lambda::Function',
      resource: 'billing',
      account: PROD,
      region: 'us-east-1',
      action: 'none',
      why: 'its name does not follow from its marker: the marker was copied from another object',
    },
  ],
  findings: incompletePlan.documents.flatMap(({ findings }) => findings),
  effects: [
    recordsEffect(CORP, {
      add: 1,
      change: 2,
      remove: 1,
      records: [
        record('add', 'printer.corp.example.com.', 'A', null, [300, '10.1.0.9']),
        record('change', 'vpn.corp.example.com.', 'A', [60, '10.1.0.4'], [300, '10.1.0.4']),
        record('change', '_dmarc.corp.example.com.', 'TXT', [3600, DMARC_BEFORE], [3600, DMARC_AFTER]),
        record('remove', 'backdoor.corp.example.com.', 'CNAME', [300, 'elsewhere.example.net.'], null),
      ],
    }),
  ],
};

export const noDrift: DriftResult = { ...drifted, drifted: [], effects: [] };

const errors: readonly Diagnostic[] = [
  {
    code: 'TU1003',
    message: 'spec.schedules.london-office.timezone must be an IANA time zone',
    file: 'config/ec2/london.yaml',
    line: 9,
    column: 17,
    path: '/spec/schedules/london-office/timezone',
    hint: 'did you mean Europe/London?',
    frame: { first: 8, lines: ['    london-office:', '      timezone: Europe/Londn'], length: 12 },
  },
  {
    code: 'TU1017',
    message: 'account must be a string of 12 digits',
    file: 'config/dns/corp.yaml',
    line: 4,
    column: 12,
    path: '/spec/account',
    hint: 'YAML read this as the number 12345678901: the leading zero is lost. Quote it: "012345678901"',
    frame: { first: 4, lines: ['  account: 012345678901'], length: 12 },
  },
];

export const invalid: ValidateResult = {
  format: 'trueup/validate@1',
  ok: false,
  documents: 12,
  files: 12,
  errors,
  warnings: [],
};

const longLine = `  comment: ${'all work and no play '.repeat(20)}`;

export const manyFaults: ValidateResult = {
  ...invalid,
  errors: [
    ...errors,
    { code: 'TU1001', message: 'no Settings document in config', file: null, line: 0, column: 0, path: '' },
    {
      code: 'TU1020',
      message: 'is a link; files of the configuration are regular files',
      file: 'config/link.yaml',
      line: 0,
      column: 0,
      path: '',
    },
    {
      code: 'TU1004',
      message: 'comment is longer than 256 characters',
      file: 'config/dns/lab.yaml',
      line: 10,
      column: 150,
      path: '/spec/comment',
      frame: { first: 9, lines: ['spec:', longLine, '  zone: lab.example.com'], length: 20 },
    },
  ],
  warnings: [
    {
      code: 'TU1101',
      message: 'the key shcedule is not known here',
      file: 'config/dns/lab.yaml',
      line: 12,
      column: 3,
      path: '/spec',
      frame: {
        first: 11,
        lines: ['  zone: lab.example.com', '  shcedule: rate(5 minutes)', '  live: true'],
        length: 8,
      },
    },
  ],
};

export const valid: ValidateResult = { ...invalid, ok: true, files: 9, errors: [] };
