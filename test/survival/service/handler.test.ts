import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DOCUMENT_VARIABLE, encodeFunctionDocument } from '../../../src/engine/function-document.ts';
import type { HttpAnswer } from '../../../src/runtime/survival-service/index.ts';
import type { createRowFitter } from '../../../src/survival/fit-rows.ts';
import { encodeBinaryBody } from '../../../src/survival/service/binary-body.ts';
import { BINARY_TYPE, JSON_TYPE, REQUEST } from './ask.ts';

const REQUEST_ID = '7d3a0e5c-1c0f-4b7e-9f55-0a1b2c3d4e5f';
/** Figures that no line may hold: none of them is a size or a count of what is sent. */
const NUMBERS = ['31415.926535', '27182.818284', '16180.339887'];
const WORDS = {
  body: 'canary-body',
  header: 'canary-header',
  query: 'canary-query',
  key: 'canary-key',
  tag: 'canary-tag',
  text: 'canary-text',
  token: 'canary-token',
};
const CANARIES = [...NUMBERS, ...Object.values(WORDS)];

/** What a fit throws in the test of a mistake of ours. */
let mistake: Error | undefined;

vi.mock('../../../src/survival/fit-rows.ts', async (load) => {
  const actual = await load<{ readonly createRowFitter: typeof createRowFitter }>();
  const fitterOf: typeof createRowFitter = (...given) => {
    if (mistake) throw mistake;
    return actual.createRowFitter(...given);
  };
  return { ...actual, createRowFitter: fitterOf };
});

interface Invoked {
  readonly answer: HttpAnswer;
  /** All that was written to the log, and what may be read of an error. */
  readonly log: string;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

function eventOf(body: string, changes: Readonly<Record<string, unknown>> = {}): object {
  return {
    version: '2.0',
    routeKey: `POST /survival`,
    rawPath: '/survival',
    rawQueryString: `${WORDS.query}=${WORDS.query}`,
    cookies: [`session=${WORDS.token}`],
    headers: {
      'content-type': JSON_TYPE,
      authorization: `Bearer ${WORDS.token}`,
      'x-amz-security-token': WORDS.token,
      'x-patient': WORDS.header,
      [WORDS.header]: WORDS.header,
    },
    queryStringParameters: { [WORDS.query]: WORDS.query },
    pathParameters: { key: WORDS.key },
    stageVariables: { tag: WORDS.tag },
    requestContext: {
      requestId: WORDS.key,
      authorizer: { jwt: { claims: { sub: WORDS.tag }, scopes: [WORDS.text] } },
      http: { method: 'POST', path: '/survival', userAgent: WORDS.header, sourceIp: '192.0.2.1' },
    },
    body,
    isBase64Encoded: false,
    ...changes,
  };
}

const RIGHT = JSON.stringify({
  times: [Number(NUMBERS[0]), 8, 0, 12.5, 30, 7],
  events: REQUEST.events,
  values_by_record: [
    [Number(NUMBERS[1]), 1.5, -2, 3, 1.25, 0],
    [WORDS.body, null, Number(NUMBERS[2]), 2, 5, 4],
  ],
});

async function invoke(event: unknown, environment: Readonly<Record<string, string>> = {}): Promise<Invoked> {
  vi.resetModules();
  vi.stubEnv(DOCUMENT_VARIABLE, environment[DOCUMENT_VARIABLE] ?? document);
  const { handler } = await import('../../../src/runtime/survival-service/index.ts');
  const written: string[] = [];
  const keep = (text: unknown): boolean => written.push(String(text)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  try {
    const answer = await handler(event, { awsRequestId: REQUEST_ID });
    return { answer, ...logged() };
  } finally {
    vi.restoreAllMocks();
  }

  function logged(): Pick<Invoked, 'log' | 'lines'> {
    const log = written.join('');
    const lines = log
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    return { log, lines };
  }
}

const document = encodeFunctionDocument({ document: 'SurvivalService/genes', minEvents: 3 });

beforeEach(() => {
  mistake = undefined;
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Every field that a line may have. */
const FIELDS = [
  '_aws',
  'Document',
  'Requests',
  'Refused',
  'Failed',
  'Rows',
  'ParseSeconds',
  'FitSeconds',
  'outcome',
  'requestId',
  'status',
  'format',
  'encoding',
  'octets',
  'read',
  'n',
  'm',
  'statuses',
  'fault',
];

function expectNothingSaid({ log, lines }: Invoked): void {
  for (const canary of CANARIES) expect(log).not.toContain(canary);
  expect(lines).toHaveLength(1);
  expect(FIELDS).toEqual(expect.arrayContaining(Object.keys(lines[0]!)));
}

describe('the function', () => {
  it('answers an event of an HTTP API with the statistics, by the rules of its document', async () => {
    const { answer, lines } = await invoke(eventOf(JSON.stringify(REQUEST)));

    expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': JSON_TYPE } });
    expect(JSON.parse(answer.body)).toMatchObject({
      statistics_list: [
        { status: 'ok', n: 6 },
        { status: 'ok', n: 5 },
      ],
    });
    expect(lines).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number) as number,
          CloudWatchMetrics: [
            {
              Namespace: 'trueup/survival',
              Dimensions: [['Document']],
              Metrics: [
                { Name: 'Requests', Unit: 'Count' },
                { Name: 'Refused', Unit: 'Count' },
                { Name: 'Failed', Unit: 'Count' },
                { Name: 'Rows', Unit: 'Count' },
                { Name: 'ParseSeconds', Unit: 'Seconds' },
                { Name: 'FitSeconds', Unit: 'Seconds' },
              ],
            },
          ],
        },
        Document: 'SurvivalService/genes',
        Requests: 1,
        Refused: 0,
        Failed: 0,
        Rows: 2,
        ParseSeconds: expect.any(Number) as number,
        FitSeconds: expect.any(Number) as number,
        outcome: 'answered',
        requestId: REQUEST_ID,
        status: 200,
        format: 'json',
        encoding: 'identity',
        octets: 110,
        read: 110,
        n: 6,
        m: 2,
        statuses: { ok: 2 },
      },
    ]);
  });

  it('takes octets and gzip as API Gateway delivers them, in base64', async () => {
    const { times, events, values_by_record: values } = REQUEST;
    const body = gzipSync(encodeBinaryBody({ times, events, values, valueOctets: 8 })).toString('base64');
    const headers = { 'content-type': BINARY_TYPE, 'content-encoding': 'gzip' };

    const { answer } = await invoke(eventOf(body, { headers, isBase64Encoded: true }));
    const { answer: json } = await invoke(eventOf(JSON.stringify(REQUEST)));

    expect(answer).toEqual(json);
  });

  it.each([
    ['no body', eventOf('', { body: undefined }), 400],
    ['no content type', eventOf(JSON.stringify(REQUEST), { headers: {} }), 200],
    ['no headers', eventOf(JSON.stringify(REQUEST), { headers: undefined }), 200],
    ['a header of Object', eventOf(JSON.stringify(REQUEST), { headers: { 'content-type': {} } }), 200],
    ['another content type', eventOf(JSON.stringify(REQUEST), { headers: { 'content-type': 'text/csv' } }), 415],
    ['the format of version 1.0', eventOf(JSON.stringify(REQUEST), { version: '1.0' }), 400],
    ['an event of another service', { Records: [] }, 400],
    ['a body that is no text', eventOf('', { body: { times: [] } }), 400],
    ['nothing', null, 400],
    ['a list', [], 400],
  ])('answers %s', async (_what, event, status) => {
    const { answer, lines } = await invoke(event);

    expect(answer.statusCode).toBe(status);
    expect(lines[0]).toMatchObject({ status, Refused: status === 200 ? 0 : 1, Failed: 0 });
    if (status !== 200) expect(JSON.parse(answer.body)).toMatchObject({ code: status, 'request-id': REQUEST_ID });
  });

  it('without its document is not one of ours', async () => {
    await expect(invoke(eventOf(RIGHT), { [DOCUMENT_VARIABLE]: '' })).rejects.toThrow(
      'TRUEUP_DOCUMENT is missing: this function is configured by trueup apply',
    );
  });
});

describe('T117 T150 nothing of a request is in the log', () => {
  it('when it is answered', async () => {
    const invoked = await invoke(eventOf(RIGHT));

    expect(invoked.answer.statusCode).toBe(200);
    expectNothingSaid(invoked);
  });

  it.each([
    ['a negative time', RIGHT.replace(NUMBERS[0]!, `-${NUMBERS[0]!}`)],
    ['an event that is none', RIGHT.replace('"events":[1', `"events":[${NUMBERS[1]!}`)],
    ['an event that is a text', RIGHT.replace('"events":[1', `"events":["${WORDS.text}"`)],
    ['a ragged row', RIGHT.replace(NUMBERS[1]!, `${NUMBERS[1]!},${NUMBERS[2]!}`)],
    ['a row that is a text', `{"times":[1],"events":[1],"values_by_record":["${WORDS.text}"]}`],
    ['an unknown member', RIGHT.replace('{', `{"${WORDS.key}":"${WORDS.text}",`)],
    ['a member that is a text', RIGHT.replace('"events":[', `"events":"${WORDS.text}","x":[`)],
    ['no JSON', RIGHT.replace(`"${WORDS.body}"`, WORDS.body)],
    ['JSON that breaks off', RIGHT.slice(0, -20)],
    ['another content type', RIGHT, { headers: { 'content-type': WORDS.header } }],
    ['another charset', RIGHT, { headers: { 'content-type': `application/json; charset=${WORDS.header}` } }],
    ['another encoding', RIGHT, { headers: { 'content-encoding': WORDS.header } }],
    ['no gzip', RIGHT, { headers: { 'content-encoding': 'gzip' } }],
    ['no octets of ours', RIGHT, { headers: { 'content-type': BINARY_TYPE } }],
    ['no base64', RIGHT, { isBase64Encoded: true }],
    ['another version', RIGHT, { version: WORDS.key }],
    ['a body that is too large', RIGHT + WORDS.text.repeat(600_000)],
  ])('when it is refused, and its answer repeats nothing either: %s', async (_what, body, changes?: object) => {
    const invoked = await invoke(eventOf(body, { ...changes }));

    expect([400, 413, 415]).toContain(invoked.answer.statusCode);
    expectNothingSaid(invoked);
    for (const canary of CANARIES) expect(invoked.answer.body).not.toContain(canary);
  });

  it.each([
    ['an error', new Error(`${WORDS.body} ${NUMBERS[0]!}`), 'Error'],
    ['an error of its own name', Object.assign(new Error(WORDS.body), { name: WORDS.key }), 'Error'],
    ['one of a known class, with a cause', new RangeError(WORDS.body, { cause: new Error(WORDS.text) }), 'RangeError'],
  ])('when the function fails: %s', async (_what, error, fault) => {
    mistake = error;
    const invoked = await invoke(eventOf(RIGHT));

    expect(invoked.answer.statusCode).toBe(500);
    expect(JSON.parse(invoked.answer.body)).toEqual({
      code: 500,
      message: 'the service failed',
      'request-id': REQUEST_ID,
    });
    expect(invoked.lines[0]).toMatchObject({ outcome: 'failed', status: 500, fault, Failed: 1, Refused: 0, Rows: 0 });
    expectNothingSaid(invoked);
  });
});
