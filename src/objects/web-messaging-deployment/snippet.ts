import type { JsonObject } from '../../model/json.ts';

/** What the messenger calls the regions whose domain does not say it (developer.genesys.cloud, messenger deployment). */
const environments: Record<string, string> = {
  'mypurecloud.com': 'prod',
  'mypurecloud.ie': 'prod-euw1',
  'mypurecloud.de': 'prod-euc1',
  'mypurecloud.com.au': 'prod-apse2',
  'mypurecloud.jp': 'prod-apne1',
};

/**
 * What to paste into a page: as Genesys tells it, else made of the region's domain and the id. Undefined where neither is
 * known.
 */
export function snippetIn(deployment: JsonObject, domain: string | undefined): string | undefined {
  const { snippet, id } = deployment;
  if (typeof snippet === 'string' && snippet.trim() !== '') return snippet;
  const environment = domain === undefined ? undefined : (environments[domain] ?? environmentIn(domain));
  if (environment === undefined || typeof id !== 'string') return undefined;
  return `<script type="text/javascript" charset="utf-8">
  (function (g, e, n, es, ys) {
    g['_genesysJs'] = e;
    g[e] = g[e] || function () {
      (g[e].q = g[e].q || []).push(arguments)
    };
    g[e].t = 1 * new Date();
    g[e].c = es;
    ys = document.createElement('script'); ys.async = 1; ys.src = n; ys.charset = 'utf-8'; document.head.appendChild(ys);
  })(window, 'Genesys', 'https://apps.${domain}/genesys-bootstrap/genesys.min.js', {
    environment: '${environment}',
    deploymentId: '${id}'
  });
</script>`;
}

/** `usw2.pure.cloud` is `prod-usw2`. */
function environmentIn(domain: string): string | undefined {
  const short = /^([a-z]+\d)\.pure\.cloud$/.exec(domain)?.[1];
  return short === undefined ? undefined : `prod-${short}`;
}
