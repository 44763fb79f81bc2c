// Loaded before a program (`node --import`): at its end one line on stderr says what it took.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    // maxRSS is in kilobytes (Node: process.resourceUsage), times are in microseconds.
    process.stderr.write(JSON.stringify({ peak: maxRSS / 1e3, cpu: (userCPUTime + systemCPUTime) / 1e6 }));
  });
}
