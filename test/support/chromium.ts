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
