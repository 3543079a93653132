import { asFailure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import type { Problem } from '../model/problem.ts';
import { concurrency } from './read.ts';
import { Slots } from './slots.ts';
import type { ObjectState } from './state.ts';

/** What Genesys itself says of the live objects that somebody wishes something of, as warnings. */
export async function inspect(states: readonly ObjectState[], reader: Reader): Promise<Problem[]> {
  const slots = new Slots(concurrency);
  const asked = states.map(({ type, wish, live }) =>
    slots.use(async (): Promise<Problem[]> => {
      if (type.inspect === undefined || wish.id === undefined || live === undefined) return [];
      const resource = wish.owner ?? wish.by[0]!;
      const said = await type.inspect(reader, { id: wish.id, name: wish.name }).catch((error: unknown) => {
        // Who asks for it may not be allowed to; the plan itself is as good as it was.
        return [`${type.label} "${wish.name}" was not looked at: ${asFailure(error).message}`];
      });
      return said.map((message) => ({ code: 'found-by-genesys', message, resource }));
    }),
  );
  const found = (await Promise.all(asked)).flat();
  const looked = states.filter(({ type, wish, live }) => type.inspect && wish.id !== undefined && live !== undefined);
  const none = `Genesys looked at ${looked.length} live ${looked.length === 1 ? 'object' : 'objects'}, not at the files, and found nothing wrong`;
  const all: Problem[] = [{ code: 'found-by-genesys', message: none }];
  return found.length === 0 && looked.length > 0 ? all : found;
}
