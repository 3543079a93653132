/** Takes secrets out of texts that a server made: an error may repeat what was sent to it. */
export interface Redactor {
  hide(secret: string): void;
  redact(text: string): string;
}

/** Secrets that are remembered: rotated ones and old tokens fall out. */
const most = 20;

export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  return {
    hide(secret) {
      if (secret === '') return;
      secrets.delete(secret);
      secrets.add(secret);
      for (const oldest of secrets) if (secrets.size > most) secrets.delete(oldest);
    },
    redact(text) {
      let clean = text;
      for (const secret of secrets) clean = clean.replaceAll(secret, '(hidden)');
      return clean.replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 (hidden)');
    },
  };
}
