import { describe, expect, it } from 'vitest';
import common from '../../schemas/common.schema.json' with { type: 'json' };

const REGION = new RegExp(common.$defs.region.pattern, 'u');

describe('a region', () => {
  // One of each form that AWS has, in all partitions (AWS General Reference, "Regional endpoints").
  it.each([
    'us-east-1',
    'eu-north-1',
    'ap-southeast-5',
    'ap-northeast-3',
    'ca-west-1',
    'mx-central-1',
    'cn-northwest-1',
    'us-gov-west-1',
    'us-iso-east-1',
    'us-isob-east-1',
    'us-isof-south-1',
    'eu-isoe-west-1',
    'eusc-de-east-1',
  ])('may be %s', (region) => {
    expect(region).toMatch(REGION);
  });

  it.each(['eu-wst-1', 'us-est-1', 'ap-southest-2', 'eu-central', 'eu-west-1a', 'west-1', 'us-northcentral-1'])(
    'is not %s',
    (region) => {
      expect(region).not.toMatch(REGION);
    },
  );
});
