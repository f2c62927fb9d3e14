//! The language in which a person says which rows of the fleet to see: `status:error region:eu-* age:>7d -preset:demo desk`.
//! All terms must fit; what can not be read is told with its place, and the rest still counts. Pure.
//! Does not belong here: what a row is made of (`row`), in which order rows come (`query`).

mod complete;
mod matching;
mod parse;
mod print;

pub use complete::Suggestion;
pub(crate) use complete::complete;
pub(crate) use matching::{Asked, Compiled, Verdict};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use specta::Type;

/// What a term can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the words say it")]
pub enum FilterField {
    Name,
    Id,
    Host,
    Ip,
    Status,
    Region,
    Tier,
    Runtime,
    Preset,
    Provider,
    Customer,
    Tag,
    Note,
    Star,
    Age,
    Heartbeat,
    Cost,
}

/// How a field is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The whole value, since it is one of a few words.
    Whole,
    /// Any part of the value.
    Part,
    /// A comparison with a length of time.
    Time,
    /// A comparison with US dollars.
    Money,
    /// `yes` or `no`.
    YesNo,
}

impl FilterField {
    /// All of them, as help and completion list them.
    pub const ALL: [Self; 17] = [
        Self::Status,
        Self::Region,
        Self::Tier,
        Self::Runtime,
        Self::Customer,
        Self::Preset,
        Self::Provider,
        Self::Name,
        Self::Host,
        Self::Ip,
        Self::Id,
        Self::Age,
        Self::Heartbeat,
        Self::Cost,
        Self::Tag,
        Self::Star,
        Self::Note,
    ];

    /// As it is typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Id => "id",
            Self::Host => "host",
            Self::Ip => "ip",
            Self::Status => "status",
            Self::Region => "region",
            Self::Tier => "tier",
            Self::Runtime => "runtime",
            Self::Preset => "preset",
            Self::Provider => "provider",
            Self::Customer => "customer",
            Self::Tag => "tag",
            Self::Note => "note",
            Self::Star => "star",
            Self::Age => "age",
            Self::Heartbeat => "heartbeat",
            Self::Cost => "cost",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.word().eq_ignore_ascii_case(word))
    }

    fn kind(self) -> Kind {
        match self {
            Self::Name | Self::Id | Self::Host | Self::Ip | Self::Customer | Self::Note => Kind::Part,
            Self::Age | Self::Heartbeat => Kind::Time,
            Self::Cost => Kind::Money,
            Self::Star => Kind::YesNo,
            _ => Kind::Whole,
        }
    }
}

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Exactly this, in whatever case.
    Text(String),
    /// Anything, also nothing.
    Any,
}

/// What a value is held against. No text is empty, and no two neighbours are of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Pattern(Vec<Piece>);

impl Pattern {
    fn push(&mut self, letter: char) {
        match self.0.last_mut() {
            Some(Piece::Text(text)) => text.push(letter),
            _ => self.0.push(Piece::Text(letter.into())),
        }
    }

    fn push_any(&mut self) {
        if self.0.last() != Some(&Piece::Any) {
            self.0.push(Piece::Any);
        }
    }

    /// Its text, where it is nothing but text.
    fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Over,
    AtLeast,
    AtMost,
    Under,
}

/// A comparison with seconds or with dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bound<T> {
    comparison: Comparison,
    limit: T,
}

/// What a term asks; of several values any will do.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// Somewhere in the row.
    Anywhere(Pattern),
    Words(FilterField, Vec<Pattern>),
    Time(FilterField, Vec<Bound<i64>>),
    Cost(Vec<Bound<Decimal>>),
    Star(Vec<bool>),
}

/// One term, and where it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    from: usize,
    to: usize,
    negated: bool,
    test: Test,
}

/// A text as it was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    terms: Vec<Term>,
    problems: Vec<FilterProblem>,
}

/// Something in a filter that can not be read, or not as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FilterProblem {
    /// The first character's place.
    pub from: u32,
    /// How many characters; at least one.
    pub length: u32,
    /// What is wrong and what would do.
    pub message: String,
}

/// A term for the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FilterTerm {
    /// Its first character's place.
    pub from: u32,
    /// The place after its last one.
    pub to: u32,
    /// None for a free word.
    pub field: Option<FilterField>,
    /// Whether it excludes.
    pub negated: bool,
    /// Its canonical text.
    pub text: String,
}

/// A filter as it was understood, for the screen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FilterReading {
    /// In the order of the text.
    pub terms: Vec<FilterTerm>,
    /// In the order of the text.
    pub problems: Vec<FilterProblem>,
}

impl Filter {
    pub(crate) fn read(text: &str) -> Self {
        parse::parse(text)
    }

    pub(crate) fn problem(&self) -> Option<&FilterProblem> {
        self.problems.first()
    }

    pub(crate) fn reading(&self) -> FilterReading {
        let term = |term: &Term| FilterTerm {
            from: place(term.from),
            to: place(term.to),
            field: term.test.field(),
            negated: term.negated,
            text: term.to_string(),
        };
        FilterReading { terms: self.terms.iter().map(term).collect(), problems: self.problems.clone() }
    }
}

impl Test {
    fn field(&self) -> Option<FilterField> {
        match self {
            Self::Anywhere(_) => None,
            Self::Words(field, _) | Self::Time(field, _) => Some(*field),
            Self::Cost(_) => Some(FilterField::Cost),
            Self::Star(_) => Some(FilterField::Star),
        }
    }
}

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether a filter asks what only looks at single instances bring.
pub(crate) fn asks_known(text: &str) -> bool {
    let asks = Compiled::of(&Filter::read(text)).asks;
    asks.heartbeat || asks.cost
}

/// Reads a filter without looking at any row: what was understood, and what was not.
pub fn read_filter(text: &str) -> FilterReading {
    Filter::read(text).reading()
}

#[cfg(test)]
mod tests;
