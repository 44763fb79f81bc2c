import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';

describe('many calls, one after the other', () => {
  it('leave timers their turn: a lease can be renewed', async () => {
    const account = openEmbedded('memory');
    const client = account.client(IAMClient, { region: 'us-east-1' });
    let beats = 0;
    const heart = setInterval(() => (beats += 1), 1);
    onTestFinished(() => {
      clearInterval(heart);
      account.close();
    });

    for (let call = 0; call < 1_000; call += 1) await client.send(new ListRolesCommand({}));

    expect(beats).toBeGreaterThanOrEqual(5);
  });
});
