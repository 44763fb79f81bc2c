import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { Bucket } from '../support/embedded-s3.ts';
import { openTestFunctions } from '../support/lambda.ts';

const REGION = { region: 'eu-west-1' };

describe('a function', () => {
  it('puts and gets objects, from streams and as streams, and sees who was first', async () => {
    const { account, create, invoke } = openTestFunctions();
    const client = account.client(S3Client, REGION);
    await client.send(new CreateBucketCommand({ Bucket }));
    const source = `
      import { Readable } from 'node:stream';
      import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
      const client = new S3Client({});
      client.middlewareStack.use(globalThis[Symbol.for('trueup.embedded')].plugin);
      export const handler = async ({ Bucket }) => {
        const Key = 'from/function';
        const Body = Readable.from([Buffer.from('grü'), Buffer.from('ße')]);
        await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: 7, IfNoneMatch: '*' }));
        const { Body: read } = await client.send(new GetObjectCommand({ Bucket, Key }));
        const text = await read.transformToString();
        try { await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', IfNoneMatch: '*' })); }
        catch (error) { return { text, name: error.name, status: error.$metadata.httpStatusCode }; }
      };`;
    await create('holder', source, { Timeout: 20 });

    const { answer } = await invoke('holder', { Bucket });

    expect(answer).toEqual({ text: 'grüße', name: 'PreconditionFailed', status: 412 });
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'from/function' }));
    expect(await Body!.transformToString()).toBe('grüße');
  });
});
