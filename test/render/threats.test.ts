import { describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../src/engine/config/config-error.ts';
import { render } from '../../src/operations/render.ts';
import { dynamicReferences } from '../../src/render/dynamic-references.ts';
import { functionKey, toTemplate } from '../../src/render/intrinsics.ts';
import { loadProject, loadTree, mirrorYaml, renderTree, settingsYaml } from '../support/rendered.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const RESOLVE = '{{resolve:secretsmanager:prod/db:SecretString:password}}';
/** A day on which pauses and overrides may still end. */
const SOON = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
const MIRROR = mirrorYaml('corp', '[{ id: vpc-0a11bb22cc33dd44e }]');
const SCHEDULE = `apiVersion: trueup/v1
kind: InstanceSchedule
metadata: { name: office-hours }
spec:
  tagKey: Schedule
  every: rate(10 minutes)
  schedules: { office: { timezone: UTC, periods: [{ days: mon-fri, on: "08:30", off: "18:00" }] } }
  assign:
    - select: { tags: { KEY: VALUE } }
      schedule: office
`;

describe('T10 render', () => {
  it.each([
    [
      'in a comment of a zone',
      [settingsYaml(), MIRROR.replace('vpcs', `comment: "a ${RESOLVE}", vpcs`)],
      '1.yaml:8:41 /spec/hostedZone/comment',
    ],
    ['in the reason of a pause', [settingsYaml(), mirrorPaused()], '1.yaml:3:61 /metadata/pause/reason'],
    [
      'in an override of Settings',
      [
        settingsYaml(
          `overrides: [{ reason: "${RESOLVE}", digest: ${'a'.repeat(64)}, allow: [deletes], until: ${SOON} }]`,
        ),
        MIRROR,
      ],
      '0.yaml:12:25 /spec/overrides/0/reason',
    ],
    [
      'in what no template holds',
      [settingsYaml(), SCHEDULE.replace('VALUE', `"${RESOLVE}"`)],
      '1.yaml:9:30 /spec/assign/0/select/tags/KEY',
    ],
    [
      'in capitals and with blanks',
      [settingsYaml(), MIRROR.replace('vpcs', 'comment: "{{ Resolve :ssm:/a}}", vpcs')],
      '1.yaml:8:41 /spec/hostedZone/comment',
    ],
  ])('T10 {{resolve:…}} %s is refused, with file and place', async (_where, yaml, place) => {
    const { result, project } = await loadTree(...yaml);
    expect(
      result.errors.map(({ code, file, line, column, path }) => `${code} ${file}:${line}:${column} ${path}`),
    ).toEqual([`TU1034 ${place}`]);
    expect(project).toBeUndefined();
  });

  it('T10 {{resolve:…}} is found in names as in values, however deep', () => {
    expect(dynamicReferences({ a: [{ [`x${RESOLVE}`]: 1 }, 'b'], c: RESOLVE })).toEqual([
      `/a/0/x${RESOLVE.replace('/', '~1')}`,
      '/c',
    ]);
    expect(dynamicReferences({ a: '{{name}} resolve: {resolve:x}', resolve: null })).toEqual([]);
  });

  it('T10 a configuration that was loaded for another verb is refused too', async () => {
    const project = await loadProject(settingsYaml(), MIRROR);
    const tags = { team: RESOLVE };
    const withTag = { ...project, settings: { ...project.settings, tags } };
    expect(() => render(withTag)).toThrow(ConfigError);
    expect(() => render({ ...project, estate: { ...project.estate, tags } })).toThrow(/the template of 111122223333/);
  });

  it.each(['${AWS_SECRET_ACCESS_KEY}', '${AWS::AccountId}', '$(id)', '`id`', '%PATH%', '!include x', '!Sub x'])(
    'T10 %s stays literal',
    async (text) => {
      const quoted = `'${text}'`;
      const { templates } = await renderTree(settingsYaml(), MIRROR.replace('vpcs', `comment: ${quoted}, vpcs`));
      const zone = Object.values(templates[0]!.template.Resources).find(({ Type }) => Type.endsWith('HostedZone'));
      expect(zone?.Properties['HostedZoneConfig']).toEqual({ Comment: text });
      expect(JSON.stringify(templates)).not.toContain('Fn::Sub');
    },
  );

  it('T10 a declared key that CloudFormation would take for a function is never rendered as one', () => {
    expect(functionKey({ Variables: { Ref: 'Zone' } })).toBe('Ref');
    expect(functionKey([{ a: [{ 'Fn::Sub': '${a}' }] }])).toBe('Fn::Sub');
    expect(functionKey({ Reference: 1, Statement: [{ Resource: { $get: ['Zone', 'Id'] } }] })).toBeUndefined();
    const value = { $join: ['a', { $get: ['Zone', 'Id'] }, 'b', 'c'] };
    expect(toTemplate(value, () => ({ Ref: 'X' }))).toEqual({ 'Fn::Join': ['', ['a', { Ref: 'X' }, 'bc']] });
    expect(toTemplate(value, () => 'Z1')).toBe('aZ1bc');
  });

  it('T10 no value of the environment and no secret is in the output: references stay references', async () => {
    const CANARY = 'canary-9f8b7c6d5e4f';
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', CANARY);
    vi.stubEnv('TRUEUP_CANARY', CANARY);
    try {
      const signed = MIRROR.replace('tsig: none', 'tsig: { name: xfr, algorithm: hmac-sha256, secret: "ssm:/xfr" }');
      const text = JSON.stringify(
        await renderTree(settingsYaml(), signed.replace('vpcs', "comment: '${TRUEUP_CANARY}', vpcs")),
      );
      expect(text).toContain('${TRUEUP_CANARY}');
      expect(text).toContain('parameter/xfr');
      expect(text).not.toContain(CANARY);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

function mirrorPaused(): string {
  return mirrorYaml('corp', '[{ id: vpc-0a11bb22cc33dd44e }]', `, pause: { until: ${SOON}, reason: "see ${RESOLVE}" }`);
}
