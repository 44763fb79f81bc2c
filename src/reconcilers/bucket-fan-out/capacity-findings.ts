import type { Estate, Place, Unknown } from '../../engine/types.ts';
import type { Capacity } from '../../resources/function-capacity.ts';
import { LEAST_UNRESERVED } from '../../resources/function-capacity.ts';
import { figure } from '../../fan-out/figures.ts';
import type { Judgement } from './looking.ts';
import { homeOf, KIND } from './places.ts';
import type { BucketFanOut } from './places.ts';

/** What all fan-outs of a place reserve, held against what its account has. */
export function capacityFindings(place: Place, estate: Estate, capacity: Capacity | Unknown): readonly Judgement[] {
  const sum = reservedAt(place, estate);
  const where = `account ${place.account} in ${place.region}`;
  if (capacity.state === 'unknown') {
    return [
      {
        code: 'concurrency-not-checked',
        severity: 'info',
        message: `fan-outs reserve ${figure(sum)} concurrent executions; how many ${where} has could not be seen (${capacity.detail})`,
        hint: 'allow lambda:GetAccountSettings to the plan role, or look yourself: aws lambda get-account-settings',
      },
    ];
  }
  const most = Math.max(0, capacity.limit - LEAST_UNRESERVED);
  if (sum > most) {
    return [
      {
        code: 'concurrency-exceeded',
        severity: 'blocks',
        message: `fan-outs reserve ${figure(sum)} concurrent executions of ${where}, which has ${figure(capacity.limit)} and must leave ${LEAST_UNRESERVED} unreserved`,
        hint: `lower spec.concurrency, which counts for each destination, or ask AWS for a higher quota`,
      },
    ];
  }
  return [
    {
      code: 'concurrency-reserved',
      severity: 'info',
      message: `fan-outs reserve ${figure(sum)} of the ${figure(capacity.limit)} concurrent executions of ${where}`,
      data: { reserved: sum, limit: capacity.limit, unreserved: capacity.unreserved },
    },
  ];
}

function reservedAt({ account, region }: Place, estate: Estate): number {
  return (estate.documents(KIND) as readonly BucketFanOut[])
    .filter((one) => {
      const home = homeOf(one, estate);
      return home.account === account && home.region === region;
    })
    .reduce((sum, { spec }) => sum + spec.concurrency * spec.destinations.length, 0);
}
