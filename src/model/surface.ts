import type { AuditSource } from './audit.ts';
import type { Json } from './json.ts';

/** What differs between families of endpoints. Data: nothing outside objects/ asks which one it has in hand. */
export interface Surface {
  /** As documents, object types and targets name it: `platform`. */
  name: string;
  token: TokenRequest;
  /** POSTs that change no configuration, by the template of their path: queries and jobs that only look. */
  asks: readonly string[];
  /** Where a target that names none finds its credentials and its host. */
  defaults?: TargetDefaults;
  /**
   * Cause and fix of a refusal, in sentences, in the place of the client's own words; undefined where the endpoint is none of
   * this surface's, or nothing better can be said.
   */
  advise(refusal: Refused): string | undefined;
  audits?: AuditSource;
}

/** How a token is asked for, always with the grant `client_credentials`. */
export interface TokenRequest {
  /** `POST <host>/oauth/token`: at the login host of a region, or at the API's own. */
  at: 'login' | 'api';
  /** Client id and secret as a Basic header, or in the form beside the grant. */
  credentials: 'header' | 'form';
  /** True where the scopes are named in the request: those of the surface's kinds. */
  scoped: boolean;
  /** Seconds that a token is good for where the answer does not say it; without it such an answer is refused. */
  expiresIn?: number;
}

/** Environment variables of the daemon. */
export interface TargetDefaults {
  clientId: { fromEnv: string };
  clientSecret: { fromEnv: string };
  /** The API's host without a scheme, and which it is where the variable is not set. */
  apiHost: { fromEnv: string; otherwise: string };
}

/** A refusal, as a surface may know more of it. The token endpoint's is `/oauth/token`. */
export interface Refused {
  status: number;
  method: string;
  /** `/api/v2/flows/{id}`: by which a surface knows its endpoints. */
  pathTemplate: string;
  params: Readonly<Record<string, string>>;
  body?: Json | undefined;
  /** OAuth scopes that the token was asked with, where it was. */
  scopes?: readonly string[];
}
