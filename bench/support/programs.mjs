import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian keeps servers where only root's PATH looks. */
export const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

export function isInstalled(program) {
  return spawnSync(program, ['-v'], { stdio: 'ignore', env: ENVIRONMENT }).error === undefined;
}

/** Name and number, from what `program -v` prints. */
export function versionOf(program) {
  const { stdout, stderr } = spawnSync(program, ['-v'], { encoding: 'utf8', env: ENVIRONMENT });
  return /^\w+\D*[\d.]+/.exec(`${stdout}${stderr}`)?.[0];
}

/** A directory that goes when this process does. */
export function temporaryDirectory() {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A server in the foreground, known by what it logs on stderr. */
export function startServer(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: ENVIRONMENT });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let log = '';
  let onLog = () => {};
  child.stderr.on('data', (chunk) => {
    log += chunk;
    onLog();
  });
  child.once('exit', () => onLog());
  return {
    usage: () => usageOf(child.pid),
    /** The first match of what it logs. */
    logged(pattern) {
      return new Promise((resolve, reject) => {
        onLog = () => {
          const match = pattern.exec(log);
          if (match !== null) resolve(match);
          else if (child.exitCode !== null) reject(new Error(`${program} ended:\n${log.slice(-2000)}`));
        };
        onLog();
      });
    },
    stop: async () => {
      process.off('exit', kill);
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Ticks of /proc in a second, on every Linux that Node runs on. */
const TICKS = 100;

/** What a running process has used so far: its peak of resident memory in MB (10^6 octets), and seconds of CPU. */
function usageOf(pid) {
  if (!existsSync(`/proc/${pid}/status`)) return {};
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  // The second field, the program's name, may hold blanks; user and system time are fields 14 and 15.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return { peak: (Number(kibibytes) * 1024) / 1e6, cpu: (Number(fields[11]) + Number(fields[12])) / TICKS };
}

export async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
