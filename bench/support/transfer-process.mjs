// A process of its own for one transfer, so that its peak of memory is that of the transfer: node transfer-process.mjs ZONE PORT
import { transferZone } from 'trueup/dns';

const [zone, port] = process.argv.slice(2);
const { seconds, records, zone: built } = await transferZone({ zone, host: '127.0.0.1', port: Number(port) });
const sets = built.rrsets.length;
process.stdout.write(JSON.stringify({ seconds, records, sets, peak: (process.resourceUsage().maxRSS * 1024) / 1e6 }));
