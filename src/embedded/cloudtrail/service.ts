import { read } from '../service.ts';
import type { Service } from '../service.ts';
import { throttling } from '../throttling.ts';
import { lookupEvents } from './lookup-events.ts';

/**
 * CloudTrail's event history: what everybody did, as one looks it up. Not modelled: trails, data events, Insights, what
 * services answered (`responseElements`), and lookups by access key.
 */
export const cloudtrail: Service = {
  eventSource: 'cloudtrail.amazonaws.com',
  actionPrefix: 'cloudtrail',
  deniedName: 'AccessDeniedException',
  secretFields: [],
  throttled: throttling,
  operations: {
    LookupEvents: read(lookupEvents),
  },
};
