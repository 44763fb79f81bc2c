import { describe, expect, it } from 'vitest';
import { policyOf } from './policy.ts';
import { charactersOf, MOST_CHARACTERS } from './size.ts';
import { grantOf, statementsOf } from './statements.ts';

const KEYS = 'arn:aws:kms:eu-west-1:111122223333:key/*';
const ENCRYPTED_FOR = 'kms:EncryptionContext:aws:s3:arn';

function decrypt(pattern: string, via = 's3.eu-west-1.amazonaws.com') {
  return grantOf({
    action: 'kms:Decrypt',
    resource: KEYS,
    context: { 'kms:ViaService': via, [ENCRYPTED_FOR]: pattern },
  });
}

describe('what a key may be used for', () => {
  it('is one statement for all buckets of a region', () => {
    const statements = statementsOf([
      decrypt('arn:aws:s3:::b'),
      decrypt('arn:aws:s3:::a/*'),
      decrypt('arn:aws:s3:::a/*'),
      decrypt('arn:aws:s3:::c', 's3.us-east-1.amazonaws.com'),
    ]);
    expect(statements.map(({ Condition }) => Condition)).toStrictEqual([
      {
        StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
        StringLike: { [ENCRYPTED_FOR]: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b'] },
      },
      {
        StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' },
        StringLike: { [ENCRYPTED_FOR]: 'arn:aws:s3:::c' },
      },
    ]);
  });

  it('has room in a managed policy, however many buckets there are', () => {
    const patterns = Array.from({ length: 60 }, (_, index) => `arn:aws:s3:::${String(index).padStart(63, 'b')}`);
    const statements = statementsOf(patterns.flatMap((arn) => [decrypt(arn), decrypt(`${arn}/*`)]));
    expect(statements.every((one) => charactersOf(policyOf([one])) < MOST_CHARACTERS)).toBe(true);
    const told = statements.flatMap(({ Condition }) => Condition?.['StringLike']?.[ENCRYPTED_FOR] ?? []);
    expect(told).toHaveLength(120);
    expect(new Set(told).size).toBe(120);
  });
});
