import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * What bodies of entries have in common, the most frequent last. It is frozen: files in the field hold what was packed with
 * it. Another one would be told apart by a first byte of its own.
 */
const dictionary = Buffer.from(
  `{"digest":"","finishedAt":"2026-","id":"","mode":"apply","organization":"","reason":"ReconciliationSucceeded","revision":"main@sha1:","startedAt":"","status":"succeeded","summary":{"create":0,"delete":0,"held":0,"unchanged":0,"update":0},"target":"","trigger":"schedule"}"drift":1,"ended":{"at":"","how":"healed","runId":""},"story":{"against":{"commit":"","revision":"main@sha1:"},"deeds":[{"action":"Update","at":"","auditId":"","by":{"client":{"id":"","name":""},"user":{"id":"","name":""}},"changes":[{"from":[""],"property":"{"object":{"id":"","key":"","type":"data-action"},"records":[{"action":"Create","action":"Publish","action":"Update","at":"2026-","changes":[{"from":[""],"property":"config.","to":[""]}],"clientId":"","entities":[""],"entityType":"Configuration","entityType":"Flow","entityType":"Action","id":"","name":"","remoteIp":["10."],"service":"WebDeployments","service":"Architect","service":"Integrations","status":"SUCCESS","transaction":""}],"writes":[{"intent":1,"match":"unmatched","records":[],"step":"","why":""},{"intent":1,"match":"matched","records":[""],"step":"publish"}]}{"action":"create","cause":"create","{"action":"delete","{"action":"update","cause":"commit","commit":{"at":"2026-","author":{"email":"@example.com","name":""},"committer":{"email":"noreply@github.com","name":"GitHub"},"message":"Merge pull request #","sha":""},"fields":[{"by":"FlowTimeout/{"by":"Timeout/{"by":"DataAction/","from":"","path":"/config/request/","title":"","to":""}],"kind":"Schedule","kind":"WebMessagingConfiguration","kind":"Flow","kind":"DataAction","name":"","object":{"id":"custom_-_","key":"Web Services Data Actions/","type":"flow","type":"web-messaging-configuration","type":"data-action"},"receipt":{"activationMs":,"requests":[{"attempts":1,"correlationId":"","durationMs":1,"method":"PATCH","pathTemplate":"/api/v2/integrations/actions/{actionId}","serverDate":"2026-","status":200}],"versionAfter":"2","versionBefore":"1"},"status":"applied"}{"action":"update","at":"2026-","bodyHash":"","by":"DataAction/","method":"PUT","method":"POST","object":{"id":"custom_-_","key":"Web Services Data Actions/","type":"data-action"},"path":"/api/v2/flows/actions/publish","path":"/api/v2/webdeployments/configurations/{configurationId}/versions/draft/publish","path":"/api/v2/integrations/actions/{actionId}/draft","sets":{"/config/":""},"step":"publish","version":"1"}`,
);

const version = 1;

/** A window that holds the dictionary, and little to set up for texts that are short. */
const options = { dictionary, windowBits: 12, memLevel: 5 };

/** A text in about a third of its space: entries are short, many, and alike. */
export function pack(text: string): Uint8Array {
  return Buffer.concat([Buffer.of(version), deflateRawSync(text, options)]);
}

export function unpack(packed: Uint8Array): string {
  if (packed[0] !== version)
    throw new Error(`an entry of the journal is packed in a way ${packed[0]} that is not known`);
  return inflateRawSync(packed.subarray(1), options).toString('utf8');
}
