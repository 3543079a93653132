import type { Log } from '../../src/model/log.ts';
import { logSections } from '../../src/model/log-lines.ts';

export interface Written {
  level: string;
  message: string;
  /** With those of whoever made the log (`child`), as they stand in a line. */
  fields: Record<string, unknown>;
}

/** A log that keeps whole lines. */
export function wholeLines(): { log: Log; lines: Written[] } {
  const lines: Written[] = [];
  const logWith = (bound: object): Log => {
    const at = (level: string) => (fields: object, message: string) => {
      // As in JSON: what is undefined is not there.
      lines.push({ level, message, fields: JSON.parse(JSON.stringify({ ...bound, ...fields })) });
    };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => logWith({ ...bound, ...fields }),
    };
  };
  return { log: logWith({}), lines };
}

const levels: Record<number, string> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

/** The log lines of a process; whatever else stands there is left out, and a line that was cut off. */
export function linesIn(stderr: string): Written[] {
  return stderr.split('\n').flatMap((text) => {
    if (!text.startsWith('{"level":') || !text.endsWith('}')) return [];
    const { level, time: _time, msg, ...fields } = JSON.parse(text) as Record<string, unknown>;
    return [{ level: levels[Number(level)] ?? String(level), message: String(msg), fields }];
  });
}

/** What the table of lines does not say: other messages, levels and fields. */
export function unsaid(lines: readonly Written[]): string[] {
  return [...new Set(lines.flatMap(flaws))];
}

function flaws({ level, message, fields }: Written): string[] {
  const section = logSections.find((one) => Object.hasOwn(one.lines, message));
  const line = section?.lines[message];
  if (section === undefined || line === undefined) return [`no line "${message}"`];
  const known = new Set([...Object.keys(line.fields), ...section.context, 'target']);
  // Within a field only what the table tells of is compared: it tells of all or of none.
  const told = (name: string): boolean => [...known].some((one) => one.startsWith(name.replace(/\.[^.]+$/, '.')));
  const others = namesIn({ level, message, fields }).filter(
    (name) => !known.has(name) && (!name.includes('.') || told(name)),
  );
  return [
    ...([line.level].flat().includes(level as never) ? [] : [`"${message}" at ${level}`]),
    ...others.map((name) => `"${message}" with ${name}`),
  ];
}

/** Its fields, and those within them. */
export function namesIn({ fields }: Written): string[] {
  return Object.entries(fields).flatMap(([name, value]) => [name, ...inside(name, value)]);
}

/** `requests` -> `requests[].method`, `commit` -> `commit.sha`. */
function inside(name: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item).map((key) => `${name}[].${key}`));
  return keysOf(value).map((key) => `${name}.${key}`);
}

function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
