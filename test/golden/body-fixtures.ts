import type { DriftResult, Plan } from '../../src/engine/types.ts';
import type { PlanCommentFacts } from '../../src/github/bodies/facts.ts';
import { drifted, guardPlan, mixedPlan, planOf, plannedAction, plannedDocument, recordsEffect } from './fixtures.ts';

/** What the bodies on GitHub are made of. */

export const FACTS: PlanCommentFacts = {
  scope: 'default',
  head: '9f3c2ab0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f60',
  run: { url: 'https://github.com/acme/network/actions/runs/118' },
};

export const LOOK = { at: '2026-11-23T10:17:00Z', run: { url: 'https://github.com/acme/network/actions/runs/119' } };

const CORP = 'ZoneMirror/corp';

/** A zone that loses nearly all of its records, by name. */
export function recordsGonePlan(removed = 5_000): Plan {
  const names = Array.from({ length: removed }, (_, index) => `host-${String(index + 1).padStart(4, '0')}.corp.example.com.`);
  const records = names.map((name) => ({
    action: 'remove',
    name,
    type: 'A',
    before: { ttl: 300, values: ['10.1.3.9'] },
    after: null,
  }));
  return {
    ...guardPlan,
    documents: [
      plannedDocument('corp', { effects: [recordsEffect(CORP, { add: 0, change: 0, remove: removed, records })] }),
    ],
  };
}

/** Documents that are declared no more, each with one object that goes. */
export function manyDeletesPlan(documents = 5_000): Plan {
  return planOf({
    actions: Array.from({ length: documents }, (_, index) =>
      plannedAction(`ZoneMirror/gone-${String(index + 1).padStart(4, '0')}`, 'zone', {
        resource: `Z${String(index).padStart(12, 'A')}`,
        action: 'delete',
        reason: 'not-declared',
      }),
    ),
    guards: guardPlan.guards,
  });
}

const DENIED = {
  code: 'unknown',
  severity: 'warning',
  message: 'AWS::Route53::HostedZone could not be looked at (denied): route53:GetHostedZone',
} as const;

/** Guards, deletes, blocked documents and gained permissions, a great many of each. */
export function everythingPlan(number = 2_000): Plan {
  const names = Array.from({ length: number }, (_, index) => `site-${String(index + 1).padStart(4, '0')}`);
  const [guard] = guardPlan.guards;
  return planOf({
    complete: false,
    documents: names.map((name) => {
      const document = `ZoneMirror/${name}`;
      return plannedDocument(name, {
        effects: [
          { document, code: 'iam.permissions', data: { role: `${name}-role`, gains: ['route53:* on *'], losses: [] } },
        ],
        findings: [
          { document, ...DENIED },
          { document, ...DENIED, code: 'foreign', severity: 'blocks', message: `Z${name} is not ours` },
        ],
      });
    }),
    actions: names.map((name) => plannedAction(`ZoneMirror/${name}`, 'zone', { action: 'replace', resource: `Z${name}` })),
    guards: names.map((name) => ({
      ...guard!,
      code: 'protected',
      document: `ZoneMirror/${name}`,
      message: `ZoneMirror/${name} is protected`,
    })),
  });
}

export const offlinePlan = planOf({
  documents: [
    ...mixedPlan.documents.filter(({ name }) => name === 'corp' || name === 'lab'),
    plannedDocument('office', {
      kind: 'InstanceSchedule',
      file: 'config/ec2/office.yaml',
      summary: 'starts and stops instances with the tag Schedule',
    }),
  ],
  actions: mixedPlan.actions.filter(({ document }) => document.endsWith('/corp') || document.endsWith('/lab')),
  calls: {},
});

export function manyDriftedResult(number = 5_000): DriftResult {
  const [one] = drifted.drifted;
  return {
    ...drifted,
    documents: number + 3,
    effects: [],
    drifted: Array.from({ length: number }, (_, index) => {
      const document = `ZoneMirror/site-${String(index + 1).padStart(4, '0')}`;
      const changes = [{ path: 'HostedZoneConfig.Comment', before: 'mine', after: 'ours', cause: 'drift' as const }];
      return { ...one!, document, id: `${document}/zone`, type: 'AWS::Route53::HostedZone', changes };
    }),
  };
}
