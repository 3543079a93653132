const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A duration such as `90m`, `2h`, `1d12h`, in milliseconds; undefined where the text is none. */
export function durationOf(text: string): number | undefined {
  if (!/^(\d{1,6}[smhdw])+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+)([smhdw])/g);
  return Array.from(parts, ([, n, unit]) => Number(n) * units[unit as keyof typeof units]).reduce((a, b) => a + b, 0);
}
