import { invalidSchedule } from '../daemon/index.ts';
import type { DaemonConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';

/** Refuses what the daemon alone has a use for and cannot use: schedules and time zones. */
export function checkSchedules({ source, targets }: Pick<DaemonConfig, 'source' | 'targets'>): void {
  const poll = 'url' in source ? source.poll : undefined;
  for (const expression of [poll, ...targets.map(({ schedule }) => schedule)]) {
    const problem = expression === undefined ? undefined : invalidSchedule(expression);
    if (problem !== undefined) throw new Failure('ConfigurationInvalid', `${problem}; write it as "*/5 * * * *"`);
  }
  for (const { name, timeZone } of targets) {
    if (timeZone === undefined || isTimeZone(timeZone)) continue;
    throw new Failure(
      'ConfigurationInvalid',
      `"${timeZone}", of target "${name}", is no time zone; one looks like Europe/Berlin`,
    );
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
