import { expect, it } from 'vitest';
import { bucketRegionIn } from './bucket-region.ts';

function answer(name: string, fields: object): Error {
  return Object.assign(new Error('moved'), { name, ...fields });
}

it.each<[string, Error, string | undefined]>([
  [
    'a header',
    answer('PermanentRedirect', { $response: { headers: { 'x-amz-bucket-region': 'eu-central-1' } } }),
    'eu-central-1',
  ],
  ['an endpoint', answer('PermanentRedirect', { Endpoint: 'a.b.s3.eu-central-1.amazonaws.com' }), 'eu-central-1'],
  ['an old endpoint', answer('PermanentRedirect', { Endpoint: 'a.s3-us-west-2.amazonaws.com' }), 'us-west-2'],
  ['a region', answer('AuthorizationHeaderMalformed', { Region: 'ap-south-1' }), 'ap-south-1'],
  ['a status', answer('Unknown', { $metadata: { httpStatusCode: 301 }, Region: 'ap-south-1' }), 'ap-south-1'],
  ['nothing of it', answer('PermanentRedirect', {}), undefined],
  ['something else', answer('AccessDenied', { Region: 'ap-south-1' }), undefined],
])('a bucket elsewhere is told by %s', (_what, error, region) => {
  expect(bucketRegionIn(error)).toBe(region);
});
