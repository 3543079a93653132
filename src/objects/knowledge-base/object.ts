import { lookedUp } from '../looked-up.ts';

/** The official clients name no largest page; 100 is what they ask for. */
export const knowledgeBase = lookedUp(
  { type: 'knowledge-base', label: 'knowledge base' },
  { path: '/api/v2/knowledge/knowledgebases', cursor: true, query: { pageSize: 100 } },
);
