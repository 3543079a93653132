import { type ApiError, invalid } from '../errors.ts';
import { isObject, type JsonObject, objectAt } from '../json.ts';
import type { World } from '../world.ts';

/**
 * Refuses what the published descriptions forbid, and references to what is not there (the form of that refusal is
 * UNCONFIRMED). @throws ApiError 400 with the first problem, all of them in `details`
 */
export function checkConfiguration(world: World, content: JsonObject): void {
  const problems = [...languages(content), ...notifications(content), ...references(world, content)];
  const [first] = problems;
  if (!first) return;
  throw invalidWith(
    first,
    problems.flatMap(({ extra }) => extra.details ?? []),
  );
}

function invalidWith(first: ApiError, details: NonNullable<ApiError['extra']['details']>): ApiError {
  const error = invalid(first.message);
  error.extra.details = details;
  return error;
}

/** "required if the messenger is enabled". */
function languages(content: JsonObject): ApiError[] {
  const listed = content['languages'] as string[] | undefined;
  const main = content['defaultLanguage'];
  const needed = objectAt(content, 'messenger')['enabled'] === true;
  return [
    ...(needed && !listed?.length
      ? [invalid('languages may not be empty if the messenger is enabled', 'languages')]
      : []),
    ...(needed && !main ? [invalid('defaultLanguage is required if the messenger is enabled', 'defaultLanguage')] : []),
    ...(main && listed?.length && !listed.includes(main as string)
      ? [invalid(`defaultLanguage ${main} is none of languages`, 'defaultLanguage')]
      : []),
  ];
}

/** "When enabled, PushNotificationTitle and PushNotificationBody localization keys are required." */
function notifications(content: JsonObject): ApiError[] {
  const conversations = objectAt(objectAt(objectAt(content, 'messenger'), 'apps'), 'conversations');
  if (objectAt(conversations, 'notifications')['enabled'] !== true) return [];
  const labels = ((content['customI18nLabels'] ?? []) as JsonObject[]).flatMap(
    (of) => (of['localizedLabels'] ?? []) as JsonObject[],
  );
  return ['PushNotificationTitle', 'PushNotificationBody']
    .filter((key) => !labels.some((label) => label['key'] === key))
    .map((key) => invalid(`${key} is required if notifications are enabled`, 'customI18nLabels'));
}

function references(world: World, content: JsonObject): ApiError[] {
  const base = (holder: JsonObject, field: string): ApiError[] => {
    const { knowledgeBase } = holder;
    if (!isObject(knowledgeBase) || world.knowledgeBases.get(String(knowledgeBase['id']))) return [];
    return [invalid(`Knowledge base ${knowledgeBase['id']} does not exist`, field)];
  };
  const { integrationId } = objectAt(content, 'authenticationSettings');
  return [
    ...base(objectAt(objectAt(objectAt(content, 'messenger'), 'apps'), 'knowledge'), 'messenger.apps.knowledge'),
    ...base(objectAt(content, 'supportCenter'), 'supportCenter.knowledgeBase'),
    ...(integrationId !== undefined && !world.integrations.get(String(integrationId))
      ? [invalid(`Integration ${integrationId} does not exist`, 'authenticationSettings.integrationId')]
      : []),
  ];
}
