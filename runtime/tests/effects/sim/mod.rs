//! A whole account in a simulated world: virtual time, a RetailCRM that fails in every way, crashes at any point.
//!
//! Everything random follows from one seed, so a failing seed fails again: `SIM_SEED=17 cargo test … simulation`.
//! `SIM_SEEDS=5000` runs more of them. The judge is a ledger (`ledger`): what was accepted, what the CRM holds, when
//! each request arrived.

mod clock;
mod crm;
mod ledger;
mod plan;
mod run;
mod store;

/// Seeds of a normal run.
const SEEDS: u64 = 200;

#[test]
fn simulation() {
    if std::env::var_os("SIM_LOG").is_some() {
        let filter = tracing_subscriber::EnvFilter::from_env("SIM_LOG");
        tracing_subscriber::fmt().with_env_filter(filter).without_time().with_writer(std::io::stderr).init();
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match number("SIM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SIM_SEEDS").unwrap_or(SEEDS),
    };
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = std::sync::atomic::AtomicU64::new(seeds.start);
    let work = || {
        let mut totals = ledger::Totals::default();
        loop {
            let seed = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            if seed >= seeds.end {
                return totals;
            }
            totals.add(&run::run(seed));
        }
    };
    let mut totals = ledger::Totals::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            totals.add(&thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
    });
    println!("{} seeds: {totals:?}", seeds.end - seeds.start);
    // A simulation in which nothing goes wrong proves nothing.
    if seeds.end - seeds.start >= SEEDS {
        assert!(totals.crashes > seeds.end, "{totals:?}");
        assert!(totals.faults > seeds.end * 10, "{totals:?}");
        assert!(totals.late > 0 && totals.stops > 0 && totals.stalls > 0, "{totals:?}");
    }
}
