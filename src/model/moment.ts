/** `2026-11-21 08:20:11Z`: to the second, in UTC wherever it is read, so that two people mean the same moment. */
export function stamp(at: string | Date): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '(no date)';
  return date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}
