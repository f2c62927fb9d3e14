/** What the tools are called that a message speaks of. Pure; the shapes are those of the usual model APIs. */

/** The names in a call, in a list of calls, or in what a tool answered; none where nothing has one. */
export function toolNames(value: unknown): string[] {
  const found = (Array.isArray(value) ? value : [value]).flatMap((entry: unknown) => (Array.isArray(entry) ? entry : [entry])).map(nameOf);
  return [...new Set(found.filter((name) => name !== ''))];
}

function nameOf(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return '';
  const { name, function: call } = entry as { name?: unknown; function?: unknown };
  if (typeof name === 'string') return name.trim();
  return typeof call === 'object' ? nameOf(call) : '';
}
