import { describe, expect, it } from 'vitest';
import type { Target } from '../../engine/types.ts';
import type { MirrorAnswer } from './function-contract.ts';
import { mirrorThrough } from './mirror-through.ts';
import type { RecordSetsProperties } from './types.ts';

const TARGET = { properties: { Rules: { Mode: 'live' } } } as Target<RecordSetsProperties>;

function through(answer: MirrorAnswer): Promise<void> {
  const remote = { compare: () => Promise.reject(new Error('only mirrors')), mirror: () => Promise.resolve(answer) };
  return mirrorThrough(remote, TARGET, []);
}

describe('mirroring through the function', () => {
  it.each(['mirrored', 'unchanged'] as const)('is done when it answers %s', async (outcome) => {
    await expect(through({ outcome, document: 'ZoneMirror/corp' })).resolves.toBeUndefined();
  });

  it('fails with what blocked the function, and what to do about it', async () => {
    const findings = [
      { code: 'dname', severity: 'warning', message: 'a DNAME is not mirrored' },
      { code: 'deletes', severity: 'blocks', message: 'it would lose 25 of 31', hint: 'raise spec.guards.deletes' },
    ];

    await expect(through({ outcome: 'blocked', document: 'ZoneMirror/corp', findings })).rejects.toThrow(
      'the function did not mirror (blocked): it would lose 25 of 31; raise spec.guards.deletes',
    );
  });

  it('points to the log where nothing else is said', async () => {
    await expect(through({ outcome: 'failed', document: 'ZoneMirror/corp' })).rejects.toThrow('its log says why');
  });
});
