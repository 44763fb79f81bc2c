import { expect, it } from 'vitest';

import { RR } from '../src/dns/rr-types.ts';
import { frame } from '../src/dns/wire/frames.ts';
import type { Configuration } from '../src/runtime/zone-mirror/configuration.ts';
import { resolverOf } from '../src/runtime/zone-mirror/serial-memory.ts';
import { startScriptedPrimary } from './support/scripted-primary.ts';
import { reply } from './support/wire.ts';

it('a name server that fails is named, and is not called the primary', async () => {
  const server = await startScriptedPrimary((query) => [frame(reply(query, [], { flags: 0x8182 }))]);
  const nameServer = `${server.host}:${server.port}`;
  const resolver = resolverOf({ document: { spec: {} }, nameServer } as unknown as Configuration);

  await expect(resolver?.('www.z.test', RR.A)).rejects.toThrow(
    `asked the hosted zone's name server: The answer for www.z.test. did not arrive from ${nameServer}: the server answers SERVFAIL.`,
  );
  await server.close();
});
