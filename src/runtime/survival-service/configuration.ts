import { readFunctionDocument } from '../function-document.ts';

/** What the function is, read from its environment once. */
export interface Configuration {
  /** `SurvivalService/NAME`. */
  readonly document: string;
  readonly minEvents: number;
}

export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  return readFunctionDocument(environment) as Configuration;
}
