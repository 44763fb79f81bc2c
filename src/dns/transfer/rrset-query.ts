import { RRsetDraft } from '../rrset-draft.ts';
import type { RRset } from '../types.ts';
import { FLAG } from '../wire/protocol.ts';
import { AnswerReader, type AnswerSink, type Asked } from './answer.ts';
import { truncated } from './errors.ts';
import type { ServerOptions } from './options.ts';
import { inquire, openSession } from './session.ts';

/**
 * Asks a resolver or an authoritative server for one RRset, over TCP and with recursion desired.
 *
 * @param name text as in a master file, or wire form (`WireName`).
 * @returns nothing where the server says that there is no such name or no such type at it, an alias included.
 * @throws TransferError for any other answer and for none; DnsSyntaxError for a name or key name that is none.
 */
export async function queryRRset(options: ServerOptions, name: string, type: number): Promise<RRset | undefined> {
  const { result } = await inquire(openSession(options, name, 'The answer for'), {
    type,
    stage: 'rrset',
    retries: { 'transfer-truncated': 1 },
    extras: { flags: FLAG.RD },
    open: openRRsetSink,
  });
  return result;
}

function openRRsetSink(asked: Asked): AnswerSink<RRset | undefined> {
  const { zone: name, type } = asked;
  const answers = new AnswerReader({ ...asked, mayBeNothing: true });
  const draft = new RRsetDraft({ name, type });
  let hasAnswer = false;
  return {
    records: 0,
    take(bytes) {
      const { message } = answers.read(bytes);
      for (const record of message.answers) if (record.type === type && record.name === name) draft.add(record);
      hasAnswer = true;
      return 'done';
    },
    finish() {
      if (!hasAnswer) throw truncated();
      return draft.build();
    },
  };
}
