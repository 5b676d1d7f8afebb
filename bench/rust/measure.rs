//! Many short rounds and their median, as measure.go has them. Where threads are
//! started, a round is ten times what that takes.

use std::time::{Duration, Instant};

/// A name and a function that does the thing so many times.
pub type Case = (String, Box<dyn FnMut(usize)>);

pub fn case(name: &str, run: impl FnMut(usize) + 'static) -> Case {
    (name.to_string(), Box::new(run))
}

const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(1);

/// What a run of no repetitions takes, such as the start of threads, is not counted.
pub fn median(run: &mut dyn FnMut(usize)) -> f64 {
    let setup = (0..5).map(|_| timed(run, 0)).min().unwrap();
    let round = ROUND.max(setup * 10);
    let mut n = 1;
    while timed(run, n) < setup + round / 2 {
        n *= 2;
    }
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| timed(run, n).saturating_sub(setup).as_nanos() as f64 / n as f64)
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

fn timed(run: &mut dyn FnMut(usize), n: usize) -> Duration {
    let start = Instant::now();
    run(n);
    start.elapsed()
}

/// Runs body in so many threads, which share n repetitions.
pub fn parallel(threads: usize, n: usize, body: impl Fn(usize, usize) + Sync) {
    std::thread::scope(|s| {
        for i in 0..threads {
            let share = n / threads + usize::from(i < n % threads);
            let body = &body;
            s.spawn(move || body(i, share));
        }
    });
}
