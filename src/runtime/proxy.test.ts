import { describe, expect, it } from 'vitest';
import { isDirect } from './proxy.ts';

describe('isDirect', () => {
  it.each([
    ['api.corp.example.com', ['.corp.example.com'], true],
    ['API.Corp.Example.Com', ['.corp.example.com'], true],
    ['api.corp.example.com', ['*.corp.example.com'], true],
    ['corp.example.com', ['corp.example.com'], true],
    ['route53.amazonaws.com', ['*'], true],
    ['corp.example.com', ['.corp.example.com'], false],
    ['evilcorp.example.com', ['corp.example.com'], false],
    ['api.corp.example.com.evil.test', ['.corp.example.com'], false],
    ['route53.amazonaws.com', [], false],
  ])('%s beside %j is %s', (host, rules, direct) => {
    expect(isDirect(host, rules)).toBe(direct);
  });
});
