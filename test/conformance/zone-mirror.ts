import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrimary } from '../../src/embedded/index.ts';
import type { KindSamples, StartedSamples } from './samples.ts';

const VPC = 'vpc-0a11bb22cc33dd44e';
const OTHER_VPC = 'vpc-0b11bb22cc33dd44e';
const SUBNETS = ['subnet-0a11bb22', 'subnet-0b11bb22'];

/** A private zone, its records, two functions with roles and logs, a rule and an alarm. */
export const zoneMirrorSamples: KindSamples = {
  async start() {
    const zones = mkdtempSync(join(tmpdir(), 'trueup-zones-'));
    for (const name of ['corp', 'other', 'third', 'renamed', 'moved']) {
      const text = `$ORIGIN ${name}.test.\n$TTL 300\n@ SOA ns1 host 5 3600 600 86400 60\n@ NS ns1\nns1 A 10.0.0.1\nwww A 10.0.0.2\n`;
      writeFileSync(join(zones, `${name}.test.zone`), text);
    }
    const primary = await startPrimary({ zones, port: 0, keys: [] });
    return {
      samples: samplesAt(`127.0.0.1:${primary.port}`),
      async end() {
        await primary.close();
        rmSync(zones, { recursive: true, force: true });
      },
    };
  },
};

function samplesAt(primary: string): StartedSamples {
  return {
    prepare(account) {
      account.putNetwork(
        {
          vpc: { id: VPC },
          internetGateway: 'igw-0a',
          natGateways: [{ id: 'nat-0a', subnet: 'subnet-0c11bb22' }],
          subnets: [
            { id: SUBNETS[0]!, cidr: '10.0.1.0/24', zone: 'eu-west-1a', defaultRoute: 'nat-0a' },
            { id: SUBNETS[1]!, cidr: '10.0.2.0/24', zone: 'eu-west-1b', defaultRoute: 'nat-0a' },
            { id: 'subnet-0c11bb22', cidr: '10.0.3.0/24', zone: 'eu-west-1a', defaultRoute: 'igw-0a' },
          ],
          securityGroups: [{ id: 'sg-0a11bb22' }],
        },
        { region: 'eu-west-1' },
      );
      account.putNetwork({ vpc: { id: OTHER_VPC }, subnets: [], securityGroups: [] }, { region: 'eu-west-1' });
    },

    document: (name) => `
apiVersion: trueup/v1
kind: ZoneMirror
metadata: { name: ${name} }
spec:
  domain: ${name}.test
  primaries: ["${primary}"]
  tsig: none
  schedule: rate(15 minutes)
  hostedZone: { private: true, comment: mirror, vpcs: [{ id: ${VPC} }] }
  function: { memory: 256, timeout: 5m, logRetention: 30d }
`,

    edits: {
      schedule: {
        edit: (yaml) => yaml.replace('rate(15 minutes)', 'rate(5 minutes)'),
        moves: ['AWS::Events::Rule.ScheduleExpression'],
      },
      function: {
        edit: (yaml) => yaml.replace('memory: 256, timeout: 5m', 'memory: 512, timeout: 4m, reservedConcurrency: 3'),
        moves: [
          'AWS::Lambda::Function.MemorySize',
          'AWS::Lambda::Function.Timeout',
          'AWS::Lambda::Function.ReservedConcurrentExecutions',
        ],
      },
      'log retention': {
        edit: (yaml) => yaml.replace('logRetention: 30d', 'logRetention: 90d'),
        moves: ['AWS::Logs::LogGroup.RetentionInDays'],
      },
      'hosted zone': {
        edit: (yaml) =>
          yaml.replace('comment: mirror', 'comment: other').replace(`{ id: ${VPC} }`, `{ id: ${OTHER_VPC} }`),
        moves: ['AWS::Route53::HostedZone.HostedZoneConfig', 'AWS::Route53::HostedZone.VPCs'],
      },
    },
    unmoved: {},
  };
}
