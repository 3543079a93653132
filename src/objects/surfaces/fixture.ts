/** What the surfaces differ in is no kind's: their own tests, the client's and those of the audit trail meet these quirks. */
export const fixtures = [];
export const quirks = ['rate-limit-', 'audit-', 'oauth-'];
