import type { AdoptResult } from '../../src/engine/adoption.ts';

const CORP = 'ZoneMirror/corp';
const PLACE = { account: '111122223333', region: 'eu-west-1' };

/** A zone of nobody, a function of a former owner, a role of another owner, and a log group that may not be looked at. */
export const adoptable: AdoptResult = {
  format: 'trueup/adopt@1',
  document: CORP,
  file: 'config/dns/corp.yaml',
  line: 3,
  complete: false,
  declared: false,
  written: false,
  objects: [
    {
      id: `${CORP}/Zone`,
      type: 'AWS::Route53::HostedZone',
      resource: 'Z0123456789ABCDEFGHIJ',
      ...PLACE,
      owner: null,
      changes: [
        {
          path: 'HostedZoneConfig',
          before: { Comment: 'the old zone, made by hand' },
          after: { Comment: 'mirror' },
          cause: 'unknown',
        },
        { path: 'trueup:protect', before: null, after: 'true', cause: 'unknown' },
      ],
    },
    {
      id: `${CORP}/Plan`,
      type: 'AWS::Lambda::Function',
      resource: 'corp-plan-3479045072',
      ...PLACE,
      owner: 'acme-old',
      changes: [],
    },
  ],
  withheld: [`${CORP}/Records`, `${CORP}/Permission`],
  findings: [
    {
      document: CORP,
      code: 'other-owner',
      severity: 'blocks',
      message: 'AWS::IAM::Role corp-mirror-cf76a3c613 belongs to the owner beta',
      hint: 'if that was this estate, name it in spec.formerly of Settings',
    },
    {
      document: CORP,
      code: 'unknown',
      severity: 'warning',
      message: `${CORP}/MirrorLogs could not be looked at (denied): logs:DescribeLogGroups`,
    },
  ],
  calls: { Route53: { reads: 3, writes: 0 }, STS: { reads: 1, writes: 0 } },
};

export const nothingToAdopt: AdoptResult = {
  ...adoptable,
  complete: true,
  objects: [],
  withheld: [],
  findings: [],
};

export const adoptWritten: AdoptResult = {
  ...adoptable,
  complete: true,
  declared: true,
  written: true,
  objects: adoptable.objects.slice(0, 1),
  findings: [],
};

/** Whatever is named by others. */
export function hostileAdopt(text: string): AdoptResult {
  const objects = adoptable.objects.map((object) => ({
    ...object,
    resource: text,
    owner: object.owner === null ? null : text,
    changes: [{ path: text, before: text, after: { [text]: text }, cause: 'unknown' as const }],
  }));
  const findings = adoptable.findings.map((finding) => ({ ...finding, message: text, hint: text }));
  return { ...adoptable, file: text, objects, findings };
}
