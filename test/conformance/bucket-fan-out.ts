import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import type { KindSamples } from './samples.ts';

const NAMES = ['corp', 'other', 'third', 'renamed', 'moved'];

/** A topic, an entry in the source bucket's notifications, a ledger, and of one destination all that serves it. */
export const bucketFanOutSamples: KindSamples = {
  start: async () => ({
    samples: {
      async prepare(account) {
        for (const name of ['copies', ...NAMES]) await makeBucket(account, `acme-${name}`);
      },

      document: (name) => `
apiVersion: trueup/v1
kind: BucketFanOut
metadata: { name: ${name} }
spec:
  source: { bucket: acme-${name} }
  events: ["s3:ObjectCreated:*"]
  filter: { prefix: in/, suffix: .pdf }
  concurrency: 6
  function: { memory: 512, timeout: 5m, logRetention: 30d }
  ledger: { ttl: 90d }
  destinations:
    - { bucket: acme-copies, prefix: copies/ }
`,

      edits: {
        filter: {
          edit: (yaml) => yaml.replace('prefix: in/, suffix: .pdf', 'prefix: out/, suffix: .txt, maxSize: 1MB'),
          moves: [
            'AWS::IAM::RolePolicy.PolicyDocument',
            'AWS::Lambda::Function.Environment',
            'Trueup::S3::BucketNotification.Prefix',
            'Trueup::S3::BucketNotification.Suffix',
          ],
        },
        deletes: {
          edit: (yaml) => yaml.replace('  concurrency:', '  replicateDeletes: true\n  concurrency:'),
          moves: [
            'AWS::IAM::RolePolicy.PolicyDocument',
            'AWS::Lambda::Function.Environment',
            'Trueup::S3::BucketNotification.Events',
          ],
        },
        concurrency: {
          edit: (yaml) => yaml.replace('concurrency: 6', 'concurrency: 8'),
          moves: [
            'AWS::Lambda::EventSourceMapping.ScalingConfig',
            'AWS::Lambda::Function.ReservedConcurrentExecutions',
          ],
        },
        function: {
          edit: (yaml) => yaml.replace('memory: 512, timeout: 5m', 'memory: 1024, timeout: 10m'),
          moves: [
            'AWS::Lambda::Function.MemorySize',
            'AWS::Lambda::Function.Timeout',
            'AWS::SQS::Queue.VisibilityTimeout',
          ],
        },
        'log retention': {
          edit: (yaml) => yaml.replace('logRetention: 30d', 'logRetention: 90d'),
          moves: ['AWS::Logs::LogGroup.RetentionInDays'],
        },
        alarms: {
          edit: (yaml) => `${yaml}  alarms: { sns: "arn:aws:sns:eu-west-1:111122223333:alarms" }\n`,
          moves: ['AWS::CloudWatch::Alarm.AlarmActions', 'AWS::CloudWatch::Alarm.OKActions'],
        },
        ledger: {
          edit: (yaml) => yaml.replace('ttl: 90d', 'ttl: 30d'),
          moves: ['AWS::Lambda::Function.Environment'],
        },
      },
      unmoved: {},
    },
    end: async () => {},
  }),
};

/** Versioned, with an object that was there before. */
async function makeBucket(account: EmbeddedAccount, bucket: string): Promise<void> {
  const client = account.client(S3Client, { region: 'eu-west-1' });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  await client.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
  await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'in/first.pdf', Body: 'first' }));
}
