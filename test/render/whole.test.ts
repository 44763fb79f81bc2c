import { describe, expect, it, vi } from 'vitest';
import { resourceAddress } from '../../src/engine/address.ts';
import { hash } from '../../src/engine/value.ts';
import { TYPES, declaredResources } from '../../src/iam/declared.ts';
import { render } from '../../src/operations/render.ts';
import { renderCloudFormation } from '../../src/render/cloudformation.ts';
import { logicalId } from '../../src/render/logical-ids.ts';
import { ROWS } from '../../src/render/rows.ts';
import type { RenderResult } from '../../src/render/types.ts';
import { renderValue } from '../../src/report/json.ts';
import { estatesToRender, loadProject, mirrorYaml, renderTree, settingsYaml } from '../support/rendered.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const estates = [...(await estatesToRender())];
const ZONE_IN_VPC = mirrorYaml('corp', '[{ id: vpc-0a11bb22cc33dd44e }]');

function renderedAddresses({ templates }: RenderResult): readonly string[] {
  return templates.flatMap(({ template }) =>
    Object.values(template.Resources).map(({ Metadata }) => Metadata['trueup:address']),
  );
}

function resourceAt({ templates }: RenderResult, address: string) {
  return templates
    .flatMap(({ template }) => Object.values(template.Resources))
    .find(({ Metadata }) => Metadata['trueup:address'] === address);
}

/** What a template says in other words, or what means the same as nothing. */
const REWORDED = ['Code', 'VpcConfig', 'VPCs'];

describe('nothing is dropped', () => {
  it('every resource type of trueup is rendered, or left out by name', () => {
    expect(Object.keys(ROWS).toSorted()).toEqual([...TYPES.keys()].toSorted());
  });

  it.each(estates)('of %s each resource stands in one template, or among what is left out', (_name, project) => {
    const result = render(project);
    const inTemplates = renderedAddresses(result);
    const declared = declaredResources(project).map(({ document, desired }) => resourceAddress(document, desired.id));
    const leftOut = new Set(result.leftOut.map(({ resource }) => resource));
    expect(inTemplates.length).toBe(new Set(inTemplates).size);
    expect(declared.filter((one) => inTemplates.includes(one) || leftOut.has(one))).toEqual(declared);
    expect(result.leftOut.map(({ why }) => why.length > 20)).toEqual(result.leftOut.map(() => true));
  });

  it.each(estates)('of %s each property stands in the template, or says nothing', (_name, project) => {
    const result = render(project);
    const missing = declaredResources(project).flatMap(({ document, desired }) => {
      const rendered = resourceAt(result, resourceAddress(document, desired.id));
      if (!rendered) return [];
      return Object.entries(desired.properties)
        .filter(([name, value]) => !(name in rendered.Properties) && value !== null && !REWORDED.includes(name))
        .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
        .map(([name]) => `${desired.type}.${name}`);
    });
    expect(missing).toEqual([]);
  });

  it('a resource type without a rendering is left out, and said', async () => {
    const project = await loadProject(settingsYaml(), ZONE_IN_VPC);
    const before = ROWS['AWS::Logs::LogGroup']!;
    delete (ROWS as Record<string, unknown>)['AWS::Logs::LogGroup'];
    try {
      expect(render(project).leftOut).toContainEqual({
        document: 'ZoneMirror/corp',
        resource: 'ZoneMirror/corp/MirrorLogs',
        why: 'there is no rendering of AWS::Logs::LogGroup',
      });
    } finally {
      (ROWS as Record<string, unknown>)['AWS::Logs::LogGroup'] = before;
    }
  });
});

describe('logical ids', () => {
  it.each([
    [{ kind: 'A', name: 'a-1' }, { kind: 'A', name: 'a1' }, 'Id', 'Id'],
    [{ kind: 'A', name: 'a' }, { kind: 'A', name: 'a-b' }, 'BId', 'Id'],
    [{ kind: 'A', name: 'a-b' }, { kind: 'A', name: 'ab' }, 'Id', 'Id'],
    [{ kind: 'A', name: 'a--b' }, { kind: 'A', name: 'a-b' }, 'Id', 'Id'],
  ])('of %j and %j are two', (one, other, oneId, otherId) => {
    expect(logicalId(one, oneId)).not.toBe(logicalId(other, otherId));
  });

  it('are letters and digits, and the same in every run', () => {
    const id = logicalId({ kind: 'ZoneMirror', name: '9-lives-' }, 'Zone');
    expect(id).toBe(`ZoneMirror9LivesZone${hash('ZoneMirror/9-lives-/Zone').slice(0, 8).toUpperCase()}`);
  });
});

describe('references and order', () => {
  it('an attribute is what CloudFormation has of it, and what is referred to is not waited for besides', async () => {
    const result = await renderTree(settingsYaml(), mirrorYaml('corp', '[]').replace('true, vpcs: []', 'false'));
    const zone = logicalId({ kind: 'ZoneMirror', name: 'corp' }, 'Zone');
    const role = logicalId({ kind: 'ZoneMirror', name: 'corp' }, 'MirrorRole');
    const mirror = resourceAt(result, 'ZoneMirror/corp/Mirror')!;
    expect(mirror.Properties).toMatchObject({
      Role: { 'Fn::GetAtt': [role, 'Arn'] },
      Environment: {
        Variables: {
          TRUEUP_ZONE_ID: { Ref: zone },
          TRUEUP_NAME_SERVER: { 'Fn::Select': [0, { 'Fn::GetAtt': [zone, 'NameServers'] }] },
        },
      },
    });
    expect(mirror.DependsOn).toEqual(
      ['MirrorLogs', 'MirrorPolicy'].map((id) => logicalId({ kind: 'ZoneMirror', name: 'corp' }, id)).toSorted(),
    );
    expect(resourceAt(result, 'ZoneMirror/corp/MirrorPolicy')?.Properties['PolicyDocument']).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({ Resource: [{ 'Fn::Join': ['', ['arn:aws:route53:::hostedzone/', { Ref: zone }]] }] }),
      ]),
    });
  });

  it('what stands in another account is no dependency, and is said', async () => {
    const project = estates.find(([name]) => name === 'machines in two accounts')![1];
    const { templates, findings } = render(project);
    expect(templates.map(({ account }) => account)).toEqual(['111122223333', '444455556666']);
    expect(Object.values(templates[1]!.template.Resources)[0]?.DependsOn).toBeUndefined();
    expect(findings.map(({ code }) => code)).toContain('other-stack-first');
  });

  it('a value of a resource that no template holds is a parameter, said once for each that takes it', async () => {
    const project = estates.find(([name]) => name === 'a zone of VPCs of others')![1];
    const { templates, leftOut } = render(project);
    const parameter = `${logicalId({ kind: 'ZoneMirror', name: 'corp' }, 'Zone')}Id`;
    expect(Object.keys(templates[0]!.template.Parameters!)).toContain(parameter);
    expect(resourceAt(render(project), 'ZoneMirror/corp/Mirror')?.Properties['Environment']).toMatchObject({
      Variables: { TRUEUP_ZONE_ID: { Ref: parameter } },
    });
    const takers = leftOut.filter(({ why }) => why.includes(parameter)).map(({ resource }) => resource);
    expect(takers).toEqual(['MirrorPolicy', 'Mirror', 'PlanPolicy', 'Plan'].map((id) => `ZoneMirror/corp/${id}`));
  });

  it('a template of more than 500 resources is said', async () => {
    const many = Array.from({ length: 46 }, (_, index) => mirrorYaml(`z${index}`, '[{ id: vpc-0a11bb22cc33dd44e }]'));
    const { findings } = await renderTree(settingsYaml(), many.join('---\n'));
    const large = findings.filter(({ code }) => code === 'template-too-large');
    expect(large.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^the template of 111122223333 eu-west-1 has \d+ resources, and a stack takes 500$/),
    ]);
    expect((await renderTree(settingsYaml(), ZONE_IN_VPC)).findings.map(({ code }) => code)).toEqual([
      'identifier-to-find',
    ]);
  });
});

describe('what becomes of objects when the stack is deleted', () => {
  it.each([
    ['', 'Retain', 'Delete'],
    [', protect: true', 'Retain', 'Retain'],
    [', onRemove: release', 'Retain', 'Retain'],
    [', onRemove: delete', 'Delete', 'Delete'],
  ])('is what becomes of them in trueup: with "%s" the zone %s, the rule %s', async (metadata, zone, rule) => {
    const result = await renderTree(settingsYaml(), mirrorYaml('corp', '[{ id: vpc-0a11bb22cc33dd44e }]', metadata));
    const policies = ['Zone', 'Rule'].map((id) => {
      const { DeletionPolicy, UpdateReplacePolicy } = resourceAt(result, `ZoneMirror/corp/${id}`)!;
      return [DeletionPolicy, UpdateReplacePolicy];
    });
    expect(policies).toEqual([
      [zone, zone],
      [rule, rule],
    ]);
  });
});

describe('the code of functions', () => {
  it('is taken from a bucket by a key that holds name and hash, also where this trueup has no such handler', async () => {
    const project = await loadProject(settingsYaml(), ZONE_IN_VPC);
    const known = render(project).templates[0]!.handlers;
    const unknown = renderCloudFormation(project, { handlerName: () => undefined, toText: renderValue }).templates[0]!
      .handlers;
    const hex = Buffer.from(known[0]!.sha256, 'base64').toString('hex');
    expect(known.map(({ name }) => name)).toEqual([`zone-mirror-${hex}.zip`]);
    expect(unknown.map(({ name }) => name)).toEqual([`code-${hex}.zip`]);
    expect(resourceAt(render(project), 'ZoneMirror/corp/Mirror')?.Properties['Code']).toEqual({
      S3Bucket: { Ref: 'HandlersBucket' },
      S3Key: { 'Fn::Join': ['', [{ Ref: 'HandlersPrefix' }, `zone-mirror-${hex}.zip`]] },
    });
  });
});
