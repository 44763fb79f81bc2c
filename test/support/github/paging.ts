import type { Answer } from './answer.ts';

const DEFAULT_SIZE = 30;
const MAXIMUM_SIZE = 100;

export interface Page {
  readonly body: unknown;
  /** Of the Link header; undefined where all fits on one page. */
  readonly link: string | undefined;
}

/** One page of a list. @param base of the links, without a query */
export function pageOf({ list = [], wrap }: Answer, query: URLSearchParams, base: string): Page {
  const size = Math.min(positive(query.get('per_page')) ?? DEFAULT_SIZE, MAXIMUM_SIZE);
  const page = positive(query.get('page')) ?? 1;
  const last = Math.max(Math.ceil(list.length / size), 1);
  const items = list.slice((page - 1) * size, page * size);
  const url = (number: number): string => {
    const parameters = new URLSearchParams(query);
    parameters.set('page', String(number));
    return `${base}?${parameters.toString()}`;
  };
  const links = [
    ...(page > 1 ? [`<${url(page - 1)}>; rel="prev"`] : []),
    ...(page < last ? [`<${url(page + 1)}>; rel="next"`, `<${url(last)}>; rel="last"`] : []),
    ...(page > 1 ? [`<${url(1)}>; rel="first"`] : []),
  ];
  return { body: wrap ? wrap(items, list.length) : items, link: links.length > 0 ? links.join(', ') : undefined };
}

function positive(text: string | null): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
