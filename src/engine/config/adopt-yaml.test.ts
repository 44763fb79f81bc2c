import { describe, expect, it } from 'vitest';
import { withAdopt } from './adopt-yaml.ts';

describe('metadata.adopt is put into a document', () => {
  it.each([
    ['a block', 'metadata:\n  name: corp\nspec: {}\n', 'metadata:\n  name: corp\n  adopt: true\nspec: {}\n'],
    [
      'a block with comments',
      '# head\nmetadata: # m\n    # above\n    name:   "corp"   # the name\n    # below\n    protect: true\n\nspec: {}\n',
      '# head\nmetadata: # m\n    # above\n    name:   "corp"   # the name\n    adopt: true\n    # below\n    protect: true\n\nspec: {}\n',
    ],
    [
      'a block whose name is not first',
      'metadata:\n  protect: true\n  name: corp\n',
      'metadata:\n  protect: true\n  name: corp\n  adopt: true\n',
    ],
    [
      'a block at the end of a file',
      'spec: {}\nmetadata:\n  name: corp',
      'spec: {}\nmetadata:\n  name: corp\n  adopt: true',
    ],
    [
      'a block with a name in lines',
      'metadata:\n  name: |-\n    corp\nx: 1\n',
      'metadata:\n  name: |-\n    corp\n  adopt: true\nx: 1\n',
    ],
    [
      'lines of another system',
      'metadata:\r\n  name: corp\r\nx: 1\r\n',
      'metadata:\r\n  name: corp\r\n  adopt: true\r\nx: 1\r\n',
    ],
    ['a flow', 'metadata: { name: corp } # c\n', 'metadata: { name: corp, adopt: true } # c\n'],
    ['a narrow flow', 'metadata: {name: corp}\n', 'metadata: {name: corp, adopt: true}\n'],
    [
      'a flow in lines',
      'metadata: {\n  name: corp, # c\n  protect: true,\n}\n',
      'metadata: {\n  name: corp, adopt: true, # c\n  protect: true,\n}\n',
    ],
    ['a flow that ends with a comma', 'metadata: { name: corp, }\n', 'metadata: { name: corp, adopt: true, }\n'],
    ['JSON', '{ "metadata": { "name": "corp" } }\n', '{ "metadata": { "name": "corp", "adopt": true } }\n'],
    [
      'a no',
      'metadata:\n  name: corp\n  adopt: false # not yet\n',
      'metadata:\n  name: corp\n  adopt: true # not yet\n',
    ],
    ['a no in a flow', 'metadata: { adopt: false, name: corp }\n', 'metadata: { adopt: true, name: corp }\n'],
    [
      'a no by reference',
      'x: &no false\nmetadata: { name: corp, adopt: *no }\ny: *no\n',
      'x: &no false\nmetadata: { name: corp, adopt: true }\ny: *no\n',
    ],
    [
      'an anchor',
      'metadata: &m\n  name: &n corp\nspec: { x: *n }\n',
      'metadata: &m\n  name: &n corp\n  adopt: true\nspec: { x: *n }\n',
    ],
  ])('in %s', (_, text, edited) => {
    const line = text.startsWith('#') ? 2 : 1;
    expect(withAdopt(text, line, 'corp')).toBe(edited);
  });

  it('in the one that begins in the line, of several', () => {
    const one = (name: string, more = '') => `kind: X # ${name}\nmetadata:\n  name: ${name}\n${more}`;
    const text = `${one('a')}---\n# b\n${one('b')}...\n---\n${one('c')}`;
    expect(withAdopt(text, 6, 'b')).toBe(`${one('a')}---\n# b\n${one('b', '  adopt: true\n')}...\n---\n${one('c')}`);
    expect(withAdopt(text, 1, 'a')).toBe(`${one('a', '  adopt: true\n')}---\n# b\n${one('b')}...\n---\n${one('c')}`);
    expect(withAdopt(text, 2, 'a')).toBeUndefined();
  });

  it.each([
    ['metadata by reference', 'x: &m { name: corp }\nmetadata: *m\n'],
    ['explicit keys', 'metadata:\n  ? name\n  : corp\n'],
    ['an answer that others refer to', 'metadata: { name: corp, adopt: &no false }\ny: *no\n'],
    ['a document of another name', 'metadata:\n  name: office\n'],
    ['no metadata', 'kind: X\n'],
    ['no YAML', 'metadata: {\n'],
  ])('but not in %s', (_, text) => {
    expect(withAdopt(text, 1, 'corp')).toBeUndefined();
  });
});
