/** A piece of an expression. */
export type Token =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'name'; readonly text: string }
  | { readonly type: 'mark'; readonly text: string };

const MARK = /^(?:==|!=|<=|>=|&&|\|\||[!<>()[\].,*])/;
const NAME = /^[A-Za-z_][\w-]*/;
const NUMBER = /^[-+]?(?:0x[0-9a-fA-F]+|0o[0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/;
const STRING = /^'((?:[^']|'')*)'/;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** @throws SyntaxError */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const [token, length] = next(rest, tokens.at(-1));
    tokens.push(token);
    rest = rest.slice(length).trimStart();
  }
  return tokens;
}

function next(text: string, before: Token | undefined): readonly [Token, number] {
  const quoted = STRING.exec(text);
  if (quoted) return [{ type: 'literal', value: quoted[1]!.replaceAll("''", "'") }, quoted[0].length];
  const isMember = before?.type === 'mark' && before.text === '.';
  const number = isMember ? null : NUMBER.exec(text);
  if (number) return [{ type: 'literal', value: Number(number[0]) }, number[0].length];
  const name = NAME.exec(text)?.[0];
  if (name !== undefined) {
    const word = isMember ? undefined : WORDS[name];
    return [word === undefined ? { type: 'name', text: name } : { type: 'literal', value: word }, name.length];
  }
  const mark = MARK.exec(text)?.[0];
  if (mark === undefined) throw new SyntaxError(`expression: unexpected ${text.slice(0, 10)}`);
  return [{ type: 'mark', text: mark }, mark.length];
}
