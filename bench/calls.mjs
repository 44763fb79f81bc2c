// Calls to AWS of one mirror with 10,000 record sets, counted by the embedded account.
import { openEstate } from './support/estate.mjs';
import { table } from './support/figures.mjs';

const SETS = 10_000;
/** Largest page of ListResourceRecordSets. */
const PAGE = 300;
/** Apex SOA and NS, and the address of ns1. */
const FRAME = 3;

export async function callsBench() {
  const origin = 'corp.example';
  const estate = await openEstate({ [origin]: bodyOf(0) });
  const rows = [['run', 'calls']];
  const count = async (what, run) => {
    const before = estate.calls();
    await run();
    rows.push([what, estate.calls() - before]);
  };
  await count('first plan, nothing there yet', () => estate.plan());
  await count(`first apply of ${SETS} sets, with the plan before and after`, () => estate.apply());
  await count('plan, serial not moved', () => estate.plan());
  await count('plan --full, nothing changed', () => estate.plan({ full: true }));
  await count('drift, nothing changed', () => estate.drift());
  await estate.serve({ [origin]: bodyOf(10) });
  await count('plan, 10 sets changed', () => estate.plan());
  await count('apply of 10 changed sets, with the plan before and after', () => estate.apply());
  await estate.close();
  return `${table(rows)}\n\nA listing of ${SETS} sets is ${Math.ceil(SETS / PAGE)} calls (300 a page).`;
}

function bodyOf(changed) {
  const lines = [];
  for (let index = 0; index < SETS - FRAME; index += 1) {
    lines.push(`host-${index} A 10.${index < changed ? 1 : 0}.${index >> 8}.${index & 255}`);
  }
  return lines.join('\n');
}
