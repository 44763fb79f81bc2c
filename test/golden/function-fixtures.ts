import type { VerifyResult } from '../../src/engine/types.ts';
import type { InvokeResult } from '../../src/operations/invoke.ts';

/** Two mirrors: one that the primary does not admit, and one whose function is not there yet. */
export const verified: VerifyResult = {
  format: 'trueup/verify@1',
  ok: false,
  checks: [
    { document: 'ZoneMirror/corp', name: 'function', ok: true, detail: 'the function corp-plan-3479045072 runs' },
    {
      document: 'ZoneMirror/corp',
      name: 'network',
      ok: true,
      detail: 'the primary is asked from 10.20.1.0/24, 10.20.2.0/24; for BIND: allow-transfer { key "xfr-key"; };',
    },
    {
      document: 'ZoneMirror/corp',
      name: 'transfer',
      ok: false,
      detail: 'Zone corp.example.com. did not arrive from 10.0.0.1:53: the primary answers REFUSED.',
    },
    {
      document: 'ZoneMirror/reverse',
      name: 'function',
      ok: false,
      detail: 'the function reverse-plan-000136c9c0 does not exist yet: trueup apply makes it',
    },
  ],
  calls: { Lambda: { reads: 0, writes: 2 }, STS: { reads: 1, writes: 0 } },
};

export const invoked: InvokeResult = {
  format: 'trueup/invoke@1',
  function: 'corp-mirror-cf76a3c613',
  answer: {
    outcome: 'blocked',
    document: 'ZoneMirror/corp',
    serial: { from: 1, to: 2 },
    add: 0,
    change: 0,
    remove: 25,
    unchanged: 6,
    kept: 0,
    findings: [
      {
        code: 'deletes',
        severity: 'blocks',
        message: 'ZoneMirror/corp would lose 25 of 31 record sets (80.6 %, limit 20 %)',
      },
    ],
  },
};

/** @param hostile what an environment admits: anybody who administers the repository has written it */
export function repositoryVerified(hostile: string): VerifyResult {
  return {
    format: 'trueup/verify@1',
    ok: false,
    checks: [
      ...verified.checks.slice(0, 1),
      { document: 'github', name: 'default-branch', ok: true, detail: 'main, and the workflows name no other' },
      {
        document: 'github',
        name: 'stale-approvals',
        ok: false,
        detail:
          'main: approvals outlive a push: "Dismiss stale pull request approvals when new commits are pushed" in Settings > Rules > Rulesets (or Settings > Branches)',
      },
      {
        document: 'github',
        name: 'environment-apply',
        ok: false,
        detail: `trueup-apply admits main, ${hostile}: in Settings > Environments > trueup-apply select main, and nothing else, as deployment branch`,
      },
      {
        document: 'github',
        name: 'token',
        ok: false,
        detail:
          'could not be looked at: GET /repos/acme/network/actions/permissions/workflow: 403 Resource not accessible by integration; needs a token with administration: read, which no token of a workflow can have',
        unknown: true,
      },
    ],
    calls: verified.calls,
  };
}
