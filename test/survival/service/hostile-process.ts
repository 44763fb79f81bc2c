import { ask } from './ask.ts';
import { HOSTILE } from './hostile-bodies.ts';

/** Asks for every hostile body, one after the other, and tells the most memory that this process ever had. */
const statuses = HOSTILE.map(({ make, delivery }) => ask(make(), delivery).status);
process.stdout.write(JSON.stringify({ statuses, kibibytes: process.resourceUsage().maxRSS }));
