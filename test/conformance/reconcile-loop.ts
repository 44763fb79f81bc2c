import { AttachRolePolicyCommand, CreatePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { allow, document, trust } from '../support/embedded-iam.ts';
import type { KindSamples } from './samples.ts';

const ACCOUNT = '"111122223333"';
const PLAN_ROLE = 'trueup-plan';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** A function with role and log, what starts it, and its alarms. */
export const reconcileLoopSamples: KindSamples = {
  start: async () => ({
    samples: {
      async prepare(account) {
        const iam = account.client(IAMClient, { region: 'eu-west-1' });
        await iam.send(new CreateRoleCommand({ RoleName: PLAN_ROLE, AssumeRolePolicyDocument: trust() }));
        const everything = { PolicyName: 'everything', PolicyDocument: document(allow('*')) };
        const { Policy } = await iam.send(new CreatePolicyCommand(everything));
        await iam.send(new AttachRolePolicyCommand({ RoleName: PLAN_ROLE, PolicyArn: Policy!.Arn! }));
      },

      settings: (yaml) => yaml.replace(ACCOUNT, `${ACCOUNT}, planRole: "arn:aws:iam::111122223333:role/${PLAN_ROLE}"`),

      document: (name) => `
apiVersion: trueup/v1
kind: ReconcileLoop
metadata: { name: ${name} }
spec:
  source: { s3: { bucket: acme-trueup, key: ${name}.tar.gz } }
  signingKey: ${KEY}
  every: rate(30 minutes)
  mode: report
  function: { memory: 512, timeout: 15m, logRetention: 30d }
`,

      edits: {
        schedule: {
          edit: (yaml) => yaml.replace('rate(30 minutes)', 'rate(5 minutes)'),
          moves: ['AWS::Events::Rule.ScheduleExpression', 'AWS::Lambda::Function.Environment'],
        },
        source: {
          edit: (yaml) => yaml.replace('.tar.gz', '.bundle'),
          moves: ['AWS::IAM::RolePolicy.PolicyDocument', 'AWS::Lambda::Function.Environment'],
        },
        function: {
          edit: (yaml) =>
            yaml.replace('memory: 512, timeout: 15m', 'memory: 2048, timeout: 5m, reservedConcurrency: 1'),
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
      },
      unmoved: {},
    },
    end: async () => {},
  }),
};
