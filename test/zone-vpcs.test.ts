import { expect, it } from 'vitest';
import type { Fault } from '../src/embedded/index.ts';
import { createEstate, mirror } from './support/estate.ts';

const VPC = 'vpc-0a11bb22cc33dd44e';
const DENIED: Fault = { service: 'ec2', command: 'DescribeVpcAttribute', times: 9, fault: 'access-denied' };

it.each([
  { reason: 'there', made: true, faults: [], expected: [] },
  { reason: 'missing', made: false, faults: [], expected: [['no-such-vpc', 'warning']] },
  { reason: 'not to be seen', made: true, faults: [DENIED], expected: [['vpc-not-checked', 'info']] },
])('the VPC of a private zone without a network is $reason: $expected', async ({ made, faults, expected }) => {
  const estate = await createEstate({ faults });
  if (made) estate.account.inventNetwork({ vpcs: [VPC] }, { account: '111122223333', region: 'eu-west-1' });
  estate.serve('corp.test', 5, 'www A 10.0.0.1');
  estate.write('corp.yaml', mirror(estate));

  const plan = await estate.plan();
  const [document] = plan.documents;
  const found = document!.findings.filter(({ code }) => code.includes('vpc'));
  expect(found.map(({ code, severity }) => [code, severity])).toEqual(expected);
  for (const { message } of found) expect(message).toContain(VPC);

  // What is not changed is not asked for.
  await estate.apply();
  const after = await estate.plan();
  expect(after.documents[0]!.findings.filter(({ code }) => code.includes('vpc'))).toEqual([]);
});
