import { describe, expect, it } from 'vitest';
import type { Fault } from '../src/embedded/index.ts';
import { createEstate, mirror } from './support/estate.ts';
import type { TestEstate } from './support/estate.ts';

const BODY = 'ns1 A 10.0.0.1\nwww A 10.0.0.2\nvpn A 10.0.0.3';

async function estateWith(fault?: Fault): Promise<TestEstate> {
  const estate = await createEstate({ faults: fault ? [fault] : [] });
  estate.serve('corp.test', 5, BODY);
  estate.write('corp.yaml', mirror(estate));
  return estate;
}
it('probe', async () => {
  const estate = await estateWith();
  await estate.apply();
  const src = (e: string) => e.replace('.amazonaws.com', '');
  const w: Record<string, number> = {};
  for (const e of estate.account.events()) if (!e.readOnly) { const k = `${src(e.eventSource)} ${e.eventName}`; w[k] = (w[k] ?? 0) + 1; }
  console.log(w, estate.account.calls());
});
