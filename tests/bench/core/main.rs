//! What the core costs, held against the least that the same could cost: `cargo bench --bench bench -- P5 P9`; names choose
//! metrics, without one all are measured. One line of JSON a row on standard output, whatever else is to be said on standard error.
//! Belongs here: which metrics there are. What each does is in its own file; the statistics are in `nineheads_tests::numbers`.

mod acts;
mod calls;
mod clock;
mod file;
mod lists;
mod looks;
mod row;
mod server;

use row::Sheet;

type Measure = fn(&mut Sheet);

const METRICS: [(&str, Measure); 4] = [
    ("P5 P5a P5b P5c P6 P6b", looks::measure),
    ("P9", calls::measure),
    ("P10", file::measure),
    ("P17", acts::measure),
];

fn main() {
    let mut wanted: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with("--")).collect();
    if wanted.first().is_some_and(|first| first == server::NAME) {
        server::run();
        return;
    }
    if wanted.is_empty() {
        wanted = ["P5", "P9", "P10", "P17"].map(str::to_owned).into();
    }
    for name in &wanted {
        let known = METRICS.iter().any(|(names, _)| names.split(' ').any(|known| known == name));
        assert!(known, "there is no {name}; there are {METRICS:?}");
    }
    let mut sheet = Sheet::default();
    for (names, measure) in METRICS {
        if names.split(' ').any(|name| wanted.iter().any(|wanted| wanted == name)) {
            measure(&mut sheet);
        }
    }
}
