/** Why a view could not be kept under a name, for the field it was typed in. Pure. */
import type { Failure } from '$lib/ipc/bindings';
import { m } from '$lib/paraglide/messages';
import { failureText } from '$lib/text/failure';

export function nameError(failure: Failure): string {
  const kind = failure.code.type === 'invalid' ? failure.code.fields[0] : undefined;
  if (kind?.type === 'taken') return m.views_name_taken();
  if (kind?.type === 'tooMany') return m.views_too_many();
  if (kind?.loc[0] === 'name') return m.views_name_length();
  if (kind) return m.views_filter_length();
  const { title, next } = failureText(failure);
  return `${title}. ${next}`;
}
