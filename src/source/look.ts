import { decode } from './text.ts';

/**
 * What a YAML file can be, by a look at its lines and without parsing it.
 *
 * `foreign`: none of its documents can be one of ours. That is proven and not guessed, so that no document hides behind a
 * reference to its file, however it is misspelt or disguised: the first content of each of its documents stands in the
 * first column and is a plain or simply quoted key, so the document is a map in block style, whose every other key stands
 * in the first column too; and all that stands there is keys that can be read off, none of which is a document's head,
 * items of a list, comments and the marks between documents. What is written in any other way (braces, escapes, anchors,
 * tags, `?`, indented as a whole) proves nothing and is parsed.
 *
 * `ours`: it says that it is a document, by a key of the head or by the name of our apiVersion.
 *
 * `unclear`: the rest; a parse tells.
 */
export type Look = 'ours' | 'foreign' | 'unclear';

/** Keys in the first column: plain, or quoted without an escape. */
const key = /^(?:([A-Za-z_][\w.-]*)|"([^"\\]*)"|'([^']*)')[ \t]*:(?=[ \t\r]|$)/;
const mark = /^(?:---|\.\.\.)[ \t]*(?:#.*)?\r?$/;
const item = /^-(?=[ \t\r]|$)/;

/** Looks at the bytes of a YAML file. */
export function lookAt(bytes: Uint8Array): Look {
  const decoded = decode(bytes);
  if ('text' in decoded) return lookAtText(decoded.text);
  // Latin-1 and UTF-16 keep the letters of our name; a document that cannot be read is still one.
  return namesUs(Buffer.from(bytes).toString('latin1').replaceAll('\0', '')) ? 'ours' : 'unclear';
}

function lookAtText(text: string): Look {
  // A carriage return alone ends a line in YAML, but not here; and the parser takes a mark behind a tab for a mark.
  let proven = !/\r(?!\n)|\t *(?:---|\.\.\.)/.test(text);
  let begins = true;
  for (let at = 0, next = 0; at < text.length; at = next) {
    const end = text.indexOf('\n', at);
    next = end === -1 ? text.length : end + 1;
    const indented = /[ \t\r\n]/.test(text.charAt(at));
    if (text.charAt(at) === '#' || (indented && !begins)) continue;
    const line = text.slice(at, end === -1 ? text.length : end);
    if (indented && /^[ \t\r]*(#|$)/.test(line)) continue;
    if (mark.test(line)) {
      begins = true;
      continue;
    }
    begins = false;
    const [whole, plain, double, single] = key.exec(line) ?? [];
    const name = plain ?? double ?? single;
    if (name === 'apiVersion' || name === 'kind') return 'ours';
    if (whole === undefined ? !item.test(line) : name === 'metadata' || name === 'spec') proven = false;
  }
  if (proven) return 'foreign';
  return namesUs(text) ? 'ours' : 'unclear';
}

function namesUs(text: string): boolean {
  return text.includes('genesys-gitops/');
}
