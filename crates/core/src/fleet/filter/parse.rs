//! From text to terms. A scan cuts the text into raw terms, which completion uses too; then each is read by what its field
//! wants. Nothing here fails: what can not be read becomes a problem.

use super::{Bound, Comparison, Filter, FilterField, FilterProblem, Kind, Pattern, Piece, Term, Test, place};
use rust_decimal::Decimal;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Each letter and its seconds, shortest first.
pub(super) const UNITS: [(char, i64); 5] = [('s', 1), ('m', MINUTE), ('h', HOUR), ('d', DAY), ('w', 7 * DAY)];

/// A term before anybody asked whether it makes sense. All places count characters.
#[derive(Debug)]
pub(super) struct RawTerm {
    pub from: usize,
    pub to: usize,
    pub negated: bool,
    /// The word before the colon.
    pub field: Option<String>,
    /// One for a free word; for a field those between the commas.
    pub items: Vec<RawItem>,
}

/// A value as it stands.
#[derive(Debug, Default)]
pub(super) struct RawItem {
    pub from: usize,
    pub to: usize,
    pub quoted: bool,
    pub closed: bool,
    pub pattern: Pattern,
}

/// Most characters that are read: what comes by a link may be of any length.
const LONGEST: usize = 2_000;

pub(super) fn parse(text: &str) -> Filter {
    let mut letters: Vec<char> = text.chars().take(LONGEST + 1).collect();
    let mut filter = Filter::default();
    if letters.len() > LONGEST {
        letters.truncate(LONGEST);
        filter.problems.push(FilterProblem {
            from: place(LONGEST - 1),
            length: 1,
            message: format!(
                "A filter has at most {LONGEST} characters; what comes after this one is left out."
            ),
        });
    }
    for raw in scan(&letters) {
        let read = read_term(&raw, &letters, &mut filter.problems);
        let term = |test| Term { from: raw.from, to: raw.to, negated: raw.negated, test };
        filter.terms.extend(read.map(term));
    }
    filter
}

/// Cuts a text into terms.
pub(super) fn scan(letters: &[char]) -> Vec<RawTerm> {
    let mut terms = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        match letters[at].is_whitespace() {
            true => at += 1,
            false => {
                let term = scan_term(letters, at);
                at = term.to;
                terms.push(term);
            }
        }
    }
    terms
}

fn scan_term(letters: &[char], from: usize) -> RawTerm {
    let is_negated =
        letters[from] == '-' && letters.get(from + 1).is_some_and(|letter| !letter.is_whitespace());
    let start = from + usize::from(is_negated);
    let word = letters[start..].iter().take_while(|letter| letter.is_ascii_alphabetic()).count();
    let is_field = word > 0 && letters.get(start + word) == Some(&':');
    let field = is_field.then(|| letters[start..start + word].iter().collect());
    let mut at = start + if is_field { word + 1 } else { 0 };
    let mut items = Vec::new();
    loop {
        let item = scan_item(letters, at, is_field);
        at = item.to;
        items.push(item);
        if !is_field || letters.get(at) != Some(&',') {
            return RawTerm { from, to: at, negated: is_negated, field, items };
        }
        at += 1;
    }
}

fn scan_item(letters: &[char], from: usize, in_list: bool) -> RawItem {
    let quoted = letters.get(from) == Some(&'"');
    let mut item = RawItem { from, to: from + usize::from(quoted), quoted, ..RawItem::default() };
    while let Some(&letter) = letters.get(item.to) {
        match letter {
            '"' if quoted => {
                item.to += 1;
                item.closed = true;
                return item;
            }
            '\\' if letters.get(item.to + 1).is_some() => {
                item.to += 1;
                item.pattern.push(letters[item.to]);
            }
            _ if quoted => item.pattern.push(letter),
            ',' if in_list => return item,
            _ if letter.is_whitespace() => return item,
            '*' => item.pattern.push_any(),
            _ => item.pattern.push(letter),
        }
        item.to += 1;
    }
    item
}

fn read_term(raw: &RawTerm, letters: &[char], problems: &mut Vec<FilterProblem>) -> Option<Test> {
    let mut tell = |from: usize, to: usize, message: String| {
        // Where nothing stands, what stands before it is meant.
        let from = from.min(to.saturating_sub(1));
        problems.push(FilterProblem { from: place(from), length: place((to - from).max(1)), message });
    };
    for item in raw.items.iter().filter(|item| item.quoted && !item.closed) {
        tell(item.from, item.to, "This quotation is never closed: put a \" at its end.".into());
    }
    let Some(word) = &raw.field else {
        let item = &raw.items[0];
        if item.pattern.0.is_empty() {
            tell(item.from, item.to, "There is nothing between these quotes.".into());
            return None;
        }
        return Some(Test::Anywhere(item.pattern.clone()));
    };
    let colon = raw.from + usize::from(raw.negated) + word.chars().count() + 1;
    let Some(field) = FilterField::of(word) else {
        let meant =
            nearest(word).map_or_else(String::new, |field| format!(" Did you mean {}:?", field.word()));
        let message =
            format!("There is no field “{word}”.{meant} To search for it as it stands, put it in quotes.");
        tell(raw.from + usize::from(raw.negated), colon, message);
        return None;
    };
    // A value that is missing is no value; `""` is one.
    let (given, missing): (Vec<&RawItem>, Vec<&RawItem>) =
        raw.items.iter().partition(|item| item.quoted || !item.pattern.0.is_empty());
    match missing.first() {
        Some(_) if given.is_empty() => {
            tell(raw.from, raw.to, format!("{}: wants a value, {}.", field.word(), example(field)));
        }
        Some(item) => {
            let comma =
                if letters.get(item.from) == Some(&',') { item.from } else { item.from.saturating_sub(1) };
            tell(comma, comma + 1, "A value is missing at this comma.".into());
        }
        None => {}
    }
    let mut tests = Vec::new();
    for item in given {
        match read_value(field, item, letters) {
            Ok(value) => tests.push(value),
            Err(message) => tell(item.from, item.to, message),
        }
    }
    any_of(field, tests)
}

enum Value {
    Pattern(Pattern),
    Time(Bound<i64>),
    Money(Bound<Decimal>),
    Star(bool),
}

fn any_of(field: FilterField, values: Vec<Value>) -> Option<Test> {
    if values.is_empty() {
        return None;
    }
    let (mut patterns, mut times, mut sums, mut stars) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for value in values {
        match value {
            Value::Pattern(pattern) => patterns.push(pattern),
            Value::Time(bound) => times.push(bound),
            Value::Money(bound) => sums.push(bound),
            Value::Star(star) => stars.push(star),
        }
    }
    Some(match field.kind() {
        Kind::Whole | Kind::Part => Test::Words(field, patterns),
        Kind::Time => Test::Time(field, times),
        Kind::Money => Test::Cost(sums),
        Kind::YesNo => Test::Star(stars),
    })
}

fn read_value(field: FilterField, item: &RawItem, letters: &[char]) -> Result<Value, String> {
    let wrong = || format!("{} is asked {}.", field.word(), example(field));
    let literal = item.pattern.literal();
    match field.kind() {
        Kind::Whole | Kind::Part if !item.quoted && matches!(letters.get(item.from), Some('<' | '>')) => {
            Err(format!("{} can not be compared; age, heartbeat and cost can.", field.word()))
        }
        Kind::Whole | Kind::Part => Ok(Value::Pattern(item.pattern.clone())),
        Kind::Time => read_bound(literal, read_time).map(Value::Time).ok_or_else(wrong),
        Kind::Money => read_bound(literal, read_money).map(Value::Money).ok_or_else(wrong),
        Kind::YesNo => match literal.map(str::to_ascii_lowercase).as_deref() {
            Some("yes") => Ok(Value::Star(true)),
            Some("no") => Ok(Value::Star(false)),
            _ => Err(wrong()),
        },
    }
}

fn example(field: FilterField) -> &'static str {
    match field.kind() {
        Kind::Time => "with a comparison and a time, such as >30m, >1h or <7d",
        Kind::Money => "with a comparison and US dollars, such as >10 or <0.50",
        Kind::YesNo => "with yes or no",
        Kind::Whole => "such as a word, words with commas between them, or a beginning with *",
        Kind::Part => "such as a part of it; put \" around several words",
    }
}

fn read_bound<T>(text: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Option<Bound<T>> {
    let text = text?;
    let comparisons = [
        (">=", Comparison::AtLeast),
        ("<=", Comparison::AtMost),
        (">", Comparison::Over),
        ("<", Comparison::Under),
    ];
    let (sign, comparison) = comparisons.into_iter().find(|(sign, _)| text.starts_with(sign))?;
    Some(Bound { comparison, limit: read(&text[sign.len()..])? })
}

fn read_time(text: &str) -> Option<i64> {
    let unit = text.chars().last()?.to_ascii_lowercase();
    let (_, seconds) = UNITS.into_iter().find(|(letter, _)| *letter == unit)?;
    let digits = &text[..text.len() - 1];
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    digits.parse::<i64>().ok()?.checked_mul(seconds)
}

fn read_money(text: &str) -> Option<Decimal> {
    let text = text.strip_prefix('$').unwrap_or(text);
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain.then(|| text.parse::<Decimal>().ok())?.map(|amount| amount.normalize())
}

/// The field that a misspelt word means, if one is near.
fn nearest(word: &str) -> Option<FilterField> {
    let word: Vec<char> = word.chars().take(20).map(|letter| letter.to_ascii_lowercase()).collect();
    let far = |field: &FilterField| distance(&word, &field.word().chars().collect::<Vec<_>>());
    let found = FilterField::ALL.into_iter().min_by_key(far)?;
    (far(&found) <= 2 && far(&found) < word.len()).then_some(found)
}

/// How many letters must be put in, taken out or changed.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, wanted) in other.iter().enumerate() {
            let changed = before[column] + usize::from(letter != wanted);
            now.push(changed.min(before[column + 1] + 1).min(now[column] + 1));
        }
        before = now;
    }
    before[other.len()]
}

impl Pattern {
    /// What a person has typed of it so far, in lower case.
    pub(super) fn typed(&self) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.to_lowercase(),
            Piece::Any => String::new(),
        };
        self.0.iter().map(text).collect()
    }
}
