import { existsSync, rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';

/** Loopback only, no sandbox of its own (CI runs as root), and no talk with Google's hosts. */
const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--hide-scrollbars'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** The system's, where Debian puts it. */
const debian = '/usr/bin/chromium';

/**
 * A headless Chromium, or why there is none. Which one: `CHROMIUM_PATH`, else the system's, else the one that the package
 * @sparticuz/chromium unpacks to the temporary folder.
 */
export async function openBrowser(): Promise<Browser | { why: string }> {
  const named = process.env['CHROMIUM_PATH'] ?? (existsSync(debian) ? debian : undefined);
  try {
    return await (named === undefined ? launchUnpacked() : launch(named));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { why: why.split('\n').slice(0, 12).join('\n') };
  }
}

async function launch(executablePath: string): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath, args });
}

/** The package takes what it finds unpacked for whole; somebody who was killed while unpacking leaves half of it. */
async function launchUnpacked(): Promise<Browser> {
  const { default: chromium } = await import('@sparticuz/chromium');
  const file = await chromium.executablePath();
  try {
    return await launch(file);
  } catch {
    rmSync(file, { force: true });
    return launch(await chromium.executablePath());
  }
}
