import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import type { Rule } from '@aws-sdk/client-eventbridge';
import type { TestEstate } from './estate.ts';

const REGION = 'eu-west-1';

/** The rule of a document, by the beginning of its name; undefined: there is none. */
export async function ruleOf({ account }: TestEstate, prefix: string): Promise<Rule | undefined> {
  const client = account.client(EventBridgeClient, { region: REGION });
  return (await client.send(new ListRulesCommand({ NamePrefix: prefix }))).Rules?.[0];
}

export async function paceOf(estate: TestEstate, prefix: string): Promise<string | undefined> {
  return (await ruleOf(estate, prefix))?.ScheduleExpression;
}

/** Somebody sets the rule of a document to another pace. */
export async function setPace(estate: TestEstate, prefix: string, pace: string): Promise<void> {
  const { Name, Description } = (await ruleOf(estate, prefix)) ?? {};
  const client = estate.account.client(EventBridgeClient, { region: REGION });
  await client.send(new PutRuleCommand({ Name, Description, ScheduleExpression: pace, State: 'ENABLED' }));
}
