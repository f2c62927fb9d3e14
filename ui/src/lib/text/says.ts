/** The platform's own words between ours. Pure: a quotation that does not end as a sentence gets its full stop behind the closing mark. */
import { m } from '$lib/paraglide/messages';

/** Whether a text ends as a sentence does, quotation marks and brackets aside. */
const isEnded = (text: string): boolean => /[.!?…。！？][)\]"'”’»]*$/u.test(text);

/** `The platform says: “No such instance”.`; shown as given, so hostile text is made visible before. */
export function serverSays(message: string): string {
  const words = message.trim();
  const said = m.failure_server_says({ message: words });
  return isEnded(words) ? said : m.text_ended({ text: said });
}

/** A text that another sentence may follow. */
export const ended = (text: string): string => (isEnded(text.trim()) ? text.trim() : m.text_ended({ text: text.trim() }));
