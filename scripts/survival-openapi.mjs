// The OpenAPI document of a SurvivalService, from the schemas of its request and answer, the limits that the code has, and
// answers that the code gives.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url);
const JSON_TYPE = 'application/json';
/** Digits of figures in examples: their last ones may differ from processor to processor. */
const SHOWN_DIGITS = 6;

const SUBJECTS = { times: [5, 8, 0, 12.5, 30, 7, 11], events: [1, 0, 1, 1, 0, 1, 1] };
const REQUEST = {
  ...SUBJECTS,
  values_by_record: [
    [0.5, 1.5, -2, 3, 1.25, 0, -1],
    [1, null, 3, 2, 5, 4, 1],
  ],
};

const LAYOUT = [
  { offset: '0', octets: '4', type: 'ASCII', content: 'TUSV' },
  { offset: '4', octets: '1', type: 'uint8', content: 'version of this layout: 1' },
  { offset: '5', octets: '1', type: 'uint8', content: 'octets of a value: 8 is float64, 4 is float32' },
  { offset: '6', octets: '2', type: 'uint16', content: '0' },
  { offset: '8', octets: '4', type: 'uint32', content: 'n, the number of subjects' },
  { offset: '12', octets: '4', type: 'uint32', content: 'm, the number of rows' },
  { offset: '16', octets: '8 · n', type: 'float64', content: 'times' },
  { offset: '16 + 8 · n', octets: 'n', type: 'uint8', content: 'events, each 0 or 1' },
  { offset: '16 + 9 · n', octets: '0 to 7', type: 'uint8', content: 'zeros, up to a multiple of 8' },
  {
    offset: '16 + 9 · n, rounded up to a multiple of 8',
    octets: 'm · n · octets of a value',
    type: 'float64 or float32',
    content: 'values, row by row; NaN: the subject has no value; an infinity makes its row invalid',
  },
];

/** The service as it is in these sources. */
async function load() {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { answerSurvival } from './src/survival/service/answer.ts';
export { encodeBinaryBody } from './src/survival/service/binary-body.ts';
export { SERVICE_LIMITS } from './src/survival/service/limits.ts';
export { DEFAULT_MIN_EVENTS } from './src/survival/fit-rows.ts';`,
      resolveDir: fileURLToPath(root),
    },
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

function schema(name) {
  return JSON.parse(readFileSync(new URL(`schemas/${name}`, root), 'utf8'));
}

/** Definitions become components: their names, and references to them. */
function component(node) {
  if (Array.isArray(node)) return node.map(component);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => key !== '$schema' && key !== '$id' && key !== '$defs')
      .map(([key, value]) => [
        key,
        key === '$ref' ? value.replace('#/$defs/', '#/components/schemas/') : component(value),
      ]),
  );
}

function shown(value) {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === 'number' && !Number.isInteger(value)) return Number(value.toPrecision(SHOWN_DIGITS));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown(one)]));
}

function answers({ answerSurvival, SERVICE_LIMITS, DEFAULT_MIN_EVENTS }) {
  const options = { minEvents: DEFAULT_MIN_EVENTS, requestId: '5a7f9c1e-2b64-4c1d-9a53-0f6b8f1f2d10' };
  const ask = (body, contentType = JSON_TYPE) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return shown(JSON.parse(answerSurvival({ body: text, contentType }, options).body));
  };
  const example = (summary, value) => ({ summary, value });
  const refusal = (description, examples) => ({
    description,
    content: { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/refusal' }, examples } },
  });
  const gateway = (description, message) => ({
    description,
    content: {
      [JSON_TYPE]: { schema: { $ref: '#/components/schemas/gateway' }, examples: { gateway: { value: { message } } } },
    },
  });
  const large = { ...SUBJECTS, values_by_record: [' '.repeat(SERVICE_LIMITS.body)] };
  return {
    200: {
      description: 'The statistics of each row. Figures of the example are rounded.',
      content: {
        [JSON_TYPE]: {
          schema: { $ref: '#/components/schemas/answer' },
          examples: { statistics: example('Two rows', ask(REQUEST)) },
        },
      },
    },
    400: refusal('The request as a whole is wrong.', {
      ragged: example(
        'A row has not all subjects',
        ask({ ...REQUEST, values_by_record: [REQUEST.values_by_record[0], [1]] }),
      ),
      noEvents: example('Nobody has an event', ask({ ...REQUEST, events: [0, 0, 0, 0, 0, 0, 0] })),
      time: example('A time is negative', ask({ ...REQUEST, times: [5, 8, -1, 12.5, 30, 7, 11] })),
      notJson: example('The body is not JSON', ask('{"times":[1,NaN]}')),
    }),
    401: gateway('Where the service takes JWTs: none, or none that is valid. From API Gateway.', 'Unauthorized'),
    403: gateway('Where the service takes IAM: not signed, or not allowed. From API Gateway.', 'Forbidden'),
    413: {
      ...refusal(
        `The body has more than ${SERVICE_LIMITS.body} octets as it is delivered, inflates to more than ${SERVICE_LIMITS.inflated}, or its answer could have more than ${SERVICE_LIMITS.answer}. The message names the most rows for this number of subjects. Beyond 10 MB API Gateway answers itself.`,
        { body: example('The body is too large', ask(large)) },
      ),
    },
    415: refusal('Another media type, character set or content coding.', {
      type: example('Another media type', ask('', 'text/csv')),
    }),
    429: gateway('More requests than the throttle lets pass: try again later. From API Gateway.', 'Too Many Requests'),
    500: refusal('A mistake of the service: its log has the request by request-id.', {
      failed: example('A mistake', { code: 500, message: 'the service failed', 'request-id': options.requestId }),
    }),
    503: gateway('The function cannot be reached. From API Gateway.', 'Service Unavailable'),
    504: gateway(
      'The function did not answer in time: send fewer rows. From API Gateway.',
      'Endpoint request timed out',
    ),
  };
}

/** @returns the text of schemas/survival-service.openapi.json */
export async function survivalOpenApi() {
  const service = await load();
  const request = schema('survival-request.schema.json');
  const answer = schema('survival-answer.schema.json');
  const { times, events, values_by_record: values } = REQUEST;
  const binary = service.encodeBinaryBody({ times, events, values, valueOctets: 4 });
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'SurvivalService',
      version: '1',
      summary: 'Cox regressions of one predictor a row.',
      description:
        'Hazard ratio and p-value of every row of a matrix, such as genes, for one set of subjects. Rows and subjects are matched by position: a request holds no names. Generated by `npm run generate`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      {
        url: 'https://{api}.execute-api.{region}.amazonaws.com',
        description: 'What `trueup apply` prints.',
        variables: { api: { default: 'abcdefghij' }, region: { default: 'eu-west-1' } },
      },
    ],
    security: [{ iam: [] }, { jwt: [] }],
    paths: {
      '/survival': {
        post: {
          operationId: 'fitSurvival',
          summary: 'Fits each row of values.',
          parameters: [
            {
              name: 'Content-Encoding',
              in: 'header',
              description: 'gzip where the body is gzipped.',
              required: false,
              schema: { type: 'string', enum: ['gzip', 'identity'] },
            },
          ],
          requestBody: {
            required: true,
            description: `At most ${service.SERVICE_LIMITS.body} octets as it is delivered to the function: all but JSON without gzip is delivered in base64, which is four octets for three.`,
            content: {
              [JSON_TYPE]: {
                schema: { $ref: '#/components/schemas/request' },
                examples: { request: { summary: 'Two rows of seven subjects', value: REQUEST } },
              },
              'application/octet-stream': {
                schema: {
                  description:
                    'The same in octets, little-endian, numbers in IEEE 754: see x-layout. The length of the body must be exactly that of n and m.',
                },
                'x-layout': LAYOUT,
                'x-example-base64': Buffer.from(binary).toString('base64'),
              },
            },
          },
          responses: answers(service),
        },
      },
    },
    components: {
      schemas: {
        request: component(request),
        answer: component(answer),
        ...component(answer.$defs),
      },
      securitySchemes: {
        iam: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4 of the service execute-api.',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
        jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
