import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startSandbox } from '../src/sandbox/index.ts';
import { openBrowser } from '../test/support/browser.ts';

/** Makes docs/images/widget.png: the sandbox's page of a deployment, in a real browser. Run by hand after changes of the page. */
const file = path.resolve(import.meta.dirname, '../docs/images/widget.png');

const labels = (language: string, title: string, subtitle: string, launcher: string) => ({
  language,
  localizedLabels: [
    { key: 'MessengerHomeHeaderTitle', value: title },
    { key: 'MessengerHomeHeaderSubTitle', value: subtitle },
    { key: 'MessengerLauncherButtonText', value: launcher },
  ],
});

const browser = await openBrowser();
if ('why' in browser) throw new Error(browser.why);
const sandbox = await startSandbox({
  seed: {
    webConfigurations: [
      {
        name: 'Acme Store',
        languages: ['en-us', 'de'],
        defaultLanguage: 'en-us',
        customI18nLabels: [
          labels('en-us', 'Hello there', 'Ask us anything about your order, our shops or your size.', 'Chat with us'),
          labels('de', 'Guten Tag', 'Fragen Sie uns alles zu Ihrer Bestellung.', 'Fragen Sie uns'),
        ],
        messenger: { styles: { primaryColor: '#0F5C4D' }, launcherButton: { visibility: 'On' } },
      },
    ],
    webDeployments: [{ name: 'Acme Store', configuration: 'Acme Store', allowedDomains: ['shop.acme.example'] }],
  },
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${sandbox.url}/__sandbox/widget/Acme%20Store`);
  await page.waitForSelector('body[data-load-ms]');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, await page.screenshot({ animations: 'disabled' }));
} finally {
  await browser.close();
  await sandbox.close();
}
