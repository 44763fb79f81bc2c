import { DnsSyntaxError } from './errors.ts';
import { scanEntries } from './master-file/entries.ts';
