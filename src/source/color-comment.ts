/**
 * A colour that was written without quotes: to YAML it is a comment, and the value before it is empty, which would clear
 * the field. Comments of people have a space after the `#`.
 */
const comment = /[ \t]*(#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8}))(?![\w-])/iy;

export interface ColorComment {
  message: string;
  offset: number;
}

/** The colour that stands as a comment right after this place, if one does. */
export function colorComment(text: string, after: number): ColorComment | undefined {
  comment.lastIndex = after;
  const color = comment.exec(text)?.[1];
  if (color === undefined) return undefined;
  const message = `this is a comment to YAML, and the value is empty; write '${color}' in quotes`;
  return { message, offset: comment.lastIndex - color.length };
}

/**
 * The same within `{...}` or `[...]`, whose end the comment swallows, so that YAML misses it later: the last one in the
 * characters before that place.
 */
export function swallowedEnd(text: string, missed: number): ColorComment | undefined {
  const from = Math.max(0, missed - 500);
  const values = [...text.slice(from, missed).matchAll(/[:,[{][ \t]+(?=#)/g)];
  return values
    .map(({ index, 0: { length } }) => colorComment(text, from + index + length))
    .findLast((color) => color !== undefined);
}
