/** What others may name objects, so that somebody is called, led astray or fooled. */
export const HOSTILE: string = [
  '<!channel> <!here> <!everyone> <@U024BE7LH> <#C024BE7LR> <!subteam^SAZ94GDB8>',
  '@here @channel @everyone ann@example.com',
  '<https://evil.example/|trueup> https://evil.example/?a=1&b=2 http://evil.example',
  '*applied* ~gone~ `code` ```fence``` &lt;!channel&gt;',
  '\u001b[31mred\u0007 \u202eright \u200bhidden \ud800lone',
  '::set-output name=x::y ##[error]no\r\nSubject: other\u2028line',
].join('\n');
