/** A small part of the filter language, enough to work on its screen without a core. Pure. Places count characters. */
import type { FilterField, FilterProblem, FilterReading, FilterTerm, InstanceSummary, Suggestion } from '../bindings';

const fields: Partial<Record<FilterField, (row: InstanceSummary) => string | null>> = {
  status: (row) => row.status, region: (row) => row.region_id, tier: (row) => row.product_tier_name, runtime: (row) => row.runtime_type,
  customer: (row) => row.customer_email, preset: (row) => row.preset_id, provider: (row) => row.provider, name: (row) => row.agent_name,
  host: (row) => row.hostname, ip: (row) => row.ip_address, id: (row) => row.id,
};
const known = (word: string): word is FilterField => Object.hasOwn(fields, word);

interface Term { from: number; to: number; negated: boolean; field: string | null; values: string[] }

function* termsOf(text: string): Generator<Term> {
  for (const match of text.matchAll(/(-?)(?:([a-z]+):)?((?:"[^"]*"?|\S)*)/gi)) {
    if (match[0] === '') continue;
    const from = [...text.slice(0, match.index)].length;
    const [word, minus = '', field, value = ''] = match;
    const bare = (one: string) => one.replace(/^"|"$/g, '').toLowerCase();
    yield { from, to: from + [...word].length, negated: minus !== '', field: field?.toLowerCase() ?? null, values: field ? value.split(',').map(bare) : [bare(value)] };
  }
}

/** Whether a row fits: words anywhere, `region:eu-*` at the start of one field, a leading minus excludes. */
export function fits(row: InstanceSummary, text: string): boolean {
  return [...termsOf(text)].every(({ field, values, negated }) => {
    const name = field;
    if (name !== null && !known(name)) return true;
    const within = (value: string | null | undefined, wanted: string) =>
      name === null ? (value ?? '').toLowerCase().includes(wanted) : (value ?? '').toLowerCase().startsWith(wanted.replace(/\*$/, ''));
    const looked = name === null ? Object.values(fields) : [fields[name]];
    return values.some((wanted) => looked.some((read) => within(read?.(row), wanted))) !== negated;
  });
}

export function readFilter(text: string): FilterReading {
  const terms: FilterTerm[] = [];
  const problems: FilterProblem[] = [];
  for (const { from, to, negated, field } of termsOf(text)) {
    if (field !== null && !known(field)) problems.push({ from: from + Number(negated), length: field.length + 1, message: `There is no field “${field}”.` });
    else terms.push({ from, to, negated, field, text: [...text].slice(from, to).join('') });
  }
  return { terms, problems };
}

export function completeFilter(text: string, cursor: number, rows: readonly InstanceSummary[]): Suggestion[] {
  const term = [...termsOf(text)].find(({ from, to }) => from <= cursor && cursor <= to);
  const from = term ? term.from + Number(term.negated) : cursor;
  const typed = term?.values.at(-1) ?? '';
  if (!term?.field) {
    return (Object.keys(fields) as FilterField[]).filter((field) => field.startsWith(typed))
      .map((field) => ({ text: `${field}:`, from, to: term?.to ?? cursor, label: `${field}:`, field, count: null }));
  }
  const read = known(term.field) ? fields[term.field] : undefined;
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = read?.(row);
    if (value?.toLowerCase().includes(typed)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, 12)
    .map(([value, count]) => ({ text: /[\s",:]/.test(value) ? `"${value}"` : value, from: term.to - [...typed].length, to: term.to, label: value, field: null, count }));
}
