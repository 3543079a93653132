/** One call that the sandbox served, or refused, or dropped. */
export interface ServedRequest {
  /** Counts from 1 since the start. */
  n: number;
  method: string;
  /** With the query. */
  path: string;
  /** The path of the published document, e.g. `/api/v2/integrations/actions/{actionId}`; the path itself if unknown. */
  pathTemplate: string;
  /** 0 when no answer was sent (yet, or ever). */
  status: number;
  clientId?: string;
  correlationId: string;
  /** Milliseconds of the sandbox's clock. */
  at: number;
  /** The parsed body of a write, secrets left out. */
  body?: unknown;
  /** Names of the effects of the fault that struck. */
  fault?: string;
}

/** How many calls are remembered; a daemon on the demo sandbox may run for days. */
const remembered = 20_000;

export interface RequestLog {
  begin(request: Omit<ServedRequest, 'n' | 'status'>): ServedRequest;
  list(): ServedRequest[];
  clear(): void;
}

export function requestLog(): RequestLog {
  let entries: ServedRequest[] = [];
  let count = 0;
  return {
    begin(request) {
      count += 1;
      const entry = { n: count, status: 0, ...request };
      entries.push(entry);
      if (entries.length > remembered) entries = entries.slice(-remembered / 2);
      return entry;
    },
    list: () => [...entries],
    clear: () => {
      entries = [];
    },
  };
}
