import { describe, expect, it } from 'vitest';
import { remoteName } from './repository-of.ts';

describe('the name of a remote', () => {
  it.each([
    'https://github.com/acme/estate',
    'https://github.com/acme/estate.git',
    'https://GitHub.com/acme/estate.git/',
    'http://github.com:8080//acme//estate.git',
    'https://jane@github.com/acme/estate.git',
    'https://x-access-token:ghp_0123456789abcdef@github.com/acme/estate.git',
    'https://jane:p%40ss@github.com/acme/estate',
    'https://jane:p@ss@github.com/acme/estate',
    'https://github.com/acme/estate?token=secret#secret',
    'git://github.com/acme/estate.git',
    'ssh://git@github.com/acme/estate.git',
    'ssh://git@github.com:2222/acme/estate',
    'ssh://git:secret@GITHUB.com/acme/estate',
    'git+ssh://git@github.com/acme/estate.git',
    'git@github.com:acme/estate.git',
    'git@github.com:/acme/estate',
    'github.com:acme/estate/',
    'jane:secret@github.com:acme/estate.git',
    'GIT@GITHUB.COM:acme/estate.git',
    'https://github.com/Acme/ESTATE.git',
    'ssh://git@ssh.github.com:443/acme/estate.git',
    'ssh.github.com:Acme/estate',
  ])('of %s is host and path, and nothing else', (url) => {
    expect(remoteName(url)).toBe('github.com/acme/estate');
  });

  it.each([
    ['ssh://git@[2001:db8::1]:22/estate.git', '[2001:db8::1]/estate'],
    ['git@[2001:db8::1]:estate.git', '[2001:db8::1]/estate'],
    ['https://gitlab.example.com/a/b/c/Estate.git', 'gitlab.example.com/a/b/c/Estate'],
    ['https://ssh.github.com.example/Acme/estate', 'ssh.github.com.example/Acme/estate'],
    ['git@host.example:~jane/estate.git', 'host.example/~jane/estate'],
    ['host.example:dir@2/estate', 'host.example/dir@2/estate'],
    ['https://github.com/acme/estate.github.io', 'github.com/acme/estate.github.io'],
  ])('of %s is %s', (url, name) => {
    expect(remoteName(url)).toBe(name);
  });

  it.each([
    '',
    '/srv/git/estate.git',
    '../estate.git',
    './user@host:estate',
    'estate',
    'C:/git/estate',
    'C:\\git\\estate',
    'file:///srv/git/estate.git',
    'ext::sh -c secret',
    'ext::/bin/secret',
    'https://github.com/',
    'https://github.com/.git',
    'git@github.com:',
  ])('there is none of %j', (url) => {
    expect(remoteName(url)).toBeUndefined();
  });
});
