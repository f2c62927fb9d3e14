/** What is wrong with a text, and where. Belongs here: the shape alone; who finds problems is `validate.ts` and `syntax.ts`. */
export interface Problem {
  /** Offsets into the text, in UTF-16 units as JavaScript counts. */
  from: number;
  to: number;
  message: string;
  /** `info`: worth knowing where one looks, and nothing to be warned of, as a key that the schema does not know. */
  severity: 'error' | 'warning' | 'info';
}
