import { describe, expect, it } from 'vitest';

import { RR, typeCode, typeName } from './rr-types.ts';

describe('typeCode', () => {
  it.each([
    { mnemonic: 'A', code: 1 },
    { mnemonic: 'https', code: 65 },
    { mnemonic: 'NSAP-PTR', code: 23 },
    { mnemonic: 'TYPE1', code: 1 },
    { mnemonic: 'type65535', code: 65_535 },
    { mnemonic: 'TYPE65536', code: undefined },
    { mnemonic: 'TYPE', code: undefined },
    { mnemonic: 'TYPE-1', code: undefined },
    { mnemonic: 'constructor', code: undefined },
  ])('reads $mnemonic as $code', ({ mnemonic, code }) => {
    expect(typeCode(mnemonic)).toBe(code);
  });
});

describe('typeName', () => {
  it('names every known type, and the others by number', () => {
    for (const [mnemonic, code] of Object.entries(RR)) expect(typeName(code)).toBe(mnemonic);
    expect(typeName(731)).toBe('TYPE731');
  });

  it('is undone by typeCode for all 65,536 types', () => {
    const codes = Array.from({ length: 0x1_0000 }, (_, code) => code);
    expect(codes.filter((code) => typeCode(typeName(code)) !== code)).toEqual([]);
  });
});
