import type { Prepared } from '../prepare.ts';

/** The text with the division in it, before the flow's first key: a new flow is made where its file says. */
export function withDivision({ text, flow }: Prepared, division: string): string {
  const first = Object.keys(flow.body)[0];
  if (first === undefined) return text;
  const offset = flow.offsetOf(`/${flow.type}/${first}`, true);
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const entry = `division: ${JSON.stringify(division)}`;
  const isBlock = line.trim() === '';
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  return text.slice(0, offset) + entry + (isBlock ? `${end}${line}` : ', ') + text.slice(offset);
}
