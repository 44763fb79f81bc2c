import { describe, expect, it, vi } from 'vitest';
import { render } from '../../src/operations/render.ts';
import { logicalId } from '../../src/render/logical-ids.ts';
import { estatesToRender, exampleProject } from '../support/rendered.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const estates = await estatesToRender();

function outputsOf(name: string) {
  return render(estates.get(name)!).templates[0]!.template.Outputs ?? {};
}

describe('outputs', () => {
  it('of a public zone tell its id, whom to delegate to, and the ARNs of the functions', () => {
    const outputs = outputsOf('a public zone');
    const [zone, mirror] = ['Zone', 'Mirror'].map((id) => logicalId({ kind: 'ZoneMirror', name: 'public' }, id));
    expect(outputs[`${zone}Id`]).toEqual({
      Description: 'ID of the hosted zone ZoneMirror/public/Zone',
      Value: { Ref: zone },
    });
    expect(outputs[`${zone}NameServers`]).toEqual({
      Description: 'name servers (separated by commas) of the hosted zone ZoneMirror/public/Zone',
      Value: { 'Fn::Join': [',', { 'Fn::GetAtt': [zone, 'NameServers'] }] },
    });
    expect(outputs[`${mirror}Arn`]).toEqual({
      Description: 'ARN of the function ZoneMirror/public/Mirror',
      Value: { 'Fn::GetAtt': [mirror, 'Arn'] },
    });
  });

  it('of a private zone have no name servers, and of a zone that no template holds there is none', () => {
    const zone = logicalId({ kind: 'ZoneMirror', name: 'corp' }, 'Zone');
    const ids = Object.keys(outputsOf('a zone in two accounts'));
    expect(ids.filter((id) => id.startsWith(zone))).toEqual([`${zone}Id`]);
    expect(Object.keys(outputsOf('a zone of VPCs of others')).filter((id) => id.startsWith(zone))).toEqual([]);
  });

  it('are one for each function, topic, zone and API of the example, and the same in every run', async () => {
    const { template } = render(await exampleProject()).templates[0]!;
    const named = Object.values(template.Resources).filter(({ Type }) =>
      ['AWS::ApiGatewayV2::Api', 'AWS::Lambda::Function', 'AWS::Route53::HostedZone', 'AWS::SNS::Topic'].includes(Type),
    );
    expect(named.length).toBeGreaterThan(4);
    expect(Object.keys(template.Outputs!).length).toBe(named.length);
    const again = render(await exampleProject()).templates[0]!.template.Outputs;
    expect(JSON.stringify(again)).toBe(JSON.stringify(template.Outputs));
  });
});
