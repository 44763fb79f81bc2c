import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { CHROMIUM } from './counterparts.ts';

/** A browser without a window. Tests may run as root in a container, where its own sandbox cannot be set up. */
export async function openChromium(): Promise<Browser> {
  return await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}

export interface Shown {
  readonly page: Page;
  /** What the page asked of any network, and said on its console. */
  readonly requests: readonly string[];
  readonly messages: readonly string[];
}

/** A page that shows a drawing as a file of its own, as a browser opens it; everything it does beside is noted. */
export async function showSvg(browser: Browser, svg: string): Promise<Shown> {
  const url = 'http://drawing.test/volcano.svg';
  const page = await browser.newPage({ viewport: { width: 1000, height: 760 } });
  const requests: string[] = [];
  const messages: string[] = [];
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(error.message));
  await page.route('**/*', async (route) => {
    if (route.request().url() === url) {
      await route.fulfill({ body: svg, contentType: 'image/svg+xml; charset=utf-8' });
      return;
    }
    requests.push(route.request().url());
    await route.abort();
  });
  await page.goto(url);
  return { page, requests, messages };
}

/** Red, green and blue, 0 to 255 each. */
export type Pixel = readonly [red: number, green: number, blue: number];

/** The colours at places of a drawing, in its own pixels, as the browser paints it. */
export async function pixelsOf(
  browser: Browser,
  svg: string,
  spots: readonly (readonly [x: number, y: number])[],
): Promise<readonly Pixel[]> {
  const page = await browser.newPage();
  const input = JSON.stringify({ svg, spots: spots.flat() });
  const colours = await page.evaluate<string>(`(${PIXELS})(${input})`);
  await page.close();
  return spots.map((_, index) => {
    const part = (from: number): number => Number.parseInt(colours.slice(6 * index + from, 6 * index + from + 2), 16);
    return [part(0), part(2), part(4)];
  });
}

/** Runs in the browser, whose types these tests do not have. Colours come as hexadecimal digits, one after the other. */
const PIXELS = `async ({ svg, spots }) => {
  const image = new Image();
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svg);
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data, width } = context.getImageData(0, 0, image.width, image.height);
  let colours = '';
  for (let spot = 0; spot < spots.length; spot += 2) {
    const at = 4 * (Math.floor(spots[spot + 1]) * width + Math.floor(spots[spot]));
    for (const part of data.slice(at, at + 3)) colours += part.toString(16).padStart(2, '0');
  }
  return colours;
}`;

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Found {
  /** Name of the document's first element. */
  readonly root: string;
  readonly size: Rectangle;
  readonly texts: readonly (Rectangle & { readonly text: string; readonly isName: boolean })[];
  /** Paths that have a class. */
  readonly marks: readonly (Rectangle & { readonly kind: string })[];
  /** Names of all elements. */
  readonly elements: readonly string[];
}

/** What stands in a page's document and where, as the browser has laid it out. */
export async function look(page: Page): Promise<Found> {
  return await page.evaluate<Found>(LOOK);
}

const LOOK = `(() => {
  const boxOf = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x, y, width, height };
  };
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const spoken = (node) => (node.nodeName === 'title' ? '' : node.textContent);
  return {
    root: document.documentElement.nodeName,
    size: boxOf(document.documentElement),
    texts: all('text').map((element) => ({
      ...boxOf(element),
      text: Array.from(element.childNodes, spoken).join(''),
      isName: element.classList.contains('name'),
    })),
    marks: all('path[class]').map((element) => ({ ...boxOf(element), kind: element.getAttribute('class') })),
    elements: Array.from(new Set(all('*').map(({ nodeName }) => nodeName))),
  };
})()`;
