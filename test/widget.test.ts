import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { loadDaemonConfig, openApp } from '../src/app.ts';
import type { JsonObject } from '../src/model/json.ts';
import { silent } from '../src/model/log.ts';
import { contrastOf, parseColor, white } from '../src/objects/color.ts';
import { demoSeed, startSandbox } from '../src/sandbox/index.ts';
import { openBrowser } from './support/browser.ts';
import { folder } from './support/cli.ts';
import { hasty } from './support/clock.ts';
import { resource, useWorlds } from './support/world.ts';

const open = useWorlds();

let browser: Browser | { why: string } | undefined;
afterAll(async () => {
  if (browser && 'close' in browser) await browser.close();
});

/**
 * A page of a real browser. Where none runs, the test says loudly that it was skipped; in CI, where nobody reads that, it
 * fails.
 */
async function newPage(skip: (note: string) => void): Promise<Page> {
  browser ??= await openBrowser();
  if ('why' in browser) {
    const note = `NOT TESTED in a browser, as none runs here (CHROMIUM_PATH names one). ${browser.why}`;
    if (process.env['CI'] === 'true') throw new Error(note);
    console.error(`\n*** ${note}\n`);
    skip(note);
    throw new Error(note);
  }
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  onTestFinished(() => page.close());
  return page;
}

/** Of the page's world, whose types this project does not load. */
declare function getComputedStyle(element: unknown): { color: string; backgroundColor: string };

/** What somebody who looks at the page sees: texts, colours as they were painted, and how long the messenger took. */
async function look(page: Page, url: string) {
  const problems: string[] = [];
  const listen = (error: Error) => problems.push(error.message);
  page.on('pageerror', listen);
  await page.goto(url);
  await page.waitForSelector('body[data-load-ms]');
  page.off('pageerror', listen);
  const at = (id: string) => page.getByTestId(id);
  const painted = async (id: string) => {
    const style = at(id).evaluate((element) => {
      const { color, backgroundColor } = getComputedStyle(element);
      return { color, backgroundColor };
    });
    return { visible: await at(id).isVisible(), ...(await style) };
  };
  return {
    title: await at('title').textContent(),
    subtitle: await at('subtitle').textContent(),
    launcher: await at('launcher').textContent(),
    header: await painted('header'),
    texts: [await painted('title'), await painted('subtitle')],
    button: await painted('launcher'),
    window: await painted('messenger'),
    version: await page.locator('body').getAttribute('data-version'),
    language: await page.locator('body').getAttribute('data-language'),
    loadMs: await page.evaluate(() => performance.getEntriesByName('messenger-load')[0]!.duration),
    problems,
  };
}

/** The contrast of two painted colours, by the formula of WCAG 2.2 (relative luminance of sRGB). */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [red, green, blue] = color.match(/[\d.]+/g)!.map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

const labels = (language: string, title: string, subtitle: string, launcher: string): JsonObject => ({
  language,
  localizedLabels: [
    { key: 'MessengerHomeHeaderTitle', value: title },
    { key: 'MessengerHomeHeaderSubTitle', value: subtitle },
    { key: 'MessengerLauncherButtonText', value: launcher },
  ],
});

const configuration = (primaryColor: string, english: string) =>
  resource('WebMessagingConfiguration', 'store', {
    name: 'Store',
    languages: ['en-us', 'de'],
    defaultLanguage: 'en-us',
    customI18nLabels: [
      labels('en-us', english, 'We answer <b>at once</b>', 'Chat & ask'),
      labels('de', 'Guten Tag', 'Wir antworten sofort', 'Fragen'),
    ],
    messenger: { enabled: true, styles: { primaryColor }, launcherButton: { visibility: 'On' } },
  });

const deployment = resource('WebMessagingDeployment', 'site', {
  name: 'Site',
  configuration: 'Store',
  allowAllDomains: true,
});

test('a run changes what a browser paints: colour, texts and their contrast', async ({ skip }) => {
  const page = await newPage(skip);
  const it = await open({ clock: hasty, sandbox: { activationMs: 1 } });
  const url = `${it.sandbox.url}/__sandbox/widget/Site`;
  const run = async (color: string, title: string) => {
    const { outcomes } = await it.apply([configuration(color, title), deployment]);
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'applied'));
    return outcomes.length;
  };

  expect(await run('#0B5FFF', 'Hello')).toBe(2);
  const before = await look(page, url);
  expect(before).toMatchObject({
    ...{ title: 'Hello', subtitle: 'We answer <b>at once</b>', launcher: 'Chat & ask', version: '1', problems: [] },
    header: { visible: true, backgroundColor: 'rgb(11, 95, 255)' },
    button: { visible: true, backgroundColor: 'rgb(11, 95, 255)', color: 'rgb(255, 255, 255)' },
    window: { backgroundColor: 'rgb(255, 255, 255)' },
  });

  expect(await run('#E0A800', 'Good evening')).toBe(2);
  const after = await look(page, url);
  expect(after).toMatchObject({
    ...{ title: 'Good evening', language: 'en-us', version: '2', problems: [] },
    header: { backgroundColor: 'rgb(224, 168, 0)' },
  });
  const german = await look(page, `${url}?language=de`);
  expect(german).toMatchObject({ title: 'Guten Tag', launcher: 'Fragen', language: 'de' });

  // White on the theme colour, as it was painted: the first is readable (AA), the second is not.
  const ratios = [before, after].map(({ header, texts, button, window }) => [
    ...texts.map(({ color }) => contrast(color, header.backgroundColor)),
    contrast(button.color, button.backgroundColor),
    contrast(header.backgroundColor, window.backgroundColor),
  ]);
  const rounded = ratios.map((all) => all.map((ratio) => Math.round(ratio * 100) / 100));
  expect(rounded).toEqual([Array(4).fill(5.13), Array(4).fill(2.15)]);
  // What the rules compute of a document is what the browser paints.
  const computed = ['#0B5FFF', '#E0A800'].map((color) => contrastOf(parseColor(color)!, white));
  for (const [index, all] of ratios.entries()) for (const one of all) expect(one).toBeCloseTo(computed[index]!, 10);
  console.log(`widget: ready in ${before.loadMs.toFixed(1)} ms, then ${after.loadMs.toFixed(1)} ms`);
  expect(Math.max(before.loadMs, after.loadMs)).toBeLessThan(2000);
});

test('the launcher closes and opens the messenger', async ({ skip }) => {
  const page = await newPage(skip);
  const it = await open();
  const { state } = it.sandbox;
  state.seedWebConfiguration({ name: 'Store', ...configuration('#0B5FFF', 'Hello').spec });
  state.seedWebDeployment({ name: 'Site', configuration: 'Store' });
  await page.goto(`${it.sandbox.url}/__sandbox/widget/Site`);
  const messenger = page.getByTestId('messenger');
  expect(await messenger.isVisible()).toBe(true);
  await page.getByTestId('launcher').click();
  expect(await messenger.isVisible()).toBe(false);
  await page.getByTestId('launcher').click();
  expect(await messenger.isVisible()).toBe(true);
});

test('one commit of the example reaches two organisations, and a browser sees it in both', async ({ skip }) => {
  const page = await newPage(skip);
  const dir = folder();
  onTestFinished(() => dir.remove());
  const work = dir.example('work');
  const names = ['staging', 'prod'];
  const sandboxes = await Promise.all(
    names.map((name) => startSandbox({ rateLimit: 0, orgName: name, seed: demoSeed, jobMs: 1, activationMs: 1 })),
  );
  for (const sandbox of sandboxes) onTestFinished(() => sandbox.close());
  const targets = sandboxes.map(({ url }, i) => ({
    ...{ name: names[i], environment: names[i], organization: names[i], apiUrl: url, loginUrl: url },
    ...{ clientId: 'sandbox-daemon', clientSecret: { fromEnv: 'SECRET' } },
  }));
  const file = dir.config('', { path: 'work' }, {}, { targets });
  const loaded = await loadDaemonConfig(file);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  const env = { SECRET: 'sandbox-secret' };
  const app = await openApp({ config: loaded.config, file, log: silent, clock: hasty, env });
  onTestFinished(() => app.close());
  const run = async () => {
    const reports = await Promise.all(app.config.targets.map((target) => app.reconcile(target, { mode: 'apply' })));
    expect(reports.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    return reports.map(({ outcomes }) => outcomes.map(({ receipt }) => receipt.activationMs).find((ms) => ms));
  };
  const painted = async () => {
    const seen = [];
    for (const { url } of sandboxes) seen.push(await look(page, `${url}/__sandbox/widget/acme-shop`));
    return seen.map(({ header, version }) => [header.backgroundColor, version]);
  };

  await run();
  expect(await painted()).toEqual([
    ['rgb(109, 40, 217)', '1'],
    ['rgb(15, 92, 77)', '1'],
  ]);
  const messenger = path.join(work, 'web/messenger.yaml');
  writeFileSync(messenger, readFileSync(messenger, 'utf8').replace('$(brandColor)', '"#A8320B"'));
  expect(await run()).toEqual([expect.any(Number), expect.any(Number)]);
  expect(await painted()).toEqual([
    ['rgb(168, 50, 11)', '2'],
    ['rgb(168, 50, 11)', '2'],
  ]);
});
