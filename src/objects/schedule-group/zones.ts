import { didYouMean } from '../../model/suggest.ts';

/** The names of the IANA database that this Node.js knows; it leaves out the one that has no place. */
const zones: ReadonlySet<string> = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC']);

/** Why a text is no time zone; undefined where it is one. Older names of zones, which the database keeps, are good as well. */
export function zoneFault(zone: string): string | undefined {
  if (zones.has(zone) || isOlderName(zone)) return undefined;
  return `"${zone}" is no time zone of the IANA database${didYouMean(zone, zones)}; one reads like Europe/Dublin`;
}

/** Intl knows zones in any letter case, and offsets such as +02:00 too, which are none. */
function isOlderName(zone: string): boolean {
  const lower = zone.toLowerCase();
  if (!/^[A-Z]/.test(zone) || [...zones].some((known) => known.toLowerCase() === lower)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/.test(zone);
  } catch {
    return false;
  }
}
