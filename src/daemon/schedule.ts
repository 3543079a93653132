import cron from 'node-cron';

export interface Tick {
  /** Six or five fields, as node-cron reads them. */
  expression: string;
  timeZone?: string;
  run(): Promise<void>;
}

/** Calls each tick on its schedule, never twice at once: a tick that is still running swallows the next. */
export function schedule(ticks: readonly Tick[]): { stop(): Promise<void> } {
  const tasks = ticks.map(({ expression, timeZone, run }) =>
    cron.schedule(expression, run, { noOverlap: true, ...(timeZone === undefined ? {} : { timezone: timeZone }) }),
  );
  return {
    async stop() {
      await Promise.all(tasks.map((task) => task.destroy()));
    },
  };
}

/** Why an expression is no schedule; undefined where it is one. */
export function invalidSchedule(expression: string): string | undefined {
  return cron.validate(expression) ? undefined : `"${expression}" is not a cron expression`;
}
