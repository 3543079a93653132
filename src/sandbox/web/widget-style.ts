import type { Widget } from './widget.ts';

/** The style sheet of the page; the only values in it that come from a configuration are a colour and numbers. */
export function style(widget?: Widget): string {
  const { color = '#2A60C8', side = 'right', space = { side: 24, bottom: 24 } } = widget ?? {};
  return `:root{--primary:${color};--ink:#1c2430;--soft:#667085;--line:#e4e7ec}
.widget{${side}:${space.side}px;bottom:${space.bottom}px;align-items:flex-${side === 'left' ? 'start' : 'end'}}
${sheet}`;
}

const sheet = `*{box-sizing:border-box;margin:0}
body{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:var(--ink);background:#fbfaf8;min-height:100vh}
i{font-style:normal}
nav{display:flex;align-items:center;gap:32px;padding:20px 6vw;background:#fff;border-bottom:1px solid var(--line)}
.brand{font-weight:700;font-size:20px;letter-spacing:-.02em}
.links{display:flex;gap:24px;color:var(--soft);flex:1}
.cart{border:1px solid var(--line);border-radius:999px;padding:6px 14px;font-size:14px}
.hero{padding:64px 6vw 60px;background:radial-gradient(circle at 78% 36%,#f0cfa5 0 132px,transparent 133px),linear-gradient(168deg,transparent 74%,#e9d3b8 74.2%),#f6ebdd}
.kicker{text-transform:uppercase;letter-spacing:.12em;font-size:12px;font-weight:600;color:#8a5a22}
.hero h1{font-size:clamp(36px,5vw,60px);line-height:1.05;letter-spacing:-.03em;margin:12px 0 16px}
.lead{max-width:34em;color:#475467;font-size:18px}
.call{display:inline-block;margin-top:28px;padding:12px 22px;border-radius:10px;background:var(--ink);color:#fff;font-weight:600}
.products{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:24px;padding:40px 6vw 120px;max-width:1100px}
.products h2{font-size:16px;margin-top:12px}
.products p{color:var(--soft)}
.picture{height:190px;border-radius:16px}
.one{background:radial-gradient(circle at 72% 30%,#f6ebdd 0 26px,transparent 27px),linear-gradient(158deg,transparent 58%,#40566b 58.4%),linear-gradient(204deg,transparent 48%,#6d8798 48.4%),#bccbd4}
.two{background:radial-gradient(circle at 50% 112%,#9b5c3c 0 112px,transparent 113px),radial-gradient(circle at 50% 112%,#c98a5c 0 152px,transparent 153px),#f1dcc6}
.three{background:linear-gradient(90deg,transparent 42%,#3d6b5a 42.2% 58%,transparent 58.2%),radial-gradient(circle at 50% 50%,#a9cbb9 0 84px,transparent 85px),#dcebe2}
.strip{display:flex;flex-wrap:wrap;gap:4px 20px;align-items:baseline;padding:9px 6vw;background:#1c2430;color:#e7eaf0;font-size:13px}
.strip p{overflow-wrap:anywhere;min-width:0}
.strip b{color:#fff}
.tag{font-size:11px;font-weight:600;text-transform:uppercase;letter-spacing:.08em;color:#b7c0cf}
.status{border:1px solid #5b6678;border-radius:999px;padding:1px 8px;font-size:11px}
.strip a{color:#c7d2e4;text-decoration:none;padding:1px 6px;border-radius:6px}
.strip a[aria-current]{background:#fff;color:var(--ink)}
.note{color:#ffd78a}
.domains{color:#b7c0cf}
.widget{position:fixed;display:flex;flex-direction:column;gap:16px;max-width:calc(100vw - 32px);z-index:2}
.messenger{width:372px;max-width:100%;background:#fff;border-radius:18px;overflow:hidden;box-shadow:0 24px 64px rgba(16,24,40,.24),0 2px 8px rgba(16,24,40,.1);transform-origin:bottom right;animation:rise .22s ease-out}
.messenger[hidden]{display:none}
.messenger header{background:var(--primary);color:#fff;padding:24px 24px 44px}
.messenger h2{font-size:26px;line-height:1.2;letter-spacing:-.02em;margin-top:18px;overflow-wrap:anywhere;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:4;overflow:hidden}
.messenger header p{margin-top:6px;font-size:15px;overflow-wrap:anywhere;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:5;overflow:hidden}
.logo{display:grid;place-items:center;width:44px;height:44px;border-radius:12px;background:#fff;color:var(--primary);font-weight:700;font-size:20px}
.home{padding:0 16px;margin-top:-24px;min-height:188px}
.card{display:flex;gap:14px;align-items:center;background:#fff;border:1px solid var(--line);border-radius:14px;padding:18px;margin-bottom:12px;box-shadow:0 4px 14px rgba(16,24,40,.07)}
.round{display:grid;place-items:center;width:42px;height:42px;border-radius:50%;background:var(--primary);color:#fff;flex:none}
.round svg{width:20px}
.lines{flex:1;display:grid;gap:9px}
.lines i,.said i,.compose i{display:block;height:9px;border-radius:5px;background:#e9ecf1}
.lines i:first-child{width:58%;background:#d5dae2}
.lines i:nth-child(3){width:76%}
.said{display:grid;gap:8px;width:66%;margin:0 0 12px;padding:14px;border-radius:14px;background:#f4f5f8;position:relative;top:40px}
.said.own{margin-left:auto;background:var(--primary)}
.said.own i{background:rgba(255,255,255,.55)}
.compose{display:flex;align-items:center;gap:12px;border-top:1px solid var(--line);padding:16px}
.compose i{flex:1}
.send{color:var(--primary)}
.send svg{width:22px;display:block}
.launcher{display:flex;align-items:center;gap:10px;max-width:100%;min-height:56px;min-width:56px;justify-content:center;border:0;border-radius:999px;padding:0 20px;background:var(--primary);color:#fff;font:inherit;font-weight:600;cursor:pointer;box-shadow:0 10px 28px rgba(16,24,40,.28)}
.launcher span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.launcher svg{width:24px;flex:none}
.launcher:focus-visible{outline:3px solid var(--ink);outline-offset:3px}
.absent{max-width:640px;margin:18vh auto;padding:0 24px}
.absent h1{overflow-wrap:anywhere}
@keyframes rise{from{opacity:0;transform:translateY(12px) scale(.98)}}
@media (prefers-reduced-motion:reduce){.messenger{animation:none}}
@media (max-width:760px){.products{grid-template-columns:1fr}.links{display:none}}`;

/** Opens and closes the messenger, and measures its load until it was painted. With `?live` it follows what is served. */
export const script = `(() => {
  const messenger = document.getElementById('messenger');
  const launcher = document.querySelector('.launcher');
  launcher?.addEventListener('click', () => {
    messenger.hidden = !messenger.hidden;
    launcher.setAttribute('aria-expanded', String(!messenger.hidden));
  });
  requestAnimationFrame(() => requestAnimationFrame(() => {
    performance.mark('messenger-ready');
    const { duration } = performance.measure('messenger-load', 'messenger-start', 'messenger-ready');
    document.body.dataset.loadMs = duration.toFixed(1);
    const told = document.querySelector('[data-testid=load]');
    if (told) told.textContent = (messenger ? 'ready in ' : 'page in ') + duration.toFixed(0) + ' ms';
  }));
  if (!new URLSearchParams(location.search).has('live')) return;
  let before;
  setInterval(async () => {
    const now = await fetch(location.pathname + '/state').then((answer) => answer.text(), () => before);
    if (before !== undefined && now !== before) location.reload();
    before = now;
  }, 1000);
})();`;
