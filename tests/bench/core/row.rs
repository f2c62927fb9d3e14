//! The rows that come out: one line of JSON each.

use nineheads_tests::numbers::{Estimate, Turns, Verdict, median};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::Write;

/// One row of the table.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub id: &'static str,
    pub what: String,
    pub measured: String,
    pub control: String,
    pub goal: String,
    pub verdict: &'static str,
    pub samples: Value,
}

/// What a ratio shall be held against.
pub(crate) struct Goal {
    pub id: &'static str,
    pub what: String,
    /// How the baseline is called.
    pub of: &'static str,
    pub most: Option<f64>,
    /// Where the control must lie.
    pub band: (f64, f64),
}

/// Where rows go.
#[derive(Default)]
pub(crate) struct Sheet {
    /// More of what the next ratio's row shall say.
    pub aside: String,
}

impl Sheet {
    /// Prints a row.
    #[allow(clippy::print_stdout, reason = "it is what this program is for")]
    pub(crate) fn put(&mut self, row: &Row) {
        eprintln!(
            "{} {}: {} | {} | {} | {}",
            row.id, row.what, row.measured, row.control, row.goal, row.verdict
        );
        println!("{}", serde_json::to_string(row).expect("a row is JSON"));
        std::io::stdout().flush().expect("somebody listens");
    }

    /// A ratio; where its control is out of bounds it is measured once more, and then there is no verdict.
    pub(crate) fn ratio(&mut self, goal: &Goal, mut measure: impl FnMut() -> Turns) {
        let mut turns = measure();
        let judge = |turns: &Turns| {
            Verdict::of(turns.ratio(), turns.control(), goal.band, goal.most.unwrap_or(f64::INFINITY))
        };
        if judge(&turns) == Verdict::None {
            eprintln!("{}: the control is {}, once more", goal.id, shown(turns.control()));
            turns = measure();
        }
        let (a, b) = (median(&turns.a) * 1e3, median(&turns.b) * 1e3);
        let row = Row {
            id: goal.id,
            what: goal.what.clone(),
            measured: format!("{}; {} against {}{}", shown(turns.ratio()), ms(b), ms(a), self.aside),
            control: format!("A/A {}", shown(turns.control())),
            goal: goal.most.map(|most| format!("≤ {most} × {}", goal.of)).unwrap_or_default(),
            verdict: if goal.most.is_some() { judge(&turns).word() } else { "" },
            samples: json!(turns),
        };
        self.aside.clear();
        self.put(&row);
    }
}

fn shown(Estimate { value, low, high }: Estimate) -> String {
    format!("{value:.3} × ({low:.3} to {high:.3})")
}

fn ms(value: f64) -> String {
    match value {
        ..1.0 => format!("{:.1} µs", value * 1e3),
        1.0..10.0 => format!("{value:.2} ms"),
        _ => format!("{value:.1} ms"),
    }
}
