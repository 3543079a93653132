import { didYouMean } from '../../model/suggest.ts';
import { unlistedZones } from './unlisted-zones.ts';

/** The names of the IANA database. */
const zones: ReadonlySet<string> = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', ...unlistedZones]);
const spellings: ReadonlyMap<string, string> = new Map([...zones].map((zone) => [zone.toLowerCase(), zone]));

/** Why a text is no time zone; undefined where it is one. Older names of zones, which the database keeps, are good as well. */
export function zoneFault(zone: string): string | undefined {
  if (zones.has(zone)) return undefined;
  const spelling = spellings.get(zone.toLowerCase());
  if (spelling === undefined && isNewer(zone)) return undefined;
  // Abbreviations are all near each other: EST is not what was meant by PST.
  const near = zone.length <= 4 ? '' : didYouMean(zone, zones);
  const hint = spelling === undefined ? near : ` (did you mean "${spelling}"?)`;
  return `"${zone}" is no time zone of the IANA database${hint}; one reads like Europe/Dublin`;
}

/**
 * A name that the database got after ours was made. Intl knows more than names of zones: offsets such as +02:00, and
 * abbreviations such as PST.
 */
function isNewer(zone: string): boolean {
  if (!/^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)+$/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
