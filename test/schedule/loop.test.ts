import { describe, expect, it } from 'vitest';
import { EC2Client, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { createEstate } from '../support/estate.ts';
import { renderPlan } from '../../src/report/render.ts';

describe('an instance schedule', () => {
  it('is planned and applied', async () => {
    const estate = await createEstate();
    const ids = estate.account.putInstances(
      [
        { type: 'm5.large', tags: { team: 'data', Name: 'etl-1' }, state: 'running' },
        { type: 'm5.large', tags: { EntScheduler: 'mon,tue,wed,thu,fri;0830;mon,tue,wed,thu,fri;1700;' }, state: 'stopped' },
        { type: 'm5.large', tags: { EntScheduler: 'nonsense' }, state: 'stopped' },
      ],
      { region: 'eu-west-1' },
    );
    estate.write('office.yaml', `
apiVersion: trueup/v1
kind: InstanceSchedule
metadata: { name: office-hours }
spec:
  schedules:
    london-office:
      timezone: Europe/London
      periods: [{ days: mon-fri, on: "08:30", off: "18:00" }]
  assign:
    - { select: { tags: { team: data } }, schedule: london-office }
`);
    const plan = await estate.plan();
    console.log(renderPlan(plan, { format: 'text', color: false, unicode: true, width: 80 } as never));
    const result = await estate.apply(plan);
    console.log(JSON.stringify(result.failed), result.outcome);
    const again = await estate.plan();
    console.log(JSON.stringify(again.actions));
    const name = await estate.functionName('Scheduler', 'office-hours');
    console.log(JSON.stringify(await estate.account.invoke(name, { action: 'look', document: 'InstanceSchedule/office-hours' }, { region: 'eu-west-1' })));
    await estate.account.advance(8 * 3600_000 + 15 * 60_000);
    const client = estate.account.client(EC2Client, { region: 'eu-west-1' });
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({ InstanceIds: [...ids] }));
    console.log(JSON.stringify(Reservations.flatMap((r) => r.Instances ?? []).map((i) => [i.InstanceId, i.State?.Name, i.Tags])));
    expect(result.outcome).toBe('applied');
  });
});
