import type { Widget } from './widget.ts';
import { script, style } from './widget-style.ts';

/** Text as HTML shows it, in elements and in quoted attributes alike. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Half a pair of surrogates, which is no text, has no form in an address. */
const inUrl = (text: string): string => encodeURIComponent(text.toWellFormed());

const bubble = `<svg viewBox="0 0 24 24" aria-hidden="true"><path fill="currentColor" d="M12 3C6.5 3 2 6.7 2 11.2c0 2.6 1.5 4.9 3.8 6.4-.1 1.1-.6 2.4-1.6 3.2-.2.2-.1.5.2.5 2-.1 3.9-.9 5.1-2 .8.2 1.6.3 2.5.3 5.5 0 10-3.7 10-8.3S17.5 3 12 3z"/></svg>`;

/** The page of a deployment: a shop, and over it the messenger. */
export function widgetHtml(widget: Widget, nonce: string): string {
  const { served, language } = widget;
  const data = [
    ['data-version', served?.version ?? ''],
    ['data-language', language],
    ['data-status', widget.status],
    ['data-messenger', widget.shown ? 'shown' : 'absent'],
  ].map(([name, value]) => `${name}="${escaped(value!)}"`);
  const body = `${strip(widget)}${shop}${widget.shown ? messenger(widget) : ''}`;
  return document(`${widget.deployment} · messenger`, data.join(' '), body, nonce, style(widget));
}

/** What stands at the address of a deployment that is not there. */
export function absentPage(wanted: string, names: readonly string[], nonce: string): string {
  const links = names.map((name) => `<li><a href="/__sandbox/widget/${inUrl(name)}">${escaped(name)}</a></li>`);
  const known = links.length > 0 ? `<p>There are:</p><ul>${links.join('')}</ul>` : '<p>There is none yet.</p>';
  const body = `<main class="absent"><h1>There is no deployment “${escaped(wanted)}”</h1>${known}</main>`;
  return document('No such deployment', '', body, nonce, style());
}

function document(title: string, data: string, body: string, nonce: string, css: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style nonce="${nonce}">${css}</style>
<script nonce="${nonce}">performance.mark('messenger-start')</script>
</head>
<body ${data}>
${body}
<script nonce="${nonce}">${script}</script>
</body>
</html>
`;
}

const products = [
  ['Trail jacket', '€ 129', 'one'],
  ['City backpack', '€ 79', 'two'],
  ['Steel bottle', '€ 24', 'three'],
] as const;

/** The page that a customer is on. It is drawn by its style sheet, without any picture. */
const shop = `<div class="shop">
<nav><span class="brand">Acme store</span><span class="links"><i>New</i><i>Outdoor</i><i>City</i><i>Sale</i></span><span class="cart">Cart · 2</span></nav>
<header class="hero"><p class="kicker">Autumn collection</p><h1>Made for the<br>long way home.</h1><p class="lead">Layers that keep the rain out and the warmth in. Free returns for 60 days.</p><span class="call">See what is new</span></header>
<section class="products">${products
  .map(([name, price, kind]) => `<article><div class="picture ${kind}"></div><h2>${name}</h2><p>${price}</p></article>`)
  .join('')}</section>
</div>
`;

/** What no customer sees: which version this is, its languages, and what there is to know. */
function strip({ deployment, status, served, domains, notes, language, languages }: Widget): string {
  const links = languages.map((one) => {
    const current = one === language ? ' aria-current="true"' : '';
    return `<a href="?language=${inUrl(one)}"${current}>${escaped(one)}</a>`;
  });
  const what = served
    ? `${escaped(served.configuration)} <b>version ${escaped(served.version)}</b>`
    : 'Nothing is served yet';
  return `<aside class="strip" data-testid="strip"><p><span class="tag">sandbox</span> <b>${escaped(deployment)}</b> <span class="status">${escaped(status)}</span></p>
<p>${what} · <span data-testid="load">loading</span></p>
<p class="languages">${links.join(' ')}</p>
${notes.map((note) => `<p class="note" data-testid="note">${escaped(note)}</p>`).join('\n')}
<p class="domains">Allowed: ${escaped(domains.slice(0, 4).join(', ') || 'no domain')}${domains.length > 4 ? ', …' : ''} (not checked here)</p></aside>
`;
}

function messenger({ launcher, logo, title, subtitle, language, deployment, homeScreen }: Widget): string {
  const monogram = [...deployment][0]?.toUpperCase() ?? 'A';
  const mark = `<span class="logo" data-testid="logo" data-logo="${escaped(logo ?? '')}" aria-hidden="true">${escaped(monogram)}</span>`;
  const home = `<div class="home" data-testid="home">
<div class="card start"><span class="round">${bubble}</span><span class="lines"><i></i><i></i></span></div>
<div class="card"><span class="lines"><i></i><i></i><i></i></span></div>
</div>`;
  const chat = `<div class="home" data-testid="conversation"><div class="said"><i></i><i></i></div><div class="said own"><i></i></div></div>`;
  const button = `<button class="launcher" type="button" data-testid="launcher" aria-expanded="true" aria-controls="messenger">${
    launcher.icon ? bubble : ''
  }${launcher.text ? `<span data-testid="launcher-text" dir="auto">${escaped(launcher.text)}</span>` : ''}</button>`;
  return `<div class="widget" lang="${escaped(language)}">
<section class="messenger" id="messenger" data-testid="messenger" aria-label="Messenger">
<header data-testid="header">${mark}
<h2 data-testid="title" dir="auto">${escaped(title)}</h2>
<p data-testid="subtitle" dir="auto">${escaped(subtitle)}</p></header>
${homeScreen ? home : chat}
<div class="compose"><i></i><span class="send">${bubble}</span></div>
</section>
${launcher.shown ? button : ''}
</div>
`;
}
