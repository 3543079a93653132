import type { Json, JsonObject } from './json.ts';

/**
 * One call of the Genesys API. `path` is the template of the published specification
 * (`/api/v2/integrations/actions/{actionId}`), so that logs and metrics stay bounded; `params` fill it, encoded.
 */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  params?: Record<string, string>;
  query?: Record<string, string | number | boolean>;
  body?: Json;
  /** Sent as `If-Match`: an `ETag` as it was answered, or a version. */
  ifMatch?: string;
}

export type ReadRequest = Omit<ApiRequest, 'method' | 'body'> & {
  /** True for a list that is read by cursors (`before`, `after`) and knows no page numbers. */
  cursor?: true;
};

/** What one request cost and how it can be found again in Genesys's logs. */
export interface RequestReceipt {
  method: string;
  pathTemplate: string;
  status: number;
  /** 1 where the first try succeeded. */
  attempts: number;
  correlationId?: string;
  /** The `Date` header of the answer (ISO 8601): Genesys's clock, not ours. */
  serverDate?: string;
  durationMs: number;
}

export interface Answer {
  body: Json;
  receipt: RequestReceipt;
  /** The `ETag` header, as it came. */
  etag?: string;
}

/** One try of one request as it went over the wire, for metrics. */
export interface RequestSeen {
  method: string;
  /** `/api/v2/integrations/actions/{actionId}`: bounded in number. */
  pathTemplate: string;
  /** 0 where no answer came. */
  status: number;
  durationMs: number;
}

/** A text for a presigned URL: sent with exactly these headers, and no token. The URL is a secret while it is valid. */
export interface Upload {
  url: string;
  headers: Record<string, string>;
  text: string;
}

/** Read access to one organisation. Read-only commands and targets in `observe` mode hold nothing more. */
export interface Reader {
  /** A GET answered with JSON. Throws a Failure; 404 is `Gone`. */
  get(request: ReadRequest): Promise<Answer>;
  /** A GET answered with text, or undefined for 404. */
  text(request: ReadRequest): Promise<string | undefined>;
  /** All pages of a list, in order, or a Failure (`ListIncomplete`, ...): never a part. */
  list(request: ReadRequest): Promise<JsonObject[]>;
  /** A POST without effect on configuration, from a fixed list of paths; retried like a GET. */
  ask(request: ReadRequest & { body: Json }): Promise<Answer>;
  /** A GET of a presigned URL, without a token. Throws `Gone` for 403 and 404: such URLs expire. */
  download(url: string): Promise<string>;
  /** Waits so many milliseconds, for what is polled. Throws `Interrupted` when the run is asked to stop. */
  wait(ms: number): Promise<void>;
  /** The OAuth client that all this is done as: whose locks and versions are our own. */
  readonly clientId: string;
}

/** Write access. Only the engine calls `send`; objects write through `ctx.write`, which puts the intent on disk first. */
export interface Writer extends Reader {
  /**
   * Sent once, but for answers that prove that nothing happened (401, 403, 429): a write is never repeated blindly.
   * `before` is called at the last moment before each try leaves, after any wait; where it throws, nothing is sent.
   */
  send(request: ApiRequest, before?: () => void): Promise<Answer>;
  /**
   * A PUT to a presigned URL, once. Throws `Gone` where the URL is refused (403, 404: it has expired), and `Unsettled` where
   * no answer came. The receipt's `pathTemplate` is `(presigned)`, since such URLs are secrets.
   */
  upload(upload: Upload, before?: () => void): Promise<Answer>;
}
