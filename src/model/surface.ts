import type { AuditSource } from './audit.ts';

/** What differs between families of endpoints. Data: nothing outside objects/ asks which one it has in hand. */
export interface Surface {
  /** As documents and object types name it: `platform`. */
  name: string;
  audits?: AuditSource;
}
