import type { Action, Guard, OrphansResult, Plan } from '../../src/engine/types.ts';
import { muchDrift, plannedAction, plannedDocument, planOf } from './fixtures.ts';

const GONE = 'ZoneMirror/old-site';
const DIGEST = '4f2a9c1e7b0d5c3aa1f0e9d8c7b6a59483726150f1e2d3c4b5a6978812345678';

function gone(id: string, type: string, resource: string, over: Partial<Action> = {}): Action {
  return plannedAction(GONE, id, { type, resource, action: 'delete', reason: 'not-declared', changes: [], ...over });
}

function guard(code: string, message: string, rest: Partial<Guard> = {}): Guard {
  const allow = `- { digest: ${DIGEST}, allow: [${code}], reason: "…", until: 2026-12-01 }`;
  return { code, message, allow, allowed: false, sealed: true, ...rest };
}

/** A mirror whose document was removed, one that moved to another region, one that takes a zone over. */
export const prunePlan: Plan = planOf({
  documents: [plannedDocument('corp'), plannedDocument('moved'), plannedDocument('taken')],
  actions: [
    plannedAction('ZoneMirror/moved', 'Rule', {
      type: 'AWS::Events::Rule',
      resource: 'moved-rule-0011223344',
      action: 'create',
      reason: 'missing',
      region: 'us-east-1',
      changes: [{ path: 'ScheduleExpression', before: null, after: 'rate(15 minutes)', cause: 'git' }],
    }),
    {
      ...plannedAction('ZoneMirror/moved', 'Rule@111122223333/eu-west-1', {
        type: 'AWS::Events::Rule',
        resource: 'moved-rule-0011223344',
        action: 'delete',
        reason: 'not-declared',
        changes: [],
      }),
    },
    gone('Alarm', 'AWS::CloudWatch::Alarm', 'old-site-alarm-ca6e7b0725'),
    gone('Mirror', 'AWS::Lambda::Function', 'old-site-mirror-bc4499814e'),
    gone('MirrorRole', 'AWS::IAM::Role', 'old-site-mirror-role-b9d3f9cd89'),
    gone('Zone', 'AWS::Route53::HostedZone', 'ZFBTZNDY4DTRW89A211H1', { action: 'release' }),
    plannedAction('ZoneMirror/older', 'Zone', {
      resource: 'Z0OLDER0OLDER0OLDER0',
      action: 'delete',
      reason: 'not-declared',
      changes: [
        {
          path: 'RecordSets',
          before: 8412,
          after: 0,
          cause: 'git',
          extent: { create: 0, update: 0, delete: 8412, population: 8412 },
        },
      ],
    }),
    plannedAction('ZoneMirror/taken', 'Zone', {
      resource: 'Z0TAKEN0TAKEN0TAKEN0',
      action: 'adopt',
      reason: 'declared',
      changes: [],
    }),
  ],
  guards: [
    guard('deletes', 'ZoneMirror would lose 5 of 22 objects (22.7 %, limit 20 %)', { about: 'ZoneMirror' }),
    guard(
      'protected',
      'ZoneMirror/older/Zone (AWS::Route53::HostedZone Z0OLDER0OLDER0OLDER0) is protected by its tag trueup:protect and would be deleted',
      {
        about: 'ZoneMirror/older/Zone',
        hint: 'without an override: declare it again with metadata.protect: false, apply that, then remove it',
      },
    ),
    guard(
      'adopt',
      'ZoneMirror/taken/Zone takes over AWS::Route53::HostedZone Z0TAKEN0TAKEN0TAKEN0, which trueup did not make',
      { document: 'ZoneMirror/taken', about: 'ZoneMirror/taken/Zone', allowed: true, allowedBy: 'metadata.adopt' },
    ),
  ],
});

/** What nothing declares is there, and is not touched for now. */
export const heldBackPlan: Plan = planOf({
  complete: false,
  documents: [plannedDocument('corp')],
  findings: [
    {
      document: '',
      code: 'unknown',
      severity: 'warning',
      message:
        'objects that nothing declares are not known: what is tagged in eu-west-1 of 111122223333 could not be looked at (denied): tag:GetResources',
    },
    {
      document: GONE,
      code: 'prune-held-back',
      severity: 'warning',
      message: `nothing declares ${GONE}/Alarm and 8 others, and nothing is removed while not everything could be looked at`,
      hint: 'mend what could not be looked at, then plan again',
    },
  ],
});

export const orphaned: OrphansResult = {
  format: 'trueup/orphans@1',
  complete: true,
  owner: 'acme-network',
  orphans: muchDrift.orphans,
  findings: [
    {
      document: '',
      code: 'guarded',
      severity: 'warning',
      message: 'apply is stopped by the guard deletes',
      hint: 'trueup plan shows the line that lets exactly that plan pass',
    },
  ],
  calls: { lambda: { reads: 12, writes: 0 }, 'resource-groups-tagging-api': { reads: 2, writes: 0 } },
};

export const orphanedUnseen: OrphansResult = {
  ...orphaned,
  complete: false,
  orphans: [],
  findings: heldBackPlan.findings.slice(0, 1),
};
