//! Rules that are changed under a running server.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use switchboard_grammar::diagnostic::Severity;
use switchboard_grammar::lang::Lang;
use switchboard_runtime::clock::Manual;
use switchboard_runtime::rulebook::{Outcome, Pace, Rulebook, Status, watch};
use tempfile::TempDir;

use crate::house::{self, BAD, GOOD, Plan, now};

/// Longer than anything here takes; reached only when a test fails.
const LONG: Duration = Duration::from_secs(60);
/// Polling that never comes, so that only what is heard counts.
const NEVER: Duration = Duration::from_secs(24 * 3600);

struct Rules {
    book: Arc<Rulebook>,
    folder: TempDir,
}

impl Rules {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = house::settings(folder.path(), &Plan::default());
        std::fs::create_dir_all(folder.path().join("rules/romashka")).unwrap();
        std::fs::create_dir_all(folder.path().join("rules/vasilek")).unwrap();
        Self { book: Arc::new(Rulebook::new(&config.accounts)), folder }
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("rules/romashka")
    }

    fn write(&self, text: &str) {
        std::fs::write(self.path().join("main.rules"), text).unwrap();
    }

    fn look(&self) -> Outcome {
        self.book.look("romashka", now()).unwrap()
    }

    fn status(&self) -> Arc<Status> {
        self.book.status("romashka").unwrap()
    }

    fn digest(&self) -> Option<String> {
        self.book.in_force("romashka").map(|in_force| in_force.bundle.digest().to_owned())
    }

    /// Waits until other rules are in force than before.
    async fn swapped(&self, before: Option<String>) {
        let swapped = async {
            while self.digest() == before {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(LONG, swapped).await.expect("the change is heard of");
    }
}

fn other(text: &str) -> String {
    format!("{text}\n# changed\n")
}

#[test]
fn good_rules_are_put_in_force_and_equal_ones_change_nothing() {
    let rules = Rules::new();
    assert!(rules.book.in_force("romashka").is_none());
    assert!(!rules.status().is_stale());
    rules.write(GOOD);
    assert_eq!(rules.look(), Outcome::Swapped);
    let first = rules.book.in_force("romashka").unwrap();
    assert_eq!(rules.status().digest.as_deref(), Some(first.bundle.digest()));
    assert_eq!(rules.status().errors(), 0);
    assert!(!rules.status().is_stale());

    assert_eq!(rules.look(), Outcome::Unchanged);
    rules.write(GOOD);
    assert_eq!(rules.look(), Outcome::Unchanged);
    assert!(Arc::ptr_eq(&first, &rules.book.in_force("romashka").unwrap()));

    rules.write(&other(GOOD));
    assert_eq!(rules.look(), Outcome::Swapped);
    // Whoever began with the old rules ends with them.
    assert_ne!(Some(first.bundle.digest().to_owned()), rules.digest());
    assert!(rules.book.look("nobody", now()).is_none());
}

#[test]
fn bad_rules_leave_the_good_ones_in_force_and_are_shown() {
    let rules = Rules::new();
    rules.write(GOOD);
    rules.look();
    let good = rules.digest();
    rules.write(BAD);
    assert_eq!(rules.look(), Outcome::Refused);
    assert_eq!(rules.look(), Outcome::Unchanged);
    assert_eq!(rules.digest(), good);
    let status = rules.status();
    assert!(status.is_stale());
    assert!(status.errors() > 0);
    let problem = status.problems.iter().find(|problem| problem.severity() == Severity::Error).unwrap();
    assert!(problem.line(Lang::En).starts_with("main.rules:4:"), "{}", problem.line(Lang::En));
    assert!(problem.text(Lang::Ru).contains("reject where source"), "{}", problem.text(Lang::Ru));

    rules.write(GOOD);
    rules.look();
    assert_eq!(rules.digest(), good);
    assert!(!rules.status().is_stale());
    assert_eq!(rules.status().errors(), 0);
}

#[test]
fn rules_that_were_never_good_are_shown_and_another_accounts_are_not_touched() {
    let rules = Rules::new();
    rules.write(BAD);
    std::fs::write(rules.folder.path().join("rules/vasilek/main.rules"), GOOD).unwrap();
    rules.book.look_at_all(now());
    assert!(rules.book.in_force("romashka").is_none());
    assert!(rules.status().is_stale());
    assert!(rules.book.in_force("vasilek").is_some());
    assert!(!rules.book.status("vasilek").unwrap().is_stale());
}

#[test]
fn a_folder_that_is_gone_leaves_its_rules_in_force() {
    let rules = Rules::new();
    rules.write(GOOD);
    rules.look();
    let good = rules.digest();
    std::fs::remove_dir_all(rules.path()).unwrap();
    assert_eq!(rules.look(), Outcome::Unreadable);
    assert_eq!(rules.digest(), good);
    assert!(rules.status().is_stale());
    assert!(rules.status().problems[0].line(Lang::Ru).contains("не читается"));
    std::fs::create_dir(rules.path()).unwrap();
    // An empty folder is no bundle.
    assert_eq!(rules.look(), Outcome::Refused);
    assert_eq!(rules.digest(), good);
    rules.write(&other(GOOD));
    assert_eq!(rules.look(), Outcome::Swapped);
    assert!(!rules.status().is_stale());
}

#[cfg(unix)]
#[test]
fn a_link_that_is_switched_is_another_folder() {
    let rules = Rules::new();
    let release = |number: &str, text: &str| {
        let path = rules.folder.path().join(number);
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("main.rules"), text).unwrap();
        path
    };
    let (one, two) = (release("1", GOOD), release("2", &other(GOOD)));
    std::fs::remove_dir(rules.path()).unwrap();
    switch(&one, &rules.path());
    assert_eq!(rules.look(), Outcome::Swapped);
    switch(&two, &rules.path());
    assert_eq!(rules.look(), Outcome::Swapped);
    assert_eq!(rules.look(), Outcome::Unchanged);
}

/// Points a link elsewhere in one step.
#[cfg(unix)]
fn switch(to: &Path, link: &Path) {
    let next = link.with_extension("next");
    std::os::unix::fs::symlink(to, &next).unwrap();
    std::fs::rename(next, link).unwrap();
}

#[test]
fn looks_at_once_end_with_one_state() {
    let rules = Rules::new();
    rules.write(GOOD);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    rules.look();
                    let status = rules.status();
                    assert_eq!(status.digest, status.on_disk);
                }
            });
        }
    });
    assert_eq!(rules.digest(), rules.status().digest);
}

/// Two files that belong together, read while they are written again and again: no bundle has one of one and one of the
/// other. The writer replaces the folder in one step, as whoever publishes rules should.
#[cfg(unix)]
#[test]
fn a_thousand_swaps_never_mix_two_revisions() {
    let rules = Rules::new();
    std::fs::remove_dir(rules.path()).unwrap();
    let revisions: Vec<_> = (0..4)
        .map(|number| {
            let path = rules.folder.path().join(format!("r{number}"));
            std::fs::create_dir(&path).unwrap();
            // Every other one is bad.
            let text = if number % 2 == 0 { GOOD } else { BAD };
            std::fs::write(path.join("main.rules"), format!("{text}\n# {number}\n")).unwrap();
            std::fs::write(path.join("list.csv"), format!("phone\n{number}\n")).unwrap();
            path
        })
        .collect();
    let mut whole = Vec::new();
    for revision in &revisions {
        switch(revision, &rules.path());
        rules.look();
        whole.extend(rules.status().on_disk.clone());
    }
    whole.sort();
    whole.dedup();
    assert_eq!(whole.len(), 4);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for number in 0..1000 {
                switch(&revisions[number % 4], &rules.path());
            }
        });
        while !writing.is_finished() {
            if rules.look() == Outcome::Unsettled {
                continue;
            }
            let status = rules.status();
            if let Some(digest) = &status.on_disk {
                assert!(whole.contains(digest), "a mixture was believed");
            }
        }
    });
    rules.look();
    assert!(rules.status().is_stale() || rules.status().errors() == 0);
}

#[tokio::test(start_paused = true)]
async fn a_folder_is_looked_at_once_it_is_quiet() {
    let rules = Rules::new();
    rules.book.look_at_all(now());
    let clock = Manual::new(now());
    let pace = Pace { quiet: Duration::from_millis(200), most: Duration::from_secs(2), poll: NEVER };
    let watching = watch(Arc::clone(&rules.book), Arc::new(clock.clone()), pace);
    let looked = || rules.book.status("vasilek").unwrap().looked_at;
    let later = "2026-03-02T10:00:00Z".parse::<Timestamp>().unwrap();
    clock.set(later);

    // Time is virtual here: it moves when everything else waits.
    for _ in 0..5 {
        watching.changes().changed("vasilek");
        tokio::time::sleep(Duration::from_millis(150)).await;
        assert_eq!(looked(), Some(now()), "it is not quiet yet");
    }
    tokio::time::sleep(Duration::from_millis(60)).await;
    wait_for(|| looked() == Some(later)).await;
}

#[tokio::test(start_paused = true)]
async fn a_folder_that_is_never_quiet_is_looked_at_all_the_same() {
    let rules = Rules::new();
    rules.book.look_at_all(now());
    let clock = Manual::new(now());
    let pace = Pace { quiet: Duration::from_millis(200), most: Duration::from_secs(1), poll: NEVER };
    let watching = watch(Arc::clone(&rules.book), Arc::new(clock.clone()), pace);
    let later = "2026-03-02T10:00:00Z".parse::<Timestamp>().unwrap();
    clock.set(later);
    let started = tokio::time::Instant::now();
    while rules.book.status("vasilek").unwrap().looked_at != Some(later) {
        watching.changes().changed("vasilek");
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    assert!(started.elapsed() >= Duration::from_secs(1));
}

/// A file behind a link: what happens to it, nobody hears who watches the folder.
#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn folders_are_looked_at_from_time_to_time_whatever_was_heard() {
    let rules = Rules::new();
    let behind = rules.folder.path().join("behind.rules");
    std::fs::write(&behind, BAD).unwrap();
    std::os::unix::fs::symlink(&behind, rules.path().join("main.rules")).unwrap();
    let clock = Manual::new(now());
    let quiet = Duration::from_millis(1);
    let pace = Pace { quiet, most: NEVER, poll: Duration::from_secs(10) };
    let _watching = watch(Arc::clone(&rules.book), Arc::new(clock.clone()), pace);
    // What was there when the watch began is looked at without being heard of.
    while rules.status().on_disk.is_none() {
        tokio::time::sleep(quiet).await;
        std::thread::yield_now();
    }
    assert_eq!(rules.digest(), None);
    std::fs::write(&behind, GOOD).unwrap();
    let started = tokio::time::Instant::now();
    while rules.digest().is_none() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        std::thread::yield_now();
        assert!(started.elapsed() < Duration::from_secs(3600), "nobody looked");
    }
}

/// Lets the rest of the process go on until something holds. Virtual time does not pass while threads work.
async fn wait_for(holds: impl Fn() -> bool) {
    for _ in 0..100_000 {
        if holds() {
            return;
        }
        tokio::task::yield_now().await;
        std::thread::yield_now();
    }
    panic!("it never came to hold");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_system_reports_every_way_of_changing_a_folder() {
    let rules = Rules::new();
    rules.write(GOOD);
    rules.book.look_at_all(now());
    let pace = Pace { quiet: Duration::from_millis(20), most: Duration::from_secs(1), poll: NEVER };
    let _watching = watch(Arc::clone(&rules.book), Arc::new(Manual::new(now())), pace);

    // Written in place.
    let before = rules.digest();
    rules.write(&other(GOOD));
    rules.swapped(before).await;

    // Replaced by renaming, as editors do.
    let before = rules.digest();
    let temporary = rules.path().join(".main.rules.tmp");
    std::fs::write(&temporary, GOOD).unwrap();
    std::fs::rename(&temporary, rules.path().join("main.rules")).unwrap();
    rules.swapped(before).await;

    // The folder deleted and made again, and changed once more after that.
    let before = rules.digest();
    std::fs::remove_dir_all(rules.path()).unwrap();
    std::fs::create_dir(rules.path()).unwrap();
    rules.write(&other(GOOD));
    rules.swapped(before).await;
    let before = rules.digest();
    rules.write(&other(&other(GOOD)));
    rules.swapped(before).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_system_reports_a_switched_link_and_what_happens_behind_it() {
    let rules = Rules::new();
    let release = |number: &str, text: &str| {
        let path = rules.folder.path().join(number);
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("main.rules"), text).unwrap();
        path
    };
    let (one, two) = (release("1", GOOD), release("2", &other(GOOD)));
    std::fs::remove_dir(rules.path()).unwrap();
    switch(&one, &rules.path());
    rules.book.look_at_all(now());
    let pace = Pace { quiet: Duration::from_millis(20), most: Duration::from_secs(1), poll: NEVER };
    let _watching = watch(Arc::clone(&rules.book), Arc::new(Manual::new(now())), pace);

    let before = rules.digest();
    switch(&two, &rules.path());
    rules.swapped(before).await;
    let before = rules.digest();
    std::fs::write(two.join("main.rules"), other(&other(GOOD))).unwrap();
    rules.swapped(before).await;
}
