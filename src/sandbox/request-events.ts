/** A moment in the life of a request. */
export interface RequestEvent {
  /** As in the list of requests. */
  n: number;
  method: string;
  /** With the query. */
  path: string;
  /** As published, e.g. `/api/v2/integrations/actions/{actionId}`. */
  pathTemplate: string;
  /**
   * `arrived`: it is there as a whole, body included, and nothing was done yet.
   * `served`: what it asks for was done or refused, and the answer is not sent yet.
   */
  phase: 'arrived' | 'served';
  /** Of the answer to come, in the phase `served`. */
  status?: number;
}

/** Called at once; the request waits for the promise that it may return. */
export type RequestListener = (event: RequestEvent) => void | Promise<void>;

/** Who listens to requests. */
export interface RequestEvents {
  /** Returns the way to stop listening. */
  add(listener: RequestListener): () => void;
  tell(event: RequestEvent): Promise<void>;
}

export function requestEvents(): RequestEvents {
  const listeners = new Set<RequestListener>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async tell(event) {
      await Promise.all([...listeners].map((listener) => listener(event)));
    },
  };
}
