//! What comes next in a job. Pure: one item first, then a tenth, then the rest; a failure in the first two stops before the
//! next one, in the rest if the person wanted that. No clock, no platform, no disk.

use super::BulkItemState;

/// One, a tenth, the rest.
pub(super) const STAGES: usize = 3;
/// The stage of what is left out.
pub(super) const NO_STAGE: usize = STAGES;
/// How often the platform may ask to come back later before an item counts as failed.
const PUT_BACK: u8 = 6;

/// How many items each stage has.
pub(super) fn sizes(items: usize) -> [usize; STAGES] {
    let first = items.min(1);
    let second = items.div_ceil(10).min(items - first);
    [first, second, items - first - second]
}

/// The stage of an item by its place.
pub(super) fn stage_of(place: usize, items: usize) -> usize {
    let [first, second, _] = sizes(items);
    match place {
        _ if place >= items => NO_STAGE,
        _ if place < first => 0,
        _ if place < first + second => 1,
        _ => 2,
    }
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Begin this one; `look_first` where it was begun before and nobody knows its end.
    Take { place: usize, look_first: bool },
    /// What is on its way decides.
    Wait,
    /// The stop rule holds: begin nothing more.
    Stop,
    /// Everything has its end.
    Finish,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Waiting,
    /// Begun by a run that did not see its end.
    Unknown,
    Flying,
    Done,
    Failed,
    Excluded,
}

/// All items of a job, as far as the order of work depends on them.
#[derive(Debug)]
pub(super) struct Board {
    marks: Vec<(usize, Mark, u8)>,
    open: [usize; STAGES],
    failed: [usize; STAGES],
    stop_in_rest: bool,
    /// Failures that a person has seen and went on from.
    tolerated: usize,
    /// No place before this one waits.
    from: usize,
}

impl Board {
    /// `items` by place: the stage and the state that was written down.
    pub(super) fn new(
        items: impl IntoIterator<Item = (usize, BulkItemState)>,
        stop_in_rest: bool,
        tolerated: usize,
    ) -> Self {
        let read = |(stage, state)| {
            let mark = match state {
                BulkItemState::Waiting => Mark::Waiting,
                BulkItemState::Begun => Mark::Unknown,
                BulkItemState::Done => Mark::Done,
                BulkItemState::Failed => Mark::Failed,
                BulkItemState::Excluded => Mark::Excluded,
            };
            (stage, mark, 0)
        };
        let marks: Vec<_> = items.into_iter().map(read).collect();
        let count = |wanted: &dyn Fn(Mark) -> bool| {
            let mut counts = [0; STAGES];
            for (stage, mark, _) in &marks {
                if let Some(count) = counts.get_mut(*stage).filter(|_| wanted(*mark)) {
                    *count += 1;
                }
            }
            counts
        };
        let open = count(&|mark| matches!(mark, Mark::Waiting | Mark::Unknown));
        let failed = count(&|mark| mark == Mark::Failed);
        Self { marks, open, failed, stop_in_rest, tolerated, from: 0 }
    }

    /// What to do now.
    pub(super) fn next(&mut self) -> Step {
        let Some(stage) = self.open.iter().position(|open| *open > 0) else { return Step::Finish };
        let counting = if stage == STAGES - 1 && self.stop_in_rest { STAGES } else { stage };
        if self.failed[..counting].iter().sum::<usize>() > self.tolerated {
            return Step::Stop;
        }
        while let Some((at, mark, _)) = self.marks.get(self.from) {
            match mark {
                Mark::Waiting | Mark::Unknown if *at == stage => {
                    return Step::Take { place: self.from, look_first: *mark == Mark::Unknown };
                }
                // A later stage begins when this one has ended.
                Mark::Waiting | Mark::Unknown => return Step::Wait,
                _ => self.from += 1,
            }
        }
        Step::Wait
    }

    /// It was written down as begun.
    pub(super) fn begin(&mut self, place: usize) {
        self.marks[place].1 = Mark::Flying;
    }

    pub(super) fn note_done(&mut self, place: usize) {
        self.end(place, Mark::Done);
    }

    pub(super) fn note_failed(&mut self, place: usize) {
        self.failed[self.marks[place].0] += 1;
        self.end(place, Mark::Failed);
    }

    /// Left out at its turn: nothing was done, and nothing failed.
    pub(super) fn note_left_out(&mut self, place: usize) {
        self.end(place, Mark::Excluded);
    }

    /// Nothing was done: it waits again. False where that has happened too often.
    pub(super) fn put_back(&mut self, place: usize) -> bool {
        let (_, mark, times) = &mut self.marks[place];
        *times += 1;
        if *times > PUT_BACK {
            return false;
        }
        *mark = Mark::Waiting;
        self.from = self.from.min(place);
        true
    }

    fn end(&mut self, place: usize, mark: Mark) {
        self.marks[place].1 = mark;
        self.open[self.marks[place].0] -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_goes_first_then_a_tenth_then_the_rest() {
        let expected = [
            (0, [0, 0, 0]),
            (1, [1, 0, 0]),
            (2, [1, 1, 0]),
            (10, [1, 1, 8]),
            (50, [1, 5, 44]),
            (500, [1, 50, 449]),
        ];
        for (items, stages) in expected {
            assert_eq!(sizes(items), stages, "{items}");
            let counted = (0..items).fold([0; STAGES], |mut counted, place| {
                counted[stage_of(place, items)] += 1;
                counted
            });
            assert_eq!(counted, stages);
        }
        assert_eq!(stage_of(50, 50), NO_STAGE);
    }

    /// The world of a test: what is on disk, and how often each item was sent.
    struct World {
        disk: Vec<(usize, BulkItemState)>,
        sent: Vec<u32>,
        allowed: Vec<u32>,
        tolerated: usize,
        stop_in_rest: bool,
    }

    impl World {
        fn failures(&self, stages: usize) -> usize {
            self.disk
                .iter()
                .filter(|(stage, state)| *stage < stages && *state == BulkItemState::Failed)
                .count()
        }

        /// Takes steps with as many at once, and dies after so many events. `chance` decides each end.
        fn run(&mut self, at_once: usize, mut events: usize, chance: &mut dyn FnMut() -> u8) -> Step {
            let mut board = Board::new(self.disk.iter().copied(), self.stop_in_rest, self.tolerated);
            let mut flying: Vec<usize> = Vec::new();
            loop {
                if events == 0 {
                    return Step::Wait;
                }
                events -= 1;
                let step = board.next();
                match step {
                    Step::Take { place, look_first } if flying.len() < at_once => {
                        let (stage, state) = self.disk[place];
                        assert!(
                            matches!(state, BulkItemState::Waiting | BulkItemState::Begun),
                            "{place} twice"
                        );
                        assert!(!flying.contains(&place));
                        let before = if stage == 2 && self.stop_in_rest { 3 } else { stage };
                        assert!(self.failures(before) <= self.tolerated, "sent past a stop");
                        let unsettled = |(at, state): &(usize, BulkItemState)| {
                            *at < stage && matches!(state, BulkItemState::Waiting | BulkItemState::Begun)
                        };
                        assert!(
                            !self.disk.iter().any(unsettled),
                            "a stage began before the one before had ended"
                        );
                        assert_eq!(look_first, state == BulkItemState::Begun);
                        self.disk[place].1 = BulkItemState::Begun;
                        board.begin(place);
                        if look_first && chance().is_multiple_of(2) {
                            // The look says that it was done.
                            self.disk[place].1 = BulkItemState::Done;
                            board.note_done(place);
                            continue;
                        }
                        self.allowed[place] += u32::from(look_first);
                        self.sent[place] += 1;
                        assert!(
                            self.sent[place] <= self.allowed[place],
                            "{place} was sent once more than it may be"
                        );
                        flying.push(place);
                    }
                    Step::Finish | Step::Stop if flying.is_empty() => return step,
                    _ => {
                        assert!(!flying.is_empty(), "it waits for nothing");
                        let place = flying.remove(usize::from(chance()) % flying.len());
                        match chance() % 8 {
                            0 => {
                                self.disk[place].1 = BulkItemState::Failed;
                                board.note_failed(place);
                            }
                            // Asked to come later: nothing was done.
                            1 if board.put_back(place) => {
                                self.disk[place].1 = BulkItemState::Waiting;
                                self.allowed[place] += 1;
                            }
                            1 => {
                                self.disk[place].1 = BulkItemState::Failed;
                                board.note_failed(place);
                            }
                            _ => {
                                self.disk[place].1 = BulkItemState::Done;
                                board.note_done(place);
                            }
                        }
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn no_item_is_done_twice_and_nothing_goes_past_a_stop_whatever_dies_and_goes_on(
            items in 0usize..60, excluded in 0usize..5, at_once in 1usize..6, stop_in_rest: bool,
            deaths in prop::collection::vec(1usize..90, 0..4), seed: u64,
        ) {
            let mut state = seed | 1;
            let mut chance = move || {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 32) as u8
            };
            let disk = (0..items + excluded).map(|place| {
                let state = if place < items { BulkItemState::Waiting } else { BulkItemState::Excluded };
                (stage_of(place, items), state)
            });
            let count = items + excluded;
            let mut world = World {
                disk: disk.collect(), sent: vec![0; count], allowed: vec![1; count], tolerated: 0, stop_in_rest,
            };
            for death in deaths {
                let _ = world.run(at_once, death, &mut chance);
            }
            for round in 0.. {
                prop_assert!(round < 2000, "it never ends");
                match world.run(at_once, usize::MAX, &mut chance) {
                    Step::Finish => break,
                    // The person goes on, or does the failed ones again.
                    Step::Stop if chance().is_multiple_of(2) => world.tolerated = world.failures(STAGES),
                    Step::Stop => {
                        world.tolerated = 0;
                        for place in 0..count {
                            if world.disk[place].1 == BulkItemState::Failed {
                                world.disk[place].1 = BulkItemState::Waiting;
                                world.allowed[place] += 1;
                            }
                        }
                    }
                    step => prop_assert!(false, "{step:?}"),
                }
            }
            let ends = |wanted| world.disk.iter().filter(|(_, state)| *state == wanted).count();
            prop_assert_eq!(ends(BulkItemState::Done) + ends(BulkItemState::Failed), items);
            prop_assert_eq!(ends(BulkItemState::Excluded), excluded);
            prop_assert!(world.sent[items..].iter().all(|sent| *sent == 0), "what is left out is left alone");
        }
    }
}
