// A process of its own for one transfer, so that what it uses is what the transfer needs: node transfer-process.mjs ZONE PORT
import { transferZone } from 'trueup/dns';

const [zone, port] = process.argv.slice(2);
const { seconds, records } = await transferZone({ zone, host: '127.0.0.1', port: Number(port) });
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const usage = { peak: (maxRSS * 1024) / 1e6, cpu: (userCPUTime + systemCPUTime) / 1e6 };
process.stdout.write(JSON.stringify({ seconds, records, ...usage }));
