import type { Estate, Place } from '../../engine/types.ts';
import { figure } from '../../fan-out/figures.ts';
import { LEAST_UNRESERVED } from '../../resources/function-capacity.ts';
import type { Readers } from '../readers.ts';
import { fanOutDocument } from './function-document.ts';
import type { Judgement } from './looking.ts';
import { homeOf, KIND, targetsOf } from './places.ts';
import type { BucketFanOut } from './places.ts';

/** What all fan-outs of a place reserve, held against what its account has and others there have not reserved. */
export async function capacityFindings(
  place: Place,
  estate: Estate,
  readers: Pick<Readers, 'capacity' | 'reserved'>,
): Promise<readonly Judgement[]> {
  const documents = fanOutsAt(place, estate);
  const sum = documents.reduce((all, { spec }) => all + spec.concurrency * spec.destinations.length, 0);
  const where = `account ${place.account} in ${place.region}`;
  const [capacity, held] = await Promise.all([
    readers.capacity(place),
    Promise.all(documents.map((document) => heldBy(document, place, estate, readers.reserved))),
  ]);
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
  const { limit, unreserved } = capacity;
  // What functions of others reserve, and those of destinations that are to go: they go after the others are made.
  const others = Math.max(0, limit - unreserved - held.reduce((all, one) => all + one, 0));
  const data = { reserved: sum, limit, unreserved, others };
  if (sum > Math.max(0, limit - others - LEAST_UNRESERVED)) {
    const taken = others === 0 ? '' : `, of which other functions reserve ${figure(others)},`;
    return [
      {
        code: 'concurrency-exceeded',
        severity: 'blocks',
        message: `fan-outs reserve ${figure(sum)} concurrent executions of ${where}, which has ${figure(limit)}${taken} and must leave ${LEAST_UNRESERVED} unreserved`,
        hint: `lower spec.concurrency, which counts for each destination, or ask AWS for a higher quota`,
        data,
      },
    ];
  }
  return [
    {
      code: 'concurrency-reserved',
      severity: 'info',
      message: `fan-outs reserve ${figure(sum)} of the ${figure(limit)} concurrent executions of ${where}${others === 0 ? '' : `; other functions reserve ${figure(others)}`}`,
      data,
    },
  ];
}

function fanOutsAt({ account, region }: Place, estate: Estate): readonly BucketFanOut[] {
  return (estate.documents(KIND) as readonly BucketFanOut[]).filter((one) => {
    const home = homeOf(one, estate);
    return home.account === account && home.region === region;
  });
}

/** What a document's functions have reserved already. One that cannot be asked counts as having what it is to have. */
async function heldBy(
  document: BucketFanOut,
  place: Place,
  estate: Estate,
  reserved: Readers['reserved'],
): Promise<number> {
  const held = await Promise.all(
    targetsOf(document, estate).map(async (target) => {
      const found = await reserved(place, fanOutDocument(document, estate, target).functionName);
      return typeof found === 'number' ? found : document.spec.concurrency;
    }),
  );
  return held.reduce((all, one) => all + one, 0);
}
