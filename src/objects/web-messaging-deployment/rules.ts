import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Problem } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import type { Rules } from '../../model/rules.ts';

/** Domains that are told of one document. */
const most = 100;

/**
 * Where a deployment may be used: domains that are domains, or all of them, and not both ("allowedDomains must be empty
 * when this is set as true": the API's description of `allowAllDomains`). The spec need not fit its schema.
 */
export function checkDeployment(resource: Resource, _rules: Rules): Problem[] {
  const { allowAllDomains, allowedDomains } = resource.spec;
  if (!Array.isArray(allowedDomains) || allowedDomains.length === 0) return [];
  const problems: Problem[] = [];
  const report = (code: Problem['code'], message: string, pointer: string): void => {
    problems.push({ code, message, resource: resourceId(resource), pointer });
  };
  if (allowAllDomains === true) {
    const message = 'all domains are allowed, so the list of them has to be empty: take out one of the two';
    report('domains-contradict', message, '/spec/allowedDomains');
  }
  for (const [i, domain] of allowedDomains.entries()) {
    const why = typeof domain === 'string' ? complaintOf(domain) : undefined;
    if (why === undefined) continue;
    if (problems.length > most) {
      report('not-a-domain', `there are more of these, of which ${most} are told`, `/spec/allowedDomains/${i}`);
      break;
    }
    report('not-a-domain', why, `/spec/allowedDomains/${i}`);
  }
  return problems;
}

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** Names of two parts or more, the last with a letter: else it may be an IP address. */
const host = new RegExp(`^(?:${label}\\.)+(?=[a-z0-9-]*[a-z])${label}$`, 'i');

/**
 * The name of a host, `localhost` for who tries it at home, or `*.` and a name. Whether the platform takes `*.` no source
 * says (UNCONFIRMED), so it is left to the platform to refuse it.
 */
function isDomain(text: string): boolean {
  const name = (text.startsWith('*.') ? text.slice(2) : text).toLowerCase();
  if (name.length > 253 || !(host.test(name) || text.toLowerCase() === 'localhost')) return false;
  return hostnameOf(name) === name;
}

/** What a browser makes of a name: `1.1.1.0x1` is the address 1.1.1.1 to it, and `a.0x1f` nothing at all. */
function hostnameOf(name: string): string | undefined {
  return URL.parse(`http://${name}`)?.hostname;
}

/** Why a text is not a domain, with what was probably meant. */
function complaintOf(written: string): string | undefined {
  if (isDomain(written)) return undefined;
  const what = `"${written.length <= 60 ? written : `${written.slice(0, 57)}...`}" is not a domain`;
  if (written.trim() === '*') return `${what}; to allow all domains, say allowAllDomains: true`;
  const name = nameIn(written);
  if ([name, hostnameOf(name) ?? ''].some((one) => isIP(one.replace(/^\[(.*)\]$/s, '$1')) !== 0)) {
    return `${what} but an IP address; give the name of the host`;
  }
  const near = [name, domainToASCII(name)].find(isDomain);
  if (near === undefined) return `${what}; give the name of a host, as www.example.com`;
  const hint = name === near ? 'give the name of the host alone' : 'write it as browsers send it';
  return `${what}; ${hint} (did you mean "${near}"?)`;
}

/** What is left of an address without all that is no name: scheme, user, port, path, dots and spaces at the ends. */
function nameIn(written: string): string {
  const bare = written
    .slice(0, 1000)
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\/|^\/\//i, '')
    .replace(/[/?#\\].*$/s, '')
    .replace(/^.*@/s, '')
    .replace(/^(\[.*\]|[^:[]*):\d*$/s, '$1');
  return bare.replace(/^\.+|\.+$/g, '').toLowerCase();
}
