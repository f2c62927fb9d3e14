/** What an agent answers: Markdown of every kind, in pieces as they would come over the wire. Pure. */
const LIST = `Two bookings for tomorrow have no deposit yet:

| when | what | due |
| --- | --- | ---: |
| 09:30 | sailing course, 2 places | €80 |
| 13:00 | boat hire, 3 hours | €120 |

Here is a short reminder that fits both:

> Your booking for tomorrow waits for its deposit. The link is valid until 18:00.

Shall I send it **now**, or at 18:00 when they usually answer?`;

const CODE = `This is the query I used:

\`\`\`sql
select guest, starts_at, deposit
from bookings
where starts_at::date = current_date + 1 and deposit is null;
\`\`\`

1. It looks at tomorrow alone.
2. Cancelled bookings are not in the table.

More in [the manual](https://docs.example.org/bookings).`;

const PLAIN = 'Done. I have noted it and will come back to you when something changes.';

export function answerTo(message: string): string {
  if (/code|query|how/i.test(message)) return CODE;
  if (/book|list|which|deposit/i.test(message)) return LIST;
  return PLAIN;
}

/** A reply in pieces of a word or two. */
export function pieces(reply: string): string[] {
  return reply.match(/\S+\s*|\s+/g) ?? [];
}
