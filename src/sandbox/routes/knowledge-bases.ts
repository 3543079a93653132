import type { Endpoint } from '../endpoint.ts';
import { cursorPage } from '../web/cursor.ts';
import { knowledgeBasesPath, viewKnowledgeBase } from '../web/web-view.ts';
import { knowledgeAccess } from './permissions.ts';

/** `knowledge/knowledgebases`: looked up by name. Not in the captured document; the shape is the SDK's. */
export const knowledgeBases: Endpoint[] = [
  {
    method: 'GET',
    path: knowledgeBasesPath,
    ...knowledgeAccess,
    serve: (call) => {
      const name = call.query.text('name')?.toLowerCase();
      const published = call.query.flag('published');
      const found = call.world.knowledgeBases
        .list(call.lag)
        .filter((base) => name === undefined || base.name.toLowerCase().includes(name))
        .filter((base) => published === undefined || base.published === published);
      return cursorPage(call, found, viewKnowledgeBase);
    },
  },
];
