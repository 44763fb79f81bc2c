import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ask } from './ask.ts';

const RUNS = { numRuns: process.env['TRUEUP_THOROUGH'] ? 20_000 : 2_000 };
const SIGNS = ['[', ']', '{', '}', ',', ':', '"', '\\', '0', '-', '.', 'e', 'n', 'u', ' ', '\n', '\u0001'];

/** Any value as JSON, as it is or with a sign put in place of another. */
const text = fc
  .tuple(fc.jsonValue({ maxDepth: 6 }), fc.option(fc.tuple(fc.nat(), fc.constantFrom(...SIGNS, ''))))
  .map(([value, change]) => {
    const whole = JSON.stringify(value);
    if (change === null) return whole;
    const at = change[0] % whole.length;
    return whole.slice(0, at) + change[1] + whole.slice(at + 1);
  });

it('a value of any kind is JSON to the service where it is to JSON.parse', () => {
  fc.assert(
    fc.property(text, (value) => {
      const body = `{"times":[1,2],"events":[1,0],"values_by_record":[[[${value}],1]]}`;
      const { status, message, list } = ask(body);

      if (isJson(body)) expect(message ?? '').not.toContain('is not JSON');
      // A sign may end the row: then its length is what is named.
      else expect(status).toBe(400);
      if (status === 200) expect(list).toMatchObject([{ status: 'invalid', error: 'value 0 is not a finite number' }]);
    }),
    RUNS,
  );
});

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
