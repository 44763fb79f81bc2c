import { expect, it } from 'vitest';
import type { Desired, Value } from '../../src/engine/types.ts';
import { API_NAME, apiOf, authorizerOf, integrationOf, openApiTypes, routeOf, stageOf } from '../support/api-types.ts';
import type { ApiTypesBench } from '../support/api-types.ts';
import { OWNER } from '../support/fake-world.ts';
import { openApiBench } from '../support/http-api.ts';
import { testPermissions } from '../support/permission-laws.ts';

/** Ids as the embedded account chooses them, which it does in the same way each time: laws want no references. */
const { api: ApiId, integration, authorizer } = await idsInOrder();

async function idsInOrder() {
  const { account, ...make } = openApiBench();
  const id = await make.api();
  const made = { api: id, integration: await make.integration(id), authorizer: await make.authorizer(id) };
  account.close();
  return made;
}

type Properties = Readonly<Record<string, Value>>;

/** Paths of an API cover those below: so what is in one is held to them in an API that stands. */
function partsOf(rest: Readonly<Record<string, Properties>> = {}): readonly Desired[] {
  const route = { ApiId, Target: `integrations/${integration}`, AuthorizerId: authorizer, ...rest['Route'] };
  return [
    integrationOf({ ApiId, ...rest['Integration'] }),
    { ...authorizerOf({ ApiId, ...rest['Authorizer'] }), after: ['Integration'] },
    { ...routeOf('jwt', route), after: ['Authorizer'] },
  ];
}

testPermissions<ApiTypesBench>({
  name: 'parts of an HTTP API that stands',
  async open() {
    const bench = openApiTypes(partsOf());
    await bench.others.api({ Tags: { 'trueup:owner': `${OWNER}/Fake/app/Api` } });
    return bench;
  },
  resources: partsOf(),
  updates: [
    {
      resources: partsOf({
        Integration: { TimeoutInMillis: 5000 },
        Authorizer: { Name: 'other' },
        Route: { RouteKey: 'POST /other' },
      }),
    },
    { resources: partsOf() },
  ],
});

testPermissions<ApiTypesBench>({
  name: 'an HTTP API alone',
  open: () => openApiTypes([apiOf()]),
  resources: [apiOf()],
  updates: [{ resources: [apiOf({ Description: 'other' })], rest: { protect: true } }, { resources: [apiOf()] }],
  makeForeign: async ({ others }) => {
    await others.api({ Name: API_NAME });
  },
});

testPermissions<ApiTypesBench>({
  name: 'a stage in an API that stands',
  async open() {
    const bench = openApiTypes([stageOf({ ApiId })]);
    await bench.others.api();
    return bench;
  },
  resources: [stageOf({ ApiId })],
  updates: [
    { resources: [stageOf({ ApiId, AutoDeploy: false })], rest: { protect: true } },
    { resources: [stageOf({ ApiId })] },
  ],
  makeForeign: ({ others }) => others.stage(ApiId),
  unchecked: ['apigateway:TagResource'],
});

it('names every path below the API that it is in, as far as it is known', () => {
  const types = openApiTypes().resources.types();
  const of = ({ type, place, properties }: Desired) =>
    types.get(type)!.permissions({ address: 'Fake/app/It', owner: 'acme', place, properties }, 'update');
  const [declared] = partsOf();

  expect(of(declared!)).toEqual([
    { action: 'apigateway:PATCH', resource: `arn:aws:apigateway:eu-west-1::/apis/${ApiId}/integrations/*` },
    {
      action: 'apigateway:POST',
      resource: `arn:aws:apigateway:eu-west-1::/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A%2Fv2%2Fapis%2F${ApiId}`,
    },
  ]);
  expect(of(integrationOf()).map(({ resource }) => resource)).toEqual([
    'arn:aws:apigateway:eu-west-1::/apis/*/integrations/*',
    'arn:aws:apigateway:eu-west-1::/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A%2Fv2%2Fapis%2F*',
  ]);
});
