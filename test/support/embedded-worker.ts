/**
 * A process that writes into an embedded account, bundled and spawned by test/embedded/processes.test.ts:
 * `FILE NAME COUNT`. It prints each name when it is written, and ends itself if TRUEUP_FAULTS says so.
 */
import { writeSync } from 'node:fs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { openEmbedded, parseFaults } from '../../src/embedded/index.ts';

const [file, name, count] = process.argv.slice(2);
const faults = parseFaults(process.env['TRUEUP_FAULTS'] ?? '[]');
const account = openEmbedded(file, { faults });
const client = account.client(SSMClient, { region: 'eu-west-1' });
for (let index = 0; index < Number(count); index += 1) {
  const Name = `/${name}/${index}`;
  await client.send(new PutParameterCommand({ Name, Value: 'x'.repeat(2000), Type: 'String' }));
  writeSync(1, `${Name}\n`);
}
account.close();
