/**
 * The language and region numbers and times are written in. Minimal systems report names such as `C` or `POSIX`,
 * which `Intl` refuses: those fall back to English.
 */
export function usableLocale(wanted: readonly string[], spoken = 'en'): string {
  for (const name of wanted) {
    try {
      if (Intl.getCanonicalLocales(name).length > 0 && new Intl.Locale(name).language === spoken) return name;
    } catch {
      // Not a language tag: the next one.
    }
  }
  return spoken;
}

/** Read once: a changed region shows at the next start. */
export const locale = usableLocale(typeof navigator === 'undefined' ? [] : [...(navigator.languages ?? []), navigator.language ?? '']);
