/** Texts that mean something to GitHub's markdown, and to what GitHub does with its result. */
export const MARKDOWN: readonly string[] = [
  ['`', '``', '```', '````````', '`a`', ' ` ', '`` ` ``', '```\n# h\n```', '~~~', '\\`', '\\', '\\\\`'],
  ['|', '\\|', 'a|b|c', '||', '| a | b |', '|---|'],
  [
    '</details>',
    '</code></summary>',
    '<details><summary>',
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
  ],
  ['<!-- x -->', '--> x', '<![CDATA[x]]>', '<?php', '<a href="http://x.example">', '</pre>'],
  ['![](http://x.example/y.png)', '![x][y]', '[x](javascript:alert(1))', '[x]: http://x.example', '[x][y]', '[[x]]'],
  [
    '<http://x.example>',
    'http://x.example',
    'https://x.example/a',
    'www.x.example',
    'a@x.example',
    'mailto:a@x.example',
  ],
  ['@team', '@org/team', '#1', 'o/r#1', 'GH-1', 'fixes #1', 'o/r@9f3c2ab', '9f3c2ab0d1e2f3a4b5c6d7e8f90a1b2c3d4e5f60'],
  ['$$x$$', '$`x`$', '```mermaid', '```math', '\\(x\\)'],
  ['> [!NOTE]', '# heading', 'heading\n===', '- item', '1. item', '---', '***', '- [ ] x', '[^1]', '[^1]: x'],
  ['**b**', '__b__', '~~b~~', '*b*', ':smile:', '&lt;', '&#60;', '&nbsp;', '&#96;'],
  ['a\nb', 'a\r\nb', 'a\n\nb', 'a  \nb', 'a\tb', '\u2028# h', '\u0085# h', '\n    code', '\n```\n<b>'],
].flat();

/** Lines that the runner of GitHub Actions may read as commands. */
export const COMMANDS: readonly string[] = [
  ['::add-mask::e', '  ::add-mask::e', '\t::add-mask::e', '\u00a0::add-mask::e', '\u3000::add-mask::e'],
  ['::stop-commands::t', '::error::x', '::error file=a,line=1::x', '::warning::x', '::notice title=x::y', '::debug::x'],
  ['::group::x', '::endgroup::', '::echo::on', '::set-env name=PATH::/tmp', '::set-output name=digest::x'],
  ['::save-state name=x::y', '::add-path::/tmp', '::add-matcher::m.json', '::remove-matcher owner=m::'],
  ['##[error]x', 'x ##[error]x', '##[add-mask]e', '##[set-env name=PATH;]/tmp', '##[group]x', '#\u200b#[error]x'],
  ['a\n::error::x', 'a\r::error::x', 'a\r\n::error::x', 'a%0A::error::x', 'a\u2028::error::x', 'a\u0085::error::x'],
  ['\v::error::x', '\f::error::x', '\u001b[0m::error::x'],
].flat();
