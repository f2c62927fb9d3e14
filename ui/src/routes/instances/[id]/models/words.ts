/** What models and policies are called on screen. Decisions are made elsewhere; here they get their words. */
import type { ModelOffer, PolicyPushed } from '$lib/ipc/bindings';
import { decimal, money, type NoNumber } from '$lib/models/cost';
import { m } from '$lib/paraglide/messages';

/** Per million tokens; null where either half is not known. */
export function priceText({ inputCost, outputCost }: ModelOffer): string | null {
  const [input, output] = [decimal(inputCost), decimal(outputCost)];
  return input === null || output === null ? null : m.models_price({ input: money(input), output: money(output) });
}

export function noNumberText(why: NoNumber): string {
  switch (why) {
    case 'noUsage': return m.models_cost_no_usage();
    case 'noTokens': return m.models_cost_no_tokens();
    case 'nowUnknown': return m.models_cost_no_now();
    case 'nowPriceUnknown': return m.models_cost_no_now_price();
    case 'thenPriceUnknown': return m.models_cost_no_then_price();
    case 'noPrimary': return m.models_cost_no_primary();
  }
}

export function pushedText(pushed: PolicyPushed): { title: string; text: string } {
  switch (pushed) {
    case 'pushed': return { title: m.models_pushed(), text: m.models_pushed_text() };
    case 'storedOnly': return { title: m.models_stored(), text: m.models_stored_text() };
    case 'unknown': return { title: m.models_push_unknown(), text: m.models_push_unknown_text() };
  }
}
