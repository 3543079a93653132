import { type CST, Parser } from 'yaml';
import { limits } from './limits.ts';

export const tooDeepMessage = `maps and lists are nested more than ${limits.depth} deep`;

/**
 * The place where nesting goes over the limit, for text on which the composer ran out of stack. Yaml's CST parser
 * keeps a stack of its own, and so does this walk: neither can overflow.
 */
export function tooDeepIn(text: string): (from: number) => { message: string; offset: number } {
  let found: number[] | undefined;
  return (from) => {
    // The whole text is parsed once, however many of its documents are too deep.
    found ??= deepOffsets(text);
    return { message: tooDeepMessage, offset: found.find((offset) => offset >= from) ?? from };
  };
}

/** The first place of every document that is too deep. */
function deepOffsets(text: string): number[] {
  const found: number[] = [];
  for (const root of new Parser().parse(text)) {
    if (root.type !== 'document' || root.value === undefined) continue;
    const stack: { token: CST.Token; depth: number }[] = [{ token: root.value, depth: 1 }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { token, depth } = top;
      if (!('items' in token)) continue;
      if (depth > limits.depth) {
        found.push(token.offset);
        break;
      }
      for (const item of token.items) {
        if (item.value) stack.push({ token: item.value, depth: depth + 1 });
        if (item.key) stack.push({ token: item.key, depth: depth + 1 });
      }
    }
  }
  return found;
}
