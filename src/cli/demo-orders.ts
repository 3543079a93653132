import { recorded } from './demo-admin.ts';
import { tellAudit } from './demo-reports.ts';
import { type Act, apply, aside, changes, isBy, type Stage, say } from './demo-stage.ts';

/** What the third organisation adds to the story: the same engine on endpoints of another surface. */
export function ordersActs(stage: Stage): Act[] {
  const { orders } = stage;
  const [shop, outlet] = orders.target.organizations as [string, string];
  const { state } = orders.sandbox;
  const delayIn = (id: string): unknown =>
    (state.webChat(id)?.configuration?.content as { greetings?: { delayMs?: number } } | undefined)?.greetings?.delayMs;

  return [
    {
      title: 'Another organisation speaks another surface: four kinds more, and one publish of its flow',
      async play() {
        const { outcomes } = await apply(stage, orders, briefly);
        const publishes = orders.sandbox.requests().filter(({ path }) => path.endsWith('/publish'));
        const isReplicated = outcomes.some(({ receipt }) => receipt.acknowledgedMs !== undefined);
        const isWritten = outcomes.length === 5 && outcomes.every(({ status }) => status === 'applied');
        return isWritten && publishes.length === 1 && isReplicated && delayIn(outlet) === delayIn(shop);
      },
    },
    {
      title: 'Somebody slows its web chat down: healed, with the record of its own audit log',
      async play() {
        const since = new Date();
        const wished = delayIn(shop);
        aside('Sandbox Admin lets the web chat greet after ten seconds');
        state.editWebChat(shop, { greetings: { delayMs: 10_000 } });
        await recorded(orders);
        const { plan, outcomes } = await apply(stage, orders, changes);
        await recorded(orders);
        say('');
        const audited = await tellAudit(stage, orders, { resource: 'WebChatConfiguration/shop-chat', since });
        const isNamed = plan.changes.length === 1 && isBy(plan.changes[0]!.drift, 'Sandbox Admin');
        const isMatched = audited.length === 2 && audited.every(({ match }) => match === 'matched');
        return isNamed && outcomes.length === 1 && isMatched && delayIn(shop) === wished;
      },
    },
  ];
}

/** Of what is there for the first time only some fields are told, and how many others there are. */
function* briefly(lines: Iterable<string>): Iterable<string> {
  let left = 0;
  const others = (): string[] => (left === 0 ? [] : [`    … and ${left} fields more`]);
  for (const line of lines) {
    if (line.startsWith('    ') && !/→|✓|Order Status ›| script:|messages|primary|contrast/.test(line)) {
      left++;
      continue;
    }
    if (!line.startsWith('    ')) {
      yield* others();
      left = 0;
    }
    yield line;
  }
}
