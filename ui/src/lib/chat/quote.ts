/** What goes from a conversation back into the field. Pure. */

/** A text as a quotation of Markdown, with the line that ends it. */
export function quoted(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').trim().split('\n');
  return `${lines.map((line) => (line === '' ? '>' : `> ${line}`)).join('\n')}\n\n`;
}

/** A text behind what is in the field already: nothing typed is lost. */
export function added(field: string, text: string): string {
  if (field.trim() === '') return text;
  return `${field}${field.endsWith('\n') ? '' : '\n'}${text}`;
}
