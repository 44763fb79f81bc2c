import { describe, expect, it } from 'vitest';
import { decodeFunctionDocument } from '../../src/engine/function-document.ts';
import type { Desired, Value } from '../../src/engine/types.ts';
import { compile } from '../../src/reconcilers/survival-service/compile.ts';
import { outputs } from '../../src/reconcilers/survival-service/outputs.ts';
import type { SurvivalService } from '../../src/reconcilers/survival-service/places.ts';
import { createSurvivalEstate, JWT } from '../support/survival-service.ts';

async function loaded(spec?: readonly string[]) {
  const { documents, estate } = await (await createSurvivalEstate(spec)).load();
  return { document: documents[0] as SurvivalService, estate };
}

async function resourcesOf(spec?: readonly string[]): Promise<readonly Desired[]> {
  const { document, estate } = await loaded(spec);
  return compile(document, estate);
}

function properties(resources: readonly Desired[], id: string): Desired['properties'] {
  return resources.find((one) => one.id === id)?.properties ?? {};
}

describe('the resources of a service', () => {
  it('are a function with its role and log, the API before it, and alarms; an authorizer for tokens only', async () => {
    const ids = (resources: readonly Desired[]) => resources.map(({ id, type }) => `${id} ${type}`);
    const byIam = [
      'ServiceLogs AWS::Logs::LogGroup',
      'ServiceRole AWS::IAM::Role',
      'ServicePolicy AWS::IAM::RolePolicy',
      'Service AWS::Lambda::Function',
      'Api AWS::ApiGatewayV2::Api',
      'Integration AWS::ApiGatewayV2::Integration',
      'Permission AWS::Lambda::Permission',
      'Route AWS::ApiGatewayV2::Route',
      'Stage AWS::ApiGatewayV2::Stage',
      'ErrorsAlarm AWS::CloudWatch::Alarm',
      'ServerErrorsAlarm AWS::CloudWatch::Alarm',
      'ThrottlesAlarm AWS::CloudWatch::Alarm',
    ];
    expect(ids(await resourcesOf())).toEqual(byIam);
    expect(ids(await resourcesOf([JWT]))).toEqual([
      ...byIam.slice(0, 6),
      'Authorizer AWS::ApiGatewayV2::Authorizer',
      ...byIam.slice(6),
    ]);
  });

  it('T116 no route is open, whatever is said of auth', async () => {
    const types = await Promise.all(
      [['minEvents: 5'], ['auth: { iam: true }'], [JWT]].map(async (spec) =>
        (await resourcesOf(spec))
          .filter(({ type }) => type === 'AWS::ApiGatewayV2::Route')
          .map((route) => route.properties['AuthorizationType']),
      ),
    );
    expect(types).toEqual([['AWS_IAM'], ['AWS_IAM'], ['JWT']]);
  });

  it('tokens: issuer and audiences as declared, each audience once', async () => {
    const resources = await resourcesOf([
      'auth: { jwt: { issuer: "https://login.example.com/", audience: [notebooks, genes] } }',
    ]);
    expect(properties(resources, 'Authorizer')).toMatchObject({
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://login.example.com/', Audience: ['genes', 'notebooks'] },
    });
    expect(properties(resources, 'Route')['AuthorizerId']).toEqual({ $get: ['Authorizer', 'AuthorizerId'] });
  });

  it('the role may write its log and nothing else', async () => {
    const { Statement } = properties(await resourcesOf(), 'ServicePolicy')['PolicyDocument'] as unknown as {
      readonly Statement: readonly { readonly Action: readonly string[]; readonly Resource: readonly string[] }[];
    };
    expect(Statement.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [
        ['logs:CreateLogStream', 'logs:PutLogEvents'],
        [expect.stringMatching(/^arn:aws:logs:eu-west-1:111122223333:log-group:\/aws\/lambda\/[^*]+:\*$/)],
      ],
    ]);
  });

  it('only this route of this API may call the function', async () => {
    expect(properties(await resourcesOf(), 'Permission')).toMatchObject({
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        $join: ['arn:aws:execute-api:eu-west-1:111122223333:', { $get: ['Api', 'ApiId'] }, '/$default/POST/survival'],
      },
    });
  });

  it('the function is told its document, and no more', async () => {
    const { Variables } = properties(await resourcesOf(['minEvents: 12']), 'Service')['Environment'] as unknown as {
      readonly Variables: Readonly<Record<string, string>>;
    };
    expect(Object.keys(Variables)).toEqual(['TRUEUP_DOCUMENT']);
    expect(decodeFunctionDocument(Variables['TRUEUP_DOCUMENT'] ?? '')).toEqual({
      document: 'SurvivalService/gene-survival',
      minEvents: 12,
    });
  });

  it('the alarms tell the topic of the document', async () => {
    const topic = 'arn:aws:sns:eu-west-1:111122223333:genes';
    const alarms = (await resourcesOf([`alarms: { sns: "${topic}" }`])).filter(
      ({ type }) => type === 'AWS::CloudWatch::Alarm',
    );
    expect(alarms.map(({ properties: { AlarmActions } }) => AlarmActions)).toEqual([[topic], [topic], [topic]]);
  });
});

describe('what an apply leaves people with', () => {
  const ENDPOINT = 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com';
  const there = (id: string, attribute: string): Value | undefined =>
    id === 'Api' && attribute === 'ApiEndpoint' ? ENDPOINT : undefined;

  it('is the address and a line that asks it, signed or with a token, and no secret', async () => {
    const iam = await loaded();
    const url = `${ENDPOINT}/survival`;
    const body = "-H 'content-type: application/json' --data-binary @examples/survival/request.json";
    expect(outputs(iam.document, iam.estate, there)).toEqual([
      { name: 'url', value: url },
      {
        name: 'curl',
        value: `curl --aws-sigv4 "aws:amz:eu-west-1:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" ${body} ${url}`,
      },
    ]);
    const jwt = await loaded([JWT]);
    expect(outputs(jwt.document, jwt.estate, there)[1]?.value).toBe(
      `curl -H "authorization: Bearer $TOKEN" ${body} ${url}`,
    );
  });

  it('is nothing before there is an API', async () => {
    const { document, estate } = await loaded();
    expect(outputs(document, estate, () => undefined)).toEqual([]);
  });
});
