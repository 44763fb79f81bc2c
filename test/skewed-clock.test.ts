import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAws } from '../src/aws/clients.ts';
import type { Aws } from '../src/aws/clients.ts';
import { realClock } from '../src/aws/clocks.ts';
import { backendOf } from '../src/operations/endpoint.ts';

const MINUTE_MS = 60_000;
/** How far a signature's time may be off, at most services ("Create a signed AWS API request"). */
const BORNE_MS = 5 * MINUTE_MS;
const PROD = { alias: 'prod', id: '111122223333' };
const PLACE = { account: PROD.id, region: 'eu-west-1' };
const WHO = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${PROD.id}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Who asked, and what came of it. */
interface Seen {
  readonly service: string;
  readonly isSkewed: boolean;
  readonly attempt: string;
}

interface SkewedAws {
  readonly aws: Aws;
  /** All but the question whose credentials these are. */
  seen(): readonly Seen[];
}

/** Services whose clock is not ours: they refuse what was not signed by theirs, and do the rest. */
async function startAws(aheadMs: number, refusal: Answer, done: Answer): Promise<SkewedAws> {
  const requests: Seen[] = [];
  const server = createServer((request, response) => {
    const { authorization = '', 'x-amz-date': signed, 'amz-sdk-request': attempt } = request.headers;
    const [, service = ''] = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(authorization) ?? [];
    const now = Date.now() + aheadMs;
    const isSkewed = Math.abs(timeOf(String(signed)) - now) > BORNE_MS;
    requests.push({ service, isSkewed, attempt: String(attempt) });
    const expired = service === 'sts' ? xmlError('SignatureDoesNotMatch') : refusal;
    const { status, body, headers } = isSkewed ? expired : service === 'sts' ? { ...DONE, body: WHO } : done;
    request.resume().on('end', () => {
      response.writeHead(status, { Date: new Date(now).toUTCString(), ...headers });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const backend = backendOf(
    { kind: 'url', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    PROD.id,
  );
  const aws = createAws({
    backend: {
      options: (place, manner) => ({
        ...backend.options(place, manner),
        credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
      }),
    },
    accounts: new Map([[PROD.id, PROD]]),
    defaultAccount: PROD.id,
    defaultRegion: PLACE.region,
    role: 'apply',
    run: 'run-1',
    clock: realClock,
  });
  return { aws, seen: () => requests.filter(({ service }) => service !== 'sts') };
}

/** `20261124T100000Z` in milliseconds. */
function timeOf(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
}

const DONE: Answer = { status: 200, body: '<Done/>' };

function xmlError(code: string, status = 403): Answer {
  const error = `<Error><Code>${code}</Code><Message>Signature expired: it is now another time</Message></Error>`;
  return { status, body: `<ErrorResponse>${error}<RequestId>r</RequestId></ErrorResponse>` };
}

const S3_ERROR: Answer = {
  status: 403,
  body: '<Error><Code>RequestTimeTooSkewed</Code><Message>The difference is too large.</Message></Error>',
};
const JSON_ERROR: Answer = {
  status: 400,
  body: '{"__type":"InvalidSignatureException","message":"Signature expired: it is now another time"}',
  headers: { 'Content-Type': 'application/x-amz-json-1.1' },
};
const EC2_ERROR: Answer = {
  status: 400,
  body: '<Response><Errors><Error><Code>RequestExpired</Code><Message>Request has expired.</Message></Error></Errors></Response>',
};
const ZONE: Answer = {
  status: 201,
  body: '<CreateHostedZoneResponse><HostedZone><Id>/hostedzone/Z1</Id></HostedZone></CreateHostedZoneResponse>',
  headers: { Location: 'https://route53.amazonaws.com/2013-04-01/hostedzone/Z1' },
};

const WRITES: readonly {
  readonly what: string;
  readonly refusal: Answer;
  readonly done: Answer;
  readonly write: (aws: Aws) => Promise<unknown>;
}[] = [
  {
    what: 'S3',
    refusal: S3_ERROR,
    done: DONE,
    write: async (aws) =>
      (await aws.client(S3Client, PLACE)).send(new PutObjectCommand({ Bucket: 'acme', Key: 'k', Body: 'x' })),
  },
  {
    what: 'Route 53',
    refusal: xmlError('SignatureDoesNotMatch'),
    done: ZONE,
    write: async (aws) =>
      (await aws.client(Route53Client, PLACE)).send(
        new CreateHostedZoneCommand({ Name: 'corp.test', CallerReference: 'c' }),
      ),
  },
  {
    what: 'Logs',
    refusal: JSON_ERROR,
    done: { status: 200, body: '{}' },
    write: async (aws) =>
      (await aws.client(CloudWatchLogsClient, PLACE)).send(new CreateLogGroupCommand({ logGroupName: 'g' })),
  },
  {
    what: 'EC2',
    refusal: EC2_ERROR,
    done: DONE,
    write: async (aws) => (await aws.client(EC2Client, PLACE)).send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' })),
  },
];

describe.each([-10, 10])('F16 AWS’s clock is %i min from ours', (minutes) => {
  const aheadMs = minutes * MINUTE_MS;

  it.each(WRITES)('F16 a write to $what is signed again by its clock, once, and done once', async (one) => {
    const { aws, seen } = await startAws(aheadMs, one.refusal, one.done);

    await one.write(aws);
    expect(seen().map(({ isSkewed }) => isSkewed)).toEqual([true, false]);
    await one.write(aws);
    expect(seen().map(({ isSkewed }) => isSkewed)).toEqual([true, false, false]);
  });

  it('F16 a HEAD, which is refused without a word, as well', async () => {
    const { aws, seen } = await startAws(aheadMs, S3_ERROR, DONE);

    await (await aws.client(S3Client, PLACE)).send(new HeadBucketCommand({ Bucket: 'acme' }));

    expect(seen().map(({ isSkewed }) => isSkewed)).toEqual([true, false]);
  });

  it.each([
    { what: 'something that is not there', code: 'NoSuchEntity', status: 404 },
    { what: 'what is denied', code: 'AccessDenied', status: 403 },
  ])('F16 $what is asked for once by its clock', async ({ code, status }) => {
    const { aws, seen } = await startAws(aheadMs, xmlError('SignatureDoesNotMatch'), xmlError(code, status));
    const iam = await aws.client(IAMClient, PLACE);
    const look = () => iam.send(new GetRoleCommand({ RoleName: 'r' }));

    for (let call = 0; call < 2; call += 1)
      await expect(look()).rejects.toHaveProperty('name', expect.stringContaining(code));

    expect(seen().map(({ isSkewed }) => isSkewed)).toEqual([true, false, false]);
  });

  it('F16 a key that is wrong is tried by both clocks, and no more', async () => {
    const wrong = xmlError('SignatureDoesNotMatch');
    const { aws, seen } = await startAws(aheadMs, wrong, wrong);
    const iam = await aws.client(IAMClient, PLACE);

    await expect(iam.send(new GetRoleCommand({ RoleName: 'r' }))).rejects.toThrow('Signature expired');

    expect(seen().map(({ isSkewed }) => isSkewed)).toEqual([true, false]);
  });
});
