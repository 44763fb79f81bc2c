const UNITS = ['', 'K', 'M', 'G', 'T'];

const PATTERN = /^(0|[1-9][0-9]{0,8})([KMGT]?)(i?)B$/;

/**
 * Octets of a size as configuration writes it: `50GB` by thousands, `5GiB` by 1,024, `0B`; undefined when it is none, or
 * more than a number holds exactly.
 */
export function parseSize(text: string): number | undefined {
  const [, count, unit = '', binary = ''] = PATTERN.exec(text) ?? [];
  if (count === undefined || (unit === '' && binary !== '')) return undefined;
  const octets = Number(count) * (binary === '' ? 1_000 : 1_024) ** UNITS.indexOf(unit);
  return Number.isSafeInteger(octets) ? octets : undefined;
}
