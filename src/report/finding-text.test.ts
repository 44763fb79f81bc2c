import { describe, expect, it } from 'vitest';
import { hintLines } from './finding-text.ts';
import { createStyle } from './style.ts';

const style = createStyle({ width: 60, unicode: true, color: false });
const ARN = `arn:aws:iam::111122223333:role/${'long-'.repeat(20)}name`;

describe('hintLines', () => {
  it('leaves JSON as it can be copied, and breaks the words around it', () => {
    const policy = JSON.stringify({ Principal: { AWS: ARN }, Action: ['s3:PutObject'] }, null, 2);
    const hint = `into the policy of the bucket, after the apply that makes the role:\n${policy}\nand nothing else`;

    const lines = style.paint(hintLines(hint, 4, style)).split('\n');

    expect(lines.slice(0, 2)).toEqual([
      '    into the policy of the bucket, after the apply that',
      '    makes the role:',
    ]);
    expect(
      lines
        .slice(2, -2)
        .map((line) => line.slice(4))
        .join('\n'),
    ).toBe(policy);
    expect(lines.at(-2)).toBe('    and nothing else');
  });

  it('shows control characters in JSON', () => {
    expect(style.paint(hintLines('{\n  "a": "\u001b[31m"\n}', 0, style))).not.toContain('\u001b');
  });
});
