//! Schedules of everything that can happen to a deploy, drawn at random: answers lost, delayed and doubled, the process
//! dead at any access to the journal, a second process, other tenants, clocks that are set, a computer started anew.
//! The platform of this world does not know keys again: whatever a driver sends a second time after the first has
//! arrived makes a second instance, and is found. `NINEHEADS_SCHEDULES` and `NINEHEADS_SEED` run more, or the same again.

mod world;

use super::decide::SETTLE_WINDOW;
use super::journal::Journal;
use super::{Deploy, DeployState};
use crate::error::{Code, Failure};
use chrono::TimeDelta;
use futures_util::FutureExt;
use nineheads_contract::IdempotencyKey;
use nineheads_contract::deploys::NewInstance;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use tempfile::TempDir;
use world::{Ask, Outside, PROFILE, Post, Simulated};

/// Longest delay of a request that nobody answered, in milliseconds: what the settle window is made for.
const DELAY: u64 = 170_000;

#[derive(Debug, Clone)]
enum Move {
    Confirm { request: u8, dies_at: Option<u32> },
    Step { which: usize, post: Post, ask: Ask, dies_at: Option<u32>, second_meanwhile: bool },
    TimePasses { seconds: u64 },
    ClockIsSet { hours: i64 },
    AppRestarts,
    ComputerRestarts,
    TenantChanges,
    PersonResends { which: usize },
    PersonDismisses { which: usize },
}

fn post() -> impl Strategy<Value = Post> {
    prop_oneof![
        1 => Just(Post::NotSent),
        2 => Just(Post::LostOnTheWay),
        3 => (1..DELAY).prop_map(Post::ArrivesLater),
        3 => Just(Post::AnswerLost),
        3 => Just(Post::Answered),
        1 => Just(Post::AnsweredWithoutIds),
        2 => prop::sample::select(vec![500, 502, 504, 204, 302]).prop_map(Post::TakenThen),
        2 => prop::sample::select(vec![400, 401, 403, 404, 422, 500, 502]).prop_map(Post::Refused),
        1 => prop::sample::select(vec![429, 503]).prop_map(Post::AskedToWait),
        1 => (1..DELAY).prop_map(Post::InProgress),
        1 => (1..DELAY).prop_map(Post::DeliveredTwice),
        2 => Just(Post::DiesBeforeTheFirstByte),
        2 => Just(Post::DiesAfterTheLast),
    ]
}

fn one_move() -> impl Strategy<Value = Move> {
    let dies_at = || prop::option::weighted(0.15, 0_u32..8);
    let ask = prop_oneof![6 => Just(Ask::Answered), 2 => Just(Ask::Failed), 1 => Just(Ask::SaysNothing)];
    prop_oneof![
        3 => (0_u8..3, dies_at()).prop_map(|(request, dies_at)| Move::Confirm { request, dies_at }),
        12 => (any::<prop::sample::Index>(), post(), ask, dies_at(), prop::bool::weighted(0.2)).prop_map(
            |(which, post, ask, dies_at, second_meanwhile)| Move::Step {
                which: which.index(64), post, ask, dies_at, second_meanwhile
            }),
        4 => (1_u64..400).prop_map(|seconds| Move::TimePasses { seconds }),
        1 => Just(Move::TimePasses { seconds: 13 * 3600 }),
        1 => prop::sample::select(vec![-24, 24, -24 * 365 * 50]).prop_map(|hours| Move::ClockIsSet { hours }),
        1 => Just(Move::AppRestarts),
        1 => Just(Move::ComputerRestarts),
        1 => Just(Move::TenantChanges),
        1 => (0_usize..64).prop_map(|which| Move::PersonResends { which }),
        1 => (0_usize..64).prop_map(|which| Move::PersonDismisses { which }),
    ]
}

/// The moves are independent of what they meet: whatever does not fit does nothing.
struct Moves;

impl ReferenceStateMachine for Moves {
    type State = ();
    type Transition = Move;

    fn init_state() -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn transitions((): &()) -> BoxedStrategy<Move> {
        one_move().boxed()
    }

    fn apply((): (), _: &Move) {}
}

/// A person with an app, a journal, and the world around it.
struct Run {
    journal: Journal,
    world: Simulated,
    /// By key: how often a person wanted it.
    wanted: HashMap<String, usize>,
    confirmations: usize,
    accepted: Vec<String>,
    dismissed: Vec<String>,
    tenants_mixed: bool,
    _folder: TempDir,
}

impl Run {
    fn new() -> Self {
        let shared = Path::new("/dev/shm");
        let folder = if shared.is_dir() { TempDir::new_in(shared) } else { TempDir::new() };
        let folder = folder.expect("a folder");
        let file = folder.path().join("journal.db");
        let outside = Outside {
            time: 1000,
            booted_at: 0,
            boot: 0,
            clock_off: TimeDelta::zero(),
            tenant: 0,
            post: Post::Answered,
            ask: Ask::Answered,
            second_meanwhile: false,
            attempts: 0,
            on_the_way: Vec::new(),
            instances: Vec::new(),
            bodies: HashMap::new(),
        };
        Self {
            journal: Journal::open(&file),
            world: Simulated { file, outside: Mutex::new(outside) },
            wanted: HashMap::new(),
            confirmations: 0,
            accepted: Vec::new(),
            dismissed: Vec::new(),
            tenants_mixed: false,
            _folder: folder,
        }
    }

    fn restart(&mut self) {
        self.journal = Journal::open(&self.world.file);
    }

    fn all(&self) -> Vec<Deploy> {
        self.journal.all(PROFILE).expect("the journal is read")
    }

    fn nth(&self, which: usize) -> Option<Deploy> {
        let all = self.all();
        all.get(which.checked_rem(all.len())?).cloned()
    }

    fn confirm(&mut self, request: u8, dies_at: Option<u32>) {
        let request = NewInstance { agent_name: Some(format!("agent {request}")), ..NewInstance::default() };
        let open = self
            .all()
            .iter()
            .find(|deploy| deploy.state.is_open() && deploy.request.agent_name == request.agent_name)
            .map(|deploy| deploy.key.clone());
        self.journal.die_at(dies_at);
        let result = self.world.driver(&self.journal).confirm(request.clone());
        self.journal.die_at(None);
        match (open, result) {
            (Some(open), Ok(deploy)) => panic!("{} beside the open {open}", deploy.key),
            (Some(_), Err(_)) => {}
            (None, result) => {
                self.confirmations += 1;
                if result.is_ok() {
                    // The second half of a double click, and a second process.
                    let again = self.world.driver(&Journal::open(&self.world.file)).confirm(request);
                    assert!(
                        matches!(again, Err(Failure { code: Code::DeployOpen { .. }, .. })),
                        "a double click: {again:?}"
                    );
                }
            }
        }
        for deploy in self.all() {
            self.wanted.entry(deploy.key.as_str().to_owned()).or_insert(1);
        }
        assert!(self.wanted.len() <= self.confirmations, "more keys than confirmations");
    }

    fn step(&mut self, key: &IdempotencyKey, dies_at: Option<u32>) {
        self.journal.die_at(dies_at);
        let ended = self.world.driver(&self.journal).step(key).now_or_never();
        self.journal.die_at(None);
        if dies_at.is_some() || ended.is_none() {
            self.restart();
        }
    }

    fn resend(&mut self, deploy: &Deploy) {
        if deploy.state == DeployState::Absent {
            match self.world.driver(&self.journal).want_again(&deploy.key) {
                Err(Failure { code: Code::DeployOpen { .. }, .. }) => return,
                other => drop(other.expect("the journal is written")),
            }
            // Only another tenant's is sent without a question first.
            *self.wanted.entry(deploy.key.as_str().to_owned()).or_default() +=
                usize::from(self.tenants_mixed);
        }
    }

    fn check(&mut self) {
        let all = self.all();
        let instances = self.world.outside(|outside| outside.instances.clone());
        for (key, wanted) in &self.wanted {
            let made = instances.iter().filter(|instance| instance.key == *key).count();
            assert!(made <= *wanted, "{made} instances of {key}, which was wanted {wanted} times");
        }
        let unknown = instances.iter().find(|instance| !self.wanted.contains_key(&instance.key));
        assert_eq!(unknown, None, "nobody confirmed this key");
        for deploy in &all {
            if matches!(deploy.state, DeployState::Accepted | DeployState::Ready) {
                self.accepted.push(deploy.key.as_str().to_owned());
            }
        }
        for key in &self.accepted {
            let kept = all.iter().find(|deploy| deploy.key.as_str() == key);
            let state = kept.map(|deploy| deploy.state);
            let lost =
                !matches!(state, Some(DeployState::Accepted | DeployState::Ready | DeployState::Failed));
            assert!(!lost || self.dismissed.contains(key), "the accepted {key} is {state:?}");
        }
    }

    /// The network heals: in the end everything is known.
    fn settle(&mut self) {
        self.world.outside(|outside| {
            (outside.post, outside.ask, outside.second_meanwhile) = (Post::Answered, Ask::Answered, false);
        });
        for _ in 0..8 {
            self.world.outside(|outside| outside.time += 60_000);
            for deploy in self.all() {
                self.step(&deploy.key, None);
            }
            self.check();
        }
        let instances = self.world.outside(|outside| outside.instances.clone());
        for deploy in self.all() {
            assert!(
                deploy.state.is_settled() || self.tenants_mixed,
                "{:?} after all that time",
                deploy.state
            );
            let exists = instances.iter().any(|instance| instance.key == deploy.key.as_str());
            let known = matches!(deploy.state, DeployState::Ready);
            assert!(exists == known || self.tenants_mixed, "exists {exists}, known as {:?}", deploy.state);
        }
    }
}

struct Exactly;

impl StateMachineTest for Exactly {
    type SystemUnderTest = Run;
    type Reference = Moves;

    fn init_test((): &()) -> Run {
        Run::new()
    }

    fn apply(mut run: Run, (): &(), one: Move) -> Run {
        match one {
            Move::Confirm { request, dies_at } => run.confirm(request, dies_at),
            Move::Step { which, post, ask, dies_at, second_meanwhile } => {
                if let Some(deploy) = run.nth(which) {
                    run.world.outside(|outside| {
                        (outside.post, outside.ask, outside.second_meanwhile) = (post, ask, second_meanwhile);
                    });
                    run.step(&deploy.key, dies_at);
                }
            }
            Move::TimePasses { seconds } => run.world.outside(|outside| outside.time += seconds * 1000),
            Move::ClockIsSet { hours } => {
                run.world.outside(|outside| outside.clock_off = TimeDelta::hours(hours));
            }
            Move::AppRestarts => run.restart(),
            Move::ComputerRestarts => {
                run.world.outside(|outside| {
                    outside.boot += 1;
                    outside.time += 20_000;
                    outside.booted_at = outside.time - 10_000;
                });
                run.restart();
            }
            Move::TenantChanges => {
                run.world.outside(|outside| outside.tenant ^= 1);
                run.tenants_mixed = true;
            }
            Move::PersonResends { which } => {
                if let Some(deploy) = run.nth(which) {
                    run.resend(&deploy);
                }
            }
            Move::PersonDismisses { which } => {
                if let Some(deploy) = run.nth(which).filter(|deploy| !deploy.state.is_open()) {
                    run.dismissed.push(deploy.key.as_str().to_owned());
                    run.journal.dismiss(&deploy.key).expect("the journal is written");
                }
            }
        }
        run.world.outside(Outside::deliver);
        run.check();
        run
    }

    fn teardown(mut run: Run, (): ()) {
        run.settle();
    }
}

#[test]
fn one_confirmation_makes_at_most_one_instance_and_no_accepted_deploy_is_lost() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let cases = number("NINEHEADS_SCHEDULES").unwrap_or(2000);
    let seed = number("NINEHEADS_SEED").unwrap_or_else(rand::random);
    eprintln!("{cases} schedules, NINEHEADS_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config {
        cases: u32::try_from(cases).expect("not so many"),
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config.clone(), rng);
    let schedules = Moves::sequential_strategy(1..40);
    let result = runner.run(&schedules, |((), moves, seen)| {
        Exactly::test_sequential(config.clone(), (), moves, seen);
        Ok(())
    });
    if let Err(error) = result {
        panic!("NINEHEADS_SEED={seed}: {error}");
    }
}

#[test]
fn the_delays_of_this_world_end_within_the_settle_window() {
    assert!(DELAY < u64::try_from(SETTLE_WINDOW.num_milliseconds()).expect("positive"));
}
