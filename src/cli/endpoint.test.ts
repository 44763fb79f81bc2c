import { describe, expect, it } from 'vitest';
import { parseEndpoint, readClock } from './endpoint.ts';

describe('--endpoint', () => {
  it.each([
    { flag: undefined, environment: {}, wanted: { kind: 'aws' } },
    { flag: 'embedded', environment: { TRUEUP_NOW: 'x' }, wanted: { kind: 'embedded', file: undefined } },
    { flag: 'embedded:a/b.json', environment: {}, wanted: { kind: 'embedded', file: 'a/b.json' } },
    { flag: 'http://127.0.0.1:4566', environment: {}, wanted: { kind: 'url', url: 'http://127.0.0.1:4566' } },
    { flag: 'https://emulator.example', environment: {}, wanted: { kind: 'url', url: 'https://emulator.example' } },
    {
      flag: undefined,
      environment: { AWS_ENDPOINT_URL: 'http://localhost:4566' },
      wanted: { kind: 'url', url: 'http://localhost:4566' },
    },
  ])('$flag with $environment', ({ flag, environment, wanted }) => {
    expect(parseEndpoint(flag, environment)).toEqual(wanted);
  });

  it.each([
    { reason: 'http elsewhere', flag: 'http://emulator.example', environment: {} },
    { reason: 'a host that only looks like loopback', flag: 'http://127.0.0.1.example', environment: {} },
    { reason: 'no URL', flag: 'embeded', environment: {} },
    {
      reason: 'an ambient endpoint elsewhere',
      flag: undefined,
      environment: { AWS_ENDPOINT_URL: 'https://evil.example' },
    },
    {
      reason: 'an ambient endpoint of one service',
      flag: undefined,
      environment: { AWS_ENDPOINT_URL_STS: 'https://evil.example' },
    },
    { reason: 'a turned clock at AWS', flag: undefined, environment: { TRUEUP_NOW: '2026-01-01T00:00:00Z' } },
    { reason: 'faults at AWS', flag: undefined, environment: { TRUEUP_FAULTS: '[]' } },
    { reason: 'a plan of deliveries at AWS', flag: undefined, environment: { TRUEUP_DELIVERY: '{}' } },
    { reason: 'faults at an emulator', flag: 'http://127.0.0.1:1', environment: { TRUEUP_FAULTS: '[]' } },
  ])('T75 refuses $reason', ({ flag, environment }) => {
    expect(() => parseEndpoint(flag, environment)).toThrow(expect.objectContaining({ exitCode: 64 }));
  });

  it('reads TRUEUP_NOW, or refuses it', () => {
    expect(readClock({ TRUEUP_NOW: '2026-11-24T10:00:00Z' })).toBe(Date.UTC(2026, 10, 24, 10));
    expect(() => readClock({ TRUEUP_NOW: 'tomorrow' })).toThrow(expect.objectContaining({ exitCode: 64 }));
  });
});
