import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import type { Pointer } from '../../../model/pointer.ts';
import { didYouMean } from '../../../model/suggest.ts';
import { type Finding, shown, valueAt } from './spec.ts';

/** The API's enum of `FileUploadMode.fileTypes`. */
const fileTypes = ['image/jpeg', 'image/gif', 'image/png'];

/** Kilobytes. The API's default, and the most that Genesys's own Terraform provider lets through. */
const mostKB = 10240;

/** File types and sizes that visitors may send, within what the platform takes. */
export function* uploads(spec: JsonObject): Generator<Finding> {
  for (const [i, mode] of listAt(spec, '/messenger/fileUpload/modes').entries()) {
    if (!isObject(mode)) continue;
    const at = `/messenger/fileUpload/modes/${i}`;
    const types = Array.isArray(mode['fileTypes']) ? mode['fileTypes'] : [];
    for (const [j, type] of types.entries()) {
      if (typeof type !== 'string' || fileTypes.includes(type)) continue;
      const message = `${shown(type)} cannot be listed here, only ${fileTypes.join(', ')}; other files are for the deployment's supportedContent`;
      yield { code: 'file-upload-limit', message: message + didYouMean(type, fileTypes), at: `${at}/fileTypes/${j}` };
    }
    const size = mode['maxFileSizeKB'];
    if (typeof size !== 'number' || size <= mostKB) continue;
    const message = `files of ${size} kB are too large; the most is ${mostKB} (10 MB)`;
    yield { code: 'file-upload-limit', message, at: `${at}/maxFileSizeKB` };
  }
}

/** Pictures only over https: browsers refuse others on pages that are safe themselves. */
export function* pictures(spec: JsonObject): Generator<Finding> {
  const places: Pointer[] = [
    '/messenger/launcherButton/icon/url',
    '/messenger/homeScreen/logoUrl',
    '/messenger/apps/conversations/humanize/bot/avatarUrl',
    '/video/agent/backgroundImage/url',
    '/supportCenter/styleSetting/heroStyle/image/source/defaultUrl',
  ];
  const categories = '/supportCenter/enabledCategories';
  const ofCategories = function* (): Generator<Pointer> {
    for (const i of listAt(spec, categories).keys()) yield `${categories}/${i}/image/source/defaultUrl`;
  };
  for (const part of [places, ofCategories()]) {
    for (const at of part) {
      const url = valueAt(spec, at);
      if (typeof url !== 'string' || url === '' || isSafe(url)) continue;
      const better = url.replace(/^(http:)?\/\//i, 'https://');
      const hint = better !== url && isSafe(better) ? ` (did you mean "${shown(better)}"?)` : '';
      yield { code: 'logo-not-https', message: `"${shown(url)}" is no https address of a picture${hint}`, at };
    }
  }
}

function isSafe(url: string): boolean {
  return /^https:\/\//i.test(url) && URL.canParse(url);
}

function listAt(spec: JsonObject, pointer: Pointer): Json[] {
  const list = valueAt(spec, pointer);
  return Array.isArray(list) ? list : [];
}
