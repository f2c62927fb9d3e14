//! From terms to text: one way to write each. What is printed is read as what it was printed from.

use super::parse::UNITS;
use super::{Bound, Comparison, Filter, Pattern, Piece, Term, Test};
use std::fmt::{self, Display, Formatter, Write};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, term) in self.terms.iter().enumerate() {
            if at > 0 {
                f.write_char(' ')?;
            }
            term.fmt(f)?;
        }
        Ok(())
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_char('-')?;
        }
        if let Some(field) = self.test.field() {
            write!(f, "{}:", field.word())?;
        }
        match &self.test {
            Test::Anywhere(pattern) => pattern.fmt(f),
            Test::Words(_, patterns) => list(f, patterns),
            Test::Time(_, bounds) => list(
                f,
                bounds.iter().map(|bound| Bound { comparison: bound.comparison, limit: Time(bound.limit) }),
            ),
            Test::Cost(bounds) => list(f, bounds),
            Test::Star(stars) => list(f, stars.iter().map(|star| if *star { "yes" } else { "no" })),
        }
    }
}

fn list(f: &mut Formatter<'_>, values: impl IntoIterator<Item = impl Display>) -> fmt::Result {
    for (at, value) in values.into_iter().enumerate() {
        if at > 0 {
            f.write_char(',')?;
        }
        value.fmt(f)?;
    }
    Ok(())
}

/// Seconds, in the largest unit that leaves no rest.
struct Time(i64);

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let fits = |(_, seconds): &&(char, i64)| self.0 != 0 && self.0 % seconds == 0;
        let (letter, seconds) = UNITS.iter().rev().find(fits).unwrap_or(&UNITS[0]);
        write!(f, "{}{letter}", self.0 / seconds)
    }
}

impl<T: Display> Display for Bound<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let sign = match self.comparison {
            Comparison::Over => ">",
            Comparison::AtLeast => ">=",
            Comparison::AtMost => "<=",
            Comparison::Under => "<",
        };
        write!(f, "{sign}{}", self.limit)
    }
}

/// A letter that means something in a bare word.
fn is_special(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\\' | '"' | ',' | '*' | ':' | '<' | '>')
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.literal() {
            Some(text) if text.is_empty() || text.starts_with('-') || text.contains(is_special) => {
                f.write_char('"')?;
                for letter in text.chars() {
                    if matches!(letter, '"' | '\\') {
                        f.write_char('\\')?;
                    }
                    f.write_char(letter)?;
                }
                f.write_char('"')
            }
            Some(text) => f.write_str(text),
            None => self.bare(f),
        }
    }
}

impl Pattern {
    /// Stars have no place between quotes: what is special beside them is escaped.
    fn bare(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, piece) in self.0.iter().enumerate() {
            let Piece::Text(text) = piece else {
                f.write_char('*')?;
                continue;
            };
            for (place, letter) in text.chars().enumerate() {
                if is_special(letter) || (letter == '-' && at == 0 && place == 0) {
                    f.write_char('\\')?;
                }
                f.write_char(letter)?;
            }
        }
        Ok(())
    }

    /// A value as it is written into a filter.
    pub(super) fn of_text(text: &str) -> Self {
        match text {
            "" => Self::default(),
            text => Self(vec![Piece::Text(text.to_owned())]),
        }
    }
}
