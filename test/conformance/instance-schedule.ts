import type { KindSamples } from './samples.ts';

const NAMES = ['corp', 'other', 'third', 'renamed', 'moved'];

/** A function with role and log, what starts it, its alarm, and the tags of instances in two regions. */
export const instanceScheduleSamples: KindSamples = {
  start: async () => ({
    samples: {
      prepare(account) {
        for (const region of ['eu-west-1', 'eu-central-1']) {
          const instances = NAMES.flatMap((app, index) => [
            { id: idOf(region, index, 0), type: 'm5.large', tags: { app } },
            { id: idOf(region, index, 1), type: 'm5.large', tags: { app, [`Schedule ${app}`]: 'mon;0700;fri;1800;' } },
          ]);
          account.putInstances(instances, { region });
        }
      },

      document: (name) => `
apiVersion: trueup/v1
kind: InstanceSchedule
metadata: { name: ${name} }
spec:
  regions: [eu-west-1, eu-central-1]
  tagKey: Schedule ${name}
  every: rate(10 minutes)
  schedules:
    office: { timezone: Europe/London, periods: [{ days: mon-fri, on: "08:30", off: "18:00" }] }
    nights: { timezone: Europe/London, periods: [{ days: mon-fri, on: "21:00", off: "05:00" }] }
  assign:
    - { select: { tags: { app: ${name} } }, schedule: office, override: true }
  function: { memory: 256, timeout: 5m, logRetention: 30d }
`,

      edits: {
        schedule: {
          edit: (yaml) => yaml.replace('rate(10 minutes)', 'rate(5 minutes)'),
          moves: ['AWS::Events::Rule.ScheduleExpression', 'AWS::Lambda::Function.Environment'],
        },
        function: {
          edit: (yaml) => yaml.replace('memory: 256, timeout: 5m', 'memory: 512, timeout: 4m, reservedConcurrency: 3'),
          moves: [
            'AWS::Lambda::Function.MemorySize',
            'AWS::Lambda::Function.Timeout',
            'AWS::Lambda::Function.ReservedConcurrentExecutions',
          ],
        },
        'log retention': {
          edit: (yaml) => yaml.replace('logRetention: 30d', 'logRetention: 90d'),
          moves: ['AWS::Logs::LogGroup.RetentionInDays'],
        },
        assignment: {
          edit: (yaml) => yaml.replace('schedule: office, override', 'schedule: nights, override'),
          moves: ['Trueup::EC2::ScheduledInstances.Tags'],
        },
      },
      unmoved: {},
    },
    end: async () => {},
  }),
};

function idOf(region: string, document: number, instance: number): string {
  return `i-0${region === 'eu-west-1' ? 'a' : 'b'}${document}${instance}11bb22cc33dd4`;
}
