/**
 * Preloaded (`--import`) into a measured process: adds up the time that it spends inside SQLite, waiting for the disk
 * included, and writes that with its CPU time and peak memory to the file that BENCH_USAGE names.
 */
import { writeFileSync } from 'node:fs';
import { DatabaseSync, StatementSync } from 'node:sqlite';

let inSqliteMs = 0;

function timed(prototype, names) {
  for (const name of names) {
    const original = Reflect.get(prototype, name);
    Reflect.set(prototype, name, function (...values) {
      const began = performance.now();
      try {
        return original.apply(this, values);
      } finally {
        inSqliteMs += performance.now() - began;
      }
    });
  }
}

timed(StatementSync.prototype, ['run', 'get', 'all', 'iterate']);
timed(DatabaseSync.prototype, ['exec', 'prepare']);

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const usage = {
    inSqliteMs,
    cpuMs: (user + system) / 1000,
    wallMs: performance.now(),
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  writeFileSync(process.env['BENCH_USAGE'], JSON.stringify(usage));
});
