import { Failure } from '../model/failure.ts';
import { didYouMean } from '../model/suggest.ts';
import type { TokenRequest } from '../model/surface.ts';

/** AWS region to domain; from `PureCloudRegionHosts.js` of the official JavaScript SDK (262.0.0). */
const regions: Record<string, string> = {
  'us-east-1': 'mypurecloud.com',
  'eu-west-1': 'mypurecloud.ie',
  'ap-southeast-2': 'mypurecloud.com.au',
  'ap-northeast-1': 'mypurecloud.jp',
  'eu-central-1': 'mypurecloud.de',
  'us-west-2': 'usw2.pure.cloud',
  'ca-central-1': 'cac1.pure.cloud',
  'ap-northeast-2': 'apne2.pure.cloud',
  'ap-northeast-3': 'apne3.pure.cloud',
  'eu-west-2': 'euw2.pure.cloud',
  'eu-central-2': 'euc2.pure.cloud',
  'ap-south-1': 'aps1.pure.cloud',
  'ap-southeast-1': 'apse1.pure.cloud',
  'sa-east-1': 'sae1.pure.cloud',
  'me-central-1': 'mec1.pure.cloud',
  'mx-central-1': 'mxc1.pure.cloud',
  'us-east-2': 'use2.us-gov-pure.cloud',
  'eusc-de-east-1': 'edee1.eusc-pure.cloud',
};

export interface Hosts {
  /** Without a slash at the end. */
  api: string;
  login: string;
}

export interface Whereabouts {
  region?: string | undefined;
  apiUrl?: string | undefined;
  loginUrl?: string | undefined;
  orgDomain?: string | undefined;
}

/**
 * Where an organisation lives: `region` is a domain (`mypurecloud.ie`) or an AWS region (`eu-west-1`); `apiUrl` and
 * `loginUrl` go before it. An unknown region is refused, since the secret would be sent to whoever owns that name.
 * Where tokens come from the API's own host, no other is asked for one, and `orgDomain` may stand for a region.
 */
export function hostsOf(from: Whereabouts, tokensAt: TokenRequest['at'] = 'login'): Hosts {
  const byRegion = from.region === undefined ? undefined : hostsOfRegion(from.region);
  const byDomain = from.orgDomain === undefined ? undefined : apiOfDomain(from.orgDomain, tokensAt);
  const api = from.apiUrl === undefined ? (byDomain ?? byRegion?.api) : baseUrl('apiUrl', from.apiUrl);
  if (api === undefined) {
    const more = tokensAt === 'api' ? ', `orgDomain`' : '';
    throw new Failure('ConfigurationInvalid', `A target needs \`region\`${more}, or \`apiUrl\` for a gateway.`);
  }
  if (tokensAt === 'api') return { api, login: api };
  if (from.loginUrl !== undefined) return { api, login: baseUrl('loginUrl', from.loginUrl) };
  return { api, login: from.apiUrl === undefined ? byRegion!.login : loginBeside(api) };
}

function apiOfDomain(domain: string, tokensAt: TokenRequest['at']): string {
  if (tokensAt !== 'api') {
    const said = "`orgDomain` is only for targets whose tokens come from the API's own host; give `region` instead.";
    throw new Failure('ConfigurationInvalid', said);
  }
  // Anything else could make another host of it, and the secret goes there.
  if (!/^[a-z\d]([a-z\d-]*[a-z\d])?$/i.test(domain))
    throw new Failure(
      'ConfigurationInvalid',
      `\`orgDomain\` must be the first part of a host name, but is "${domain}".`,
    );
  return `https://${domain.toLowerCase()}.mypurecloud.com`;
}

function hostsOfRegion(region: string): Hosts {
  const domain = regions[region] ?? Object.values(regions).find((known) => known === region);
  if (domain === undefined) {
    const hint = didYouMean(region, [...Object.keys(regions), ...Object.values(regions)]);
    throw new Failure(
      'ConfigurationInvalid',
      `"${region}" is no region of Genesys Cloud that is known here${hint}. Where it is a new one, give \`apiUrl\` and \`loginUrl\`.`,
    );
  }
  return { api: `https://api.${domain}`, login: `https://login.${domain}` };
}

/** Genesys has the token endpoint beside the API host; gateways and the sandbox have it at the API host. */
function loginBeside(api: string): string {
  return api.replace(/^(https?:\/\/)api\./, '$1login.');
}

function baseUrl(field: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new Failure(
      'ConfigurationInvalid',
      `\`${field}\` must be an http or https URL without a query, but is "${text}".`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new Failure(
      'ConfigurationInvalid',
      `\`${field}\` must not hold credentials; use \`clientId\` and \`clientSecret\`.`,
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
