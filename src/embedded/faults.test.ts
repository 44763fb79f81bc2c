import { describe, expect, it } from 'vitest';
import { serviceError } from './errors.ts';
import { EnvironmentKilled, FaultPlan, latencyOf, parseFaults } from './faults.ts';
import type { Fault } from './faults.ts';
import { answerOf } from './lambda/worker-calls.ts';

const ONE = { service: 'route-53', command: 'GetChange', fault: 'throttle' } as const;

describe('parseFaults', () => {
  it('reads the contract’s JSON', () => {
    const fault = { service: 'route-53', command: 'ChangeResourceRecordSets', nth: 2, times: 3, fault: 'latency:250' };

    expect(parseFaults(JSON.stringify([fault]))).toEqual([fault]);
    expect(parseFaults(JSON.stringify([ONE]))).toEqual([{ ...ONE, nth: 1, times: 1 }]);
    expect(latencyOf('latency:250')).toBe(250);
  });

  it.each([
    ['not JSON', '[', /not JSON/],
    ['no array', '{}', /JSON array/],
    ['no object', '[1]', /entry 0 must be an object/],
    ['no service', JSON.stringify([{ ...ONE, service: '' }]), /entry 0: service/],
    ['no command', JSON.stringify([ONE, { ...ONE, command: undefined }]), /entry 1: command/],
    ['nth 0', JSON.stringify([{ ...ONE, nth: 0 }]), /entry 0: nth/],
    ['times 1.5', JSON.stringify([{ ...ONE, times: 1.5 }]), /entry 0: times/],
    ['an unknown fault', JSON.stringify([{ ...ONE, fault: 'explode' }]), /throttle, server-error, .*latency:MS/],
    [
      'an error in a body that has none',
      JSON.stringify([{ service: 's3', command: 'PutObject', fault: 'error-in-body' }]),
      /entry 0: error-in-body is known of s3 .*CopyObject/,
    ],
    ['latency without milliseconds', JSON.stringify([{ ...ONE, fault: 'latency:' }]), /entry 0: fault/],
    ['an unknown field', JSON.stringify([{ ...ONE, ntn: 2 }]), /unknown field "ntn"/],
  ])('TU4014: %s', (_what, json, message) => {
    expect(() => parseFaults(json)).toThrow(
      expect.objectContaining({ code: 'TU4014', message: expect.stringMatching(message) }),
    );
  });
});

describe('faults that kill a function', () => {
  it.each(['kill-before', 'kill-after'] as const)(
    '%s is read, and strikes and counts calls of functions alone',
    (fault) => {
      const [read] = parseFaults(JSON.stringify([{ ...ONE, nth: 2, fault }]));
      expect(read).toEqual({ ...ONE, nth: 2, times: 1, fault });
      const plan = new FaultPlan([read!]);
      const strike = (isOfFunction: boolean) => plan.strike('route-53', 'GetChange', isOfFunction);
      expect([false, true, false, true, true].map(strike)).toEqual([undefined, undefined, undefined, fault, undefined]);
    },
  );

  it.each([
    ['a kill', new EnvironmentKilled('PutObject'), undefined],
    ['any other error', serviceError('Throttling', 'slow down', { status: 400 }), 'refusal'],
  ] as const)('is heard by the function as nothing at all, unlike a refusal: %s', async (_what, error, kind) => {
    const host = { answer: () => Promise.reject(error) };
    const request = { service: 'S3', command: 'PutObject', input: {}, accessKeyId: 'ASIA', region: 'eu-west-1' };
    expect((await answerOf(host, { kind: 'call', id: 1, request }))?.kind).toBe(kind);
  });
});

describe('FaultPlan', () => {
  function strikes(fault: Partial<Fault>, calls: readonly (readonly [string, string])[]) {
    const plan = new FaultPlan([{ ...ONE, ...fault }]);
    return calls.map(([service, command]) => plan.strike(service, command) !== undefined);
  }
  const change = ['route-53', 'GetChange'] as const;
  const other = ['route-53', 'GetHostedZone'] as const;

  it.each<[string, Partial<Fault>, readonly (readonly [string, string])[], readonly boolean[]]>([
    ['once, at first', {}, [change, change], [true, false]],
    [
      'from the nth matching call',
      { nth: 2, times: 2 },
      [change, other, change, change, change],
      [false, false, true, true, false],
    ],
    ['any command', { command: '*', nth: 2 }, [change, other], [false, true]],
    ['any service', { service: '*' }, [['sts', 'GetChange'], change], [true, false]],
    ['a service in any spelling', { service: 'Route53' }, [change], [true]],
    ['no other service', {}, [['ssm', 'GetChange']], [false]],
  ])('strikes %s', (_what, fault, calls, expected) => {
    expect(strikes(fault, calls)).toEqual(expected);
  });

  it('counts for every fault and lets the first strike', () => {
    const plan = new FaultPlan([ONE, { ...ONE, fault: 'server-error', nth: 1, times: 2 }]);

    expect([1, 2, 3].map(() => plan.strike('route-53', 'GetChange'))).toEqual(['throttle', 'server-error', undefined]);
  });
});
