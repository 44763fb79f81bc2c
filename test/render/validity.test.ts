import { describe, expect, it, vi } from 'vitest';
import { render } from '../../src/operations/render.ts';
import { importSteps } from '../../src/render/import-steps.ts';
import { resourceSpec, templateProblems } from '../support/cloudformation-spec.ts';
import { estatesToRender, templatesOf } from '../support/rendered.ts';
import { describeWith } from '../support/counterparts.ts';
import { lint } from '../support/cfn-lint.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const results = [...(await estatesToRender())].map(([name, project]) => [name, render(project)] as const);

describe('templates by the schemas that CloudFormation publishes', () => {
  it.each(results)('of %s have types, properties and references that exist', (_name, result) => {
    expect(templatesOf(result).length).toBeGreaterThan(0);
    expect(templatesOf(result).flatMap(templateProblems)).toEqual([]);
  });

  it('are not right whatever they hold: a wrong name, type, value or reference is told', () => {
    const { templates } = results[0]![1];
    const { Outputs: _outputs, ...template } = templates[0]!.template;
    const [id, resource] = Object.entries(template.Resources).find(([, { Type }]) => Type === 'AWS::Lambda::Function')!;
    const { Role: _role, ...properties } = resource.Properties;
    const Properties = {
      ...properties,
      Sice: 1,
      Timeout: '5m',
      VpcConfig: { Subnets: [] },
      Layers: [{ Ref: 'Nobody' }],
    };
    const broken = { ...template, Resources: { [id]: { ...resource, DependsOn: ['Nothing'], Properties } } };
    expect(templateProblems(broken)).toEqual([
      `${id}: waits for Nothing`,
      `${id}.Role: missing`,
      `${id}.Timeout: "5m" is of another type`,
      `${id}.Sice: no such property`,
      `${id}.VpcConfig.Subnets: no such property`,
      `${id}.Layers[0]: refers to Nobody`,
    ]);
  });

  it('have outputs that are held in the same way', () => {
    const { template } = results[0]![1].templates[0]!;
    const [id] = Object.entries(template.Resources).find(([, { Type }]) => Type === 'AWS::Route53::HostedZone')!;
    const Description = 'of the zone';
    const servers = { 'Fn::GetAtt': [id, 'NameServers'] };
    const broken = {
      ...template,
      Outputs: {
        [id]: { Description, Value: { Ref: id } },
        Nobody: { Description, Value: { Ref: 'Nobody' } },
        NoAttribute: { Description: 'd\u00e9crit', Value: { 'Fn::GetAtt': [id, 'Arn'] } },
        Exported: { Description, Value: { 'Fn::Join': ['', servers] }, Export: { Name: 'zone' } },
        Text: { Description, Value: 'Z1' },
      },
    };
    expect(templateProblems(broken)).toEqual([
      `${id}: no output id of its own`,
      'Nobody: refers to Nobody',
      'NoAttribute: no description',
      `NoAttribute: ${id} has no Arn`,
      'Exported.Export: is not expected',
      'Exported: joined by ',
      'Text: says nothing of a resource',
    ]);
  });

  it.each(results)('of %s import every resource by the identifier of its type', (_name, { templates }) => {
    for (const { template, import: entries } of templates) {
      expect(entries.map((entry) => [entry.LogicalResourceId, entry.ResourceType])).toEqual(
        Object.entries(template.Resources).map(([id, { Type }]) => [id, Type]),
      );
      for (const { ResourceType, ResourceIdentifier } of entries) {
        const { primaryIdentifier = [] } = resourceSpec(ResourceType)!;
        expect([ResourceType, Object.keys(ResourceIdentifier).toSorted()]).toEqual([
          ResourceType,
          primaryIdentifier.toSorted(),
        ]);
      }
    }
  });
});

describeWith('cfn-lint', 'templates by cfn-lint', () => {
  it('have nothing to complain of', () => {
    const all = results.flatMap(([, { templates }]) =>
      templates.flatMap((place) => [place.template, ...importSteps(place).map(({ template }) => template)]),
    );
    expect(lint(all)).toEqual([]);
  });

  it('are looked at: a retention that no log group has is told', () => {
    const { template } = results[0]![1].templates[0]!;
    const text = JSON.stringify(template).replace('"RetentionInDays":30', '"RetentionInDays":31');
    expect(lint([JSON.parse(text)]).join()).toContain('31 is not one of');
  });
});
