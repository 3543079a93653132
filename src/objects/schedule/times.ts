const local = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/;

/** `YYYY-MM-DDTHH:mm:ss.SSS`, as the API answers local times; a text that is no local time is left as it is. */
export function canonicalTime(text: string): string {
  const [, day, minute, second = '00', fraction = ''] = local.exec(text) ?? [];
  return day === undefined ? text : `${day}T${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`;
}

/** As a person writes it: without what is zero at the end. */
export function shortTime(text: string): string {
  return canonicalTime(text).replace(/(?::00)?\.000$/, '');
}

/** Milliseconds since 1970 as if the time were UTC, for comparing; undefined for what is no time, such as 30 February. */
export function instantOf(text: string): number | undefined {
  const time = canonicalTime(text);
  const instant = Date.parse(`${time}Z`);
  return Number.isNaN(instant) || new Date(instant).toISOString() !== `${time}Z` ? undefined : instant;
}
