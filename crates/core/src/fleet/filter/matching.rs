//! Which rows a filter lets through. Made ready once; a row then costs a few comparisons of text that is lower case already.

use super::{Bound, Comparison, Filter, FilterField, Kind, Pattern, Piece, Test};
use crate::fleet::phase;
use crate::fleet::row::Row;
use chrono::{DateTime, Utc};
use nineheads_contract::instances::Phase;
use rust_decimal::Decimal;

/// What a filter says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Fits,
    Not,
    /// What it asks is not known of this row; then it is neither in the answer nor in the answer to the opposite.
    Unknown(Asked),
}

/// Which of the measures that may be unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub age: bool,
    pub heartbeat: bool,
    pub cost: bool,
    /// What a person noted; that is always known.
    pub label: bool,
}

/// A filter made ready.
#[derive(Debug, Default)]
pub(crate) struct Compiled {
    terms: Vec<(bool, Ready)>,
    /// What any of its terms asks.
    pub asks: Asked,
}

#[derive(Debug)]
enum Ready {
    Anywhere(Glob),
    Words(FilterField, Vec<Glob>),
    Time(FilterField, Vec<Bound<i64>>),
    Cost(Vec<Bound<Decimal>>),
    Star(Vec<bool>),
}

impl Compiled {
    pub(crate) fn of(filter: &Filter) -> Self {
        let mut asks = Asked::default();
        let terms = filter.terms.iter().map(|term| {
            asks.label |= match &term.test {
                Test::Anywhere(_) | Test::Star(_) => true,
                Test::Words(field, _) => matches!(field, FilterField::Tag | FilterField::Note),
                Test::Time(..) | Test::Cost(_) => false,
            };
            let ready = match &term.test {
                Test::Anywhere(pattern) => Ready::Anywhere(Glob::of(pattern, false)),
                Test::Words(field, patterns) => {
                    let is_whole =
                        |pattern: &Pattern| field.kind() == Kind::Whole || pattern.literal().is_none();
                    let globs = patterns.iter().map(|pattern| Glob::of(pattern, is_whole(pattern)));
                    Ready::Words(*field, globs.collect())
                }
                Test::Time(field, bounds) => {
                    asks.age |= *field == FilterField::Age;
                    asks.heartbeat |= *field == FilterField::Heartbeat;
                    Ready::Time(*field, bounds.clone())
                }
                Test::Cost(bounds) => {
                    asks.cost = true;
                    Ready::Cost(bounds.clone())
                }
                Test::Star(stars) => Ready::Star(stars.clone()),
            };
            (term.negated, ready)
        });
        let terms = terms.collect();
        Self { terms, asks }
    }

    pub(crate) fn judge(&self, row: &Row, now: DateTime<Utc>) -> Verdict {
        let mut unknown = Asked::default();
        for (is_negated, ready) in &self.terms {
            match ready.holds(row, now) {
                Some(holds) if holds == *is_negated => return Verdict::Not,
                Some(_) => {}
                None => match ready {
                    Ready::Time(FilterField::Age, _) => unknown.age = true,
                    Ready::Time(..) => unknown.heartbeat = true,
                    _ => unknown.cost = true,
                },
            }
        }
        match unknown == Asked::default() {
            true => Verdict::Fits,
            false => Verdict::Unknown(unknown),
        }
    }
}

impl Ready {
    /// None where nobody can tell.
    fn holds(&self, row: &Row, now: DateTime<Utc>) -> Option<bool> {
        match self {
            Self::Anywhere(glob) => Some(glob.occurs_in(row.text.all())),
            Self::Words(field, globs) => Some(globs.iter().any(|glob| is_value(*field, glob, row))),
            Self::Time(FilterField::Age, bounds) => {
                let seconds = (now - row.summary.created_at?).num_seconds();
                Some(bounds.iter().any(|bound| bound.holds(&seconds)))
            }
            Self::Time(_, bounds) => {
                let seconds = row.known.silence()?;
                Some(bounds.iter().any(|bound| bound.holds(&seconds)))
            }
            Self::Cost(bounds) => {
                let cost = row.known.cost()?;
                Some(bounds.iter().any(|bound| bound.holds(&cost)))
            }
            Self::Star(stars) => Some(stars.contains(&row.label.as_ref().is_some_and(|label| label.starred))),
        }
    }
}

fn is_value(field: FilterField, glob: &Glob, row: &Row) -> bool {
    let value = row.text.of_field(field);
    match field {
        _ if glob.is_empty => value.is_empty(),
        FilterField::Tag => value.split(' ').any(|tag| glob.fits(tag)),
        FilterField::Status => glob.fits(value) || glob.fits(phase_word(phase(&row.summary))),
        _ => glob.fits(value),
    }
}

/// The phase as a person types it.
pub(super) fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Running => "running",
        Phase::OnItsWay => "on-its-way",
        Phase::Failed => "failed",
        Phase::Deleting => "deleting",
        Phase::Gone => "gone",
        Phase::Unknown => "unknown",
    }
}

impl<T: PartialOrd> Bound<T> {
    fn holds(&self, value: &T) -> bool {
        match self.comparison {
            Comparison::Over => *value > self.limit,
            Comparison::AtLeast => *value >= self.limit,
            Comparison::AtMost => *value <= self.limit,
            Comparison::Under => *value < self.limit,
        }
    }
}

/// A pattern in lower case: texts that must follow one another.
#[derive(Debug)]
struct Glob {
    texts: Vec<String>,
    /// The first text is the beginning.
    from_start: bool,
    /// The last text is the end.
    to_end: bool,
    /// It asks for no value at all.
    is_empty: bool,
}

impl Glob {
    /// `whole`: the value from its start to its end, but for the stars.
    fn of(pattern: &Pattern, whole: bool) -> Self {
        let lower = |piece: &Piece| match piece {
            Piece::Text(text) => Some(text.to_lowercase()),
            Piece::Any => None,
        };
        Self {
            texts: pattern.0.iter().filter_map(lower).collect(),
            from_start: whole && pattern.0.first() != Some(&Piece::Any),
            to_end: whole && pattern.0.last() != Some(&Piece::Any),
            is_empty: pattern.0.is_empty(),
        }
    }

    fn fits(&self, value: &str) -> bool {
        let mut rest = value;
        for (at, text) in self.texts.iter().enumerate() {
            let (is_first, is_last) = (at == 0, at + 1 == self.texts.len());
            if is_first && self.from_start {
                let Some(left) = rest.strip_prefix(text.as_str()) else { return false };
                if is_last && self.to_end {
                    return left.is_empty();
                }
                rest = left;
            } else if is_last && self.to_end {
                return rest.ends_with(text.as_str());
            } else {
                let Some(found) = rest.find(text.as_str()) else { return false };
                rest = &rest[found + text.len()..];
            }
        }
        true
    }

    /// Whether it is somewhere in lines of text; what lies between the stars is of one line.
    fn occurs_in(&self, lines: &str) -> bool {
        match self.texts.as_slice() {
            [] => true,
            [text] => lines.contains(text.as_str()),
            _ => lines.split('\n').any(|line| self.fits(line)),
        }
    }
}
