import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';

/** A real program that tests compare trueup with. */
type Counterpart = 'bind' | 'cfn-lint' | 'chromium' | 'curl' | 'r';

const NEEDS: Readonly<Record<Counterpart, { readonly present: () => boolean; readonly needs: string }>> = {
  bind: {
    present: hasBind,
    needs: 'needs BIND: apt-get install --no-install-recommends bind9 bind9-dnsutils bind9-utils',
  },
  'cfn-lint': {
    present: hasCfnLint,
    needs:
      'needs cfn-lint: python3 -m venv /opt/trueup-cfn-lint && /opt/trueup-cfn-lint/bin/pip install cfn-lint==1.58.0',
  },
  chromium: {
    present: hasChromium,
    needs: 'needs Chromium: apt-get install --no-install-recommends chromium fonts-dejavu-core',
  },
  curl: {
    present: hasCurl,
    needs: 'needs curl: apt-get install --no-install-recommends curl',
  },
  r: {
    present: hasR,
    needs: 'needs R with its package survival: apt-get install --no-install-recommends r-base-core r-cran-survival',
  },
};

/** A release that is tried out with these tests; `.ci/run` installs it. */
export const CFN_LINT: string = process.env['TRUEUP_CFN_LINT'] ?? '/opt/trueup-cfn-lint/bin/cfn-lint';

/** Debian's package puts it there; another one is tried out with these tests. */
export const CHROMIUM: string = process.env['TRUEUP_CHROMIUM'] ?? '/usr/bin/chromium';

/** One program of each package that the BIND bed uses. */
const BIND_PROGRAMS = ['named', 'dig', 'dnssec-signzone'];

/** Debian keeps `named` where only root's PATH looks. */
export const BIND_ENVIRONMENT: NodeJS.ProcessEnv = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };

let bindFound: boolean | undefined;

export function hasBind(): boolean {
  const options = { stdio: 'ignore', env: BIND_ENVIRONMENT } as const;
  bindFound ??= BIND_PROGRAMS.every((program) => spawnSync(program, ['-v'], options).error === undefined);
  return bindFound;
}

let lintFound: boolean | undefined;

function hasCfnLint(): boolean {
  lintFound ??= spawnSync(CFN_LINT, ['--version'], { stdio: 'ignore' }).status === 0;
  return lintFound;
}

let chromiumFound: boolean | undefined;

function hasChromium(): boolean {
  chromiumFound ??= spawnSync(CHROMIUM, ['--version'], { stdio: 'ignore' }).status === 0;
  return chromiumFound;
}

let curlFound: boolean | undefined;

function hasCurl(): boolean {
  curlFound ??= spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0;
  return curlFound;
}

let rFound: boolean | undefined;

function hasR(): boolean {
  rFound ??= spawnSync('Rscript', ['-e', 'library(survival)'], { stdio: 'ignore' }).status === 0;
  return rFound;
}

/**
 * A suite that needs a real counterpart. Where that is not installed the suite is skipped under a name that says what
 * to install; with TRUEUP_REQUIRE_ALL set it fails instead.
 */
export function describeWith(counterpart: Counterpart, name: string, suite: () => void): void {
  const { present, needs } = NEEDS[counterpart];
  if (!present() && process.env['TRUEUP_REQUIRE_ALL']) throw new Error(`${name} ${needs}`);
  describe.runIf(present())(present() ? name : `${name} [${needs}]`, suite);
}
