/**
 * Characters that a terminal obeys or that nobody sees: controls (ESC, line breaks, tabs), marks that turn the direction of
 * writing, joiners and spaces of no width, fillers, tags, halves of characters. Those that hold an emoji together are among
 * them: a name that is told must not look like another one.
 */
export const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** `\u202e`, `\u{e0041}`. */
export function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}
