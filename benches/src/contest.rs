//! Several ways to do one job, timed by criterion and then against each other.
//!
//! Criterion times one way after the other, seconds apart, and on a machine that others use as well the ratio of two
//! such times says more about the others. So after criterion every way gets its turn again and again, a few hundredths
//! of a second each, and what is printed are medians over these rounds: of the times, and of the ratios of times that
//! were measured side by side.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};

use crate::machine;

/// How long one turn should take; a job that takes longer is done once.
const TURN: Duration = Duration::from_millis(25);

/// How long the rounds of one contest may take in all.
const BUDGET: Duration = Duration::from_secs(12);

/// The fewest and the most rounds.
const ROUNDS: (usize, usize) = (5, 41);

/// What a way is measured for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// What the job cannot cost less than.
    Floor,
    /// Another way to the same result.
    Peer,
    /// Ours.
    Ours,
}

/// Does the job so many times and says how long that took.
type Work<'w> = Box<dyn FnMut(u64) -> Duration + 'w>;

struct Way<'w> {
    name: String,
    role: Role,
    work: Work<'w>,
    /// How often criterion has called it; 0 when it was filtered out.
    calls: u64,
}

/// Ways to do one job.
pub struct Contest<'w> {
    name: String,
    throughput: Throughput,
    ways: Vec<Way<'w>>,
}

/// The settings of criterion for all benches; options of the command line go before them. Says what machine this is.
#[must_use]
pub fn settings() -> Criterion {
    if measures() {
        println!("{}\n", machine::describe());
    }
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .without_plots()
}

/// Whether this run measures; `cargo test` and `--list` and their like only ask whether a bench runs at all.
#[must_use]
pub fn measures() -> bool {
    let asked = |name: &str| std::env::args().any(|argument| argument == name);
    asked("--bench") && !asked("--test") && !asked("--list") && !asked("--profile-time")
}

impl<'w> Contest<'w> {
    /// A contest whose job is one thing.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), throughput: Throughput::Elements(1), ways: Vec::new() }
    }

    /// Says that the job goes through so many bytes.
    #[must_use]
    pub fn bytes(mut self, bytes: usize) -> Self {
        self.throughput = Throughput::Bytes(bytes as u64);
        self
    }

    /// Adds what the job cannot cost less than.
    #[must_use]
    pub fn floor<T>(self, name: impl Into<String>, work: impl FnMut() -> T + 'w) -> Self {
        self.add(name.into(), Role::Floor, each(work))
    }

    /// Adds another way to the same result.
    #[must_use]
    pub fn peer<T>(self, name: impl Into<String>, work: impl FnMut() -> T + 'w) -> Self {
        self.add(name.into(), Role::Peer, each(work))
    }

    /// Adds our way.
    #[must_use]
    pub fn ours<T>(self, name: impl Into<String>, work: impl FnMut() -> T + 'w) -> Self {
        self.add(name.into(), Role::Ours, each(work))
    }

    /// Adds a floor that keeps the time itself.
    #[must_use]
    pub fn floor_timed(self, name: impl Into<String>, work: impl FnMut(u64) -> Duration + 'w) -> Self {
        self.add(name.into(), Role::Floor, Box::new(work))
    }

    /// Adds our way, which keeps the time itself.
    #[must_use]
    pub fn ours_timed(self, name: impl Into<String>, work: impl FnMut(u64) -> Duration + 'w) -> Self {
        self.add(name.into(), Role::Ours, Box::new(work))
    }

    /// Lets criterion measure, then prints how the ways compare.
    pub fn run(mut self, criterion: &mut Criterion) {
        let mut group = criterion.benchmark_group(&self.name);
        group.throughput(self.throughput.clone());
        for Way { name, work, calls, .. } in &mut self.ways {
            group.bench_function(name.as_str(), |bencher| {
                bencher.iter_custom(|times| {
                    *calls += 1;
                    work(times)
                });
            });
        }
        group.finish();
        let all_ran = self.ways.iter().all(|way| way.calls > 0);
        if measures() && all_ran {
            self.compare();
        }
    }

    fn add(mut self, name: String, role: Role, work: Work<'w>) -> Self {
        self.ways.push(Way { name, role, work, calls: 0 });
        self
    }

    fn compare(&mut self) {
        let load = machine::load();
        let times: Vec<u64> = self.ways.iter_mut().map(|way| per_turn(&mut way.work)).collect();
        let began = Instant::now();
        let mut rounds: Vec<Vec<f64>> = Vec::new();
        while rounds.len() < ROUNDS.0 || (rounds.len() < ROUNDS.1 && began.elapsed() < BUDGET) {
            let turns = self.ways.iter_mut().zip(&times);
            rounds.push(turns.map(|(way, times)| seconds((way.work)(*times)) / count(*times)).collect());
        }
        println!("\n{}, {} rounds, load {load} to {}", self.name, rounds.len(), machine::load());
        self.print(&rounds);
    }

    /// A table that can be pasted into a page.
    fn print(&self, rounds: &[Vec<f64>]) {
        let others: Vec<usize> = (0..self.ways.len())
            .filter(|at| self.ways.get(*at).is_some_and(|way| way.role != Role::Ours))
            .collect();
        let column =
            |at: usize| -> Vec<f64> { rounds.iter().filter_map(|round| round.get(at).copied()).collect() };
        let mut head = format!("| {} | time | {} |", self.name, self.unit());
        for other in &others {
            if let Some(way) = self.ways.get(*other) {
                head += &format!(" times {} |", way.name);
            }
        }
        println!("{head}\n|---|--:|--:|{}", "--:|".repeat(others.len()));
        for (at, way) in self.ways.iter().enumerate() {
            let times = column(at);
            let time = median(times.clone());
            let mut line = format!("| {} | {} | {} |", way.name, span(time), self.rate(time));
            for other in &others {
                let ratios = times.iter().zip(column(*other)).map(|(time, other)| time / other).collect();
                line +=
                    &if *other == at { " 1 |".to_owned() } else { format!(" {} |", figure(median(ratios))) };
            }
            println!("{line}");
        }
        println!();
    }

    fn unit(&self) -> &'static str {
        if matches!(self.throughput, Throughput::Bytes(_)) { "MB/s" } else { "a second" }
    }

    fn rate(&self, time: f64) -> String {
        match self.throughput {
            Throughput::Bytes(bytes) => figure(count(bytes) / time / 1e6),
            _ => figure(1.0 / time),
        }
    }
}

/// Does a job again and again, the dropping of what comes out included.
fn each<'w, T>(mut work: impl FnMut() -> T + 'w) -> Work<'w> {
    Box::new(move |times| {
        let began = Instant::now();
        for _ in 0..times {
            black_box(work());
        }
        began.elapsed()
    })
}

/// How often a way does its job in one turn.
fn per_turn(work: &mut Work<'_>) -> u64 {
    let mut times = 1;
    loop {
        let took = work(times);
        if took >= TURN / 2 {
            return times;
        }
        times *= if took < TURN / 20 { 10 } else { 2 };
    }
}

/// A time with three figures.
#[must_use]
pub fn span(seconds: f64) -> String {
    let (value, unit) = match seconds {
        few if few < 1e-6 => (few * 1e9, "ns"),
        few if few < 1e-3 => (few * 1e6, "µs"),
        few if few < 1.0 => (few * 1e3, "ms"),
        many => (many, "s"),
    };
    format!("{} {unit}", figure(value))
}

/// A number with three figures, thousands apart.
#[must_use]
pub fn figure(value: f64) -> String {
    if value <= 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    // What lies behind the first three figures is noise.
    let places = 2.0 - value.log10().floor();
    if places > 0.0 {
        let digits = [1, 2, 3, 4, 5].into_iter().find(|digits| f64::from(*digits) >= places);
        let digits = usize::try_from(digits.unwrap_or(6)).unwrap_or_default();
        return format!("{value:.digits$}");
    }
    let unit = 10f64.powf(-places);
    let whole = format!("{:.0}", (value / unit).round_ties_even() * unit);
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "counts of a bench are far below the limit")]
fn count(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_three() {
        for (value, text) in [
            (0.0, "0"),
            (0.001_234, "0.00123"),
            (0.123_45, "0.123"),
            (1.234_5, "1.23"),
            (12.345, "12.3"),
            (123.45, "123"),
            (1_234.5, "1,230"),
            (1_234_567.0, "1,230,000"),
        ] {
            assert_eq!(figure(value), text);
        }
        assert_eq!((span(0.5e-6), span(1.5e-3)), ("500 ns".to_owned(), "1.50 ms".to_owned()));
    }

    #[test]
    fn a_median_does_not_see_the_worst() {
        assert!((median(vec![1.0, 900.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).is_nan());
    }
}
