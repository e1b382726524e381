//! Rules that are saved in every way there is, while somebody looks and somebody decides: what decides is always one of the
//! bundles that somebody meant, whole.
//!
//! Every file of the bundle carries a number, and a decision shows all of them: a mixture would show.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use serde_json::json;
use switchboard_engine::bundle::{Bundle, BundleSource};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_grammar::lang::Lang;
use switchboard_runtime::rulebook::{Outcome, Quiet, Rulebook};
use tempfile::TempDir;

use crate::house::{self, Plan, now};

/// Longer than anything here takes; reached only when a test fails.
const LONG: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// The files of a bundle, and whether it is one at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Meant {
    /// The number in each of [`FILES`].
    numbers: [u32; 5],
    /// Which of them has a mistake.
    broken: Option<usize>,
}

const FILES: [&str; 5] = ["main.rules", "more.rules", "s.rhai", "lists/marks.csv", "note.j2"];

impl Meant {
    const FIRST: Meant = Meant { numbers: [0; 5], broken: None };

    fn text(&self, file: usize) -> String {
        let number = self.numbers[file];
        let broken = self.broken == Some(file);
        match file {
            0 => format!(
                "rules 1\n\ninclude \"more.rules\"\n\nfilter for incoming calls\n  accept {} campaign in marks\n  else reject\n\n\
                 fields of client for incoming calls\n  main from \"{number}\", always\n  script from revision(site), always\n\n\
                 task for missed incoming calls\n  title:  \"x\"\n  assign: \"anna@romashka.ru\"\n  due:    2 hours after finished\n  \
                 note:   template \"note.j2\"\n\nlist marks from \"lists/marks.csv\"\n\nscript \"s.rhai\"\n  function revision(site: text?) gives text\n",
                if broken { "where" } else { "when" },
            ),
            1 => format!(
                "rules 1\n\nfields of client for incoming calls\n  more {} \"{number}\", always\n",
                if broken { "form" } else { "from" },
            ),
            2 => format!("fn revision(site) {{\n    \"{number}\"{}\n}}\n", if broken { " +" } else { "" }),
            3 => format!("mark\nm{number}\n"),
            _ => format!("{number} {{{{ site{} }}}}", if broken { " |" } else { "" }),
        }
    }

    fn bytes(&self, file: usize) -> Vec<u8> {
        match (file, self.broken) {
            // Any text is a list; what a list may not be is no text.
            (3, Some(3)) => vec![b'm', 0xff, 0xfe, 0xfd, b'\n'],
            _ => self.text(file).into_bytes(),
        }
    }

    fn digest(&self) -> String {
        let mut source = BundleSource::new();
        for (at, name) in FILES.iter().enumerate() {
            source.add(*name, self.bytes(at)).unwrap();
        }
        source.digest()
    }

    /// Another one with some files changed, perhaps one of them broken.
    fn next(&self, dice: &mut fastrand::Rng) -> Meant {
        let mut next = Meant { broken: None, ..*self };
        let changes = 1 + dice.usize(..FILES.len());
        for _ in 0..changes {
            next.numbers[dice.usize(..FILES.len())] += 1;
        }
        if dice.usize(..4) == 0 {
            next.broken = Some(dice.usize(..FILES.len()));
        }
        // Mended is changed as well.
        next
    }
}

/// What a bundle says of itself: the numbers that its decisions show. The list is asked for the number it should have.
fn shown(bundle: &Bundle, meant: &Meant) -> [String; 5] {
    let event = |campaign: String| {
        Event::from_json(&json!({
            "kind": "call", "direction": "incoming", "contact": "first", "missed": true, "phone": "+79000000001",
            "site": "a.ru", "campaign": campaign,
            "started": "2026-03-02T12:00:00+03:00", "finished": "2026-03-02T12:00:53+03:00",
        }))
        .unwrap()
    };
    let moment = "2026-03-02T12:01:00+03:00".parse().unwrap();
    let decision = bundle.decide(&event(format!("m{}", meant.numbers[3])), &Facts::none(), moment);
    assert!(decision.accepted, "the list is another one");
    let json = decision.to_json(Lang::En);
    let field = |name: &str| {
        json["fields"]["client"][name].as_str().unwrap_or_else(|| panic!("{name}: {json}")).to_owned()
    };
    let note = json["tasks"][0]["note"].as_str().unwrap_or_else(|| panic!("no note: {json}"));
    let note = note.strip_suffix(" a.ru").unwrap().to_owned();
    [field("main"), field("more"), field("script"), meant.numbers[3].to_string(), note]
}

fn holds_together(bundle: &Bundle, meant: &Meant) {
    assert_eq!(shown(bundle, meant), meant.numbers.map(|number| number.to_string()), "{meant:?}");
}

/// How rules are saved.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// Each file is cut to nothing and written again, in pieces.
    InPlace,
    /// Each file is written beside and put in the old one's place.
    Rename,
    /// The folder is a link, which is switched to another folder.
    Link,
    /// The folder is moved away and another one moved to its place.
    Move,
    /// The folder is deleted and made again.
    Again,
    /// Each file is deleted before it is written.
    Delete,
}

const WAYS: [Way; 6] = [Way::InPlace, Way::Rename, Way::Link, Way::Move, Way::Again, Way::Delete];

/// Saves `meant`, and calls `between` after each step that the system sees by itself.
fn save(way: Way, meant: &Meant, place: &Place, dice: &mut fastrand::Rng, between: &mut dyn FnMut()) {
    let mut files: Vec<usize> = (0..FILES.len()).collect();
    dice.shuffle(&mut files);
    let path = place.rules();
    match way {
        Way::InPlace | Way::Delete | Way::Rename => {
            for at in files {
                let (file, bytes) = (path.join(FILES[at]), meant.bytes(at));
                match way {
                    Way::Rename => {
                        let beside = path.join(".beside.tmp");
                        fs::write(&beside, &bytes).unwrap();
                        between();
                        fs::rename(beside, file).unwrap();
                    }
                    _ => {
                        if matches!(way, Way::Delete) {
                            fs::remove_file(&file).unwrap();
                            between();
                        }
                        in_pieces(&file, &bytes, dice, between);
                    }
                }
                between();
            }
        }
        Way::Again => {
            // A link is replaced by a folder.
            if path.is_symlink() {
                fs::remove_file(&path).unwrap();
            } else {
                fs::remove_dir_all(&path).unwrap();
            }
            between();
            fs::create_dir_all(path.join("lists")).unwrap();
            for at in files {
                in_pieces(&path.join(FILES[at]), &meant.bytes(at), dice, between);
            }
        }
        Way::Link | Way::Move => {
            let release = place.release(meant);
            between();
            if matches!(way, Way::Link) && path.is_symlink() {
                let link = place.fresh();
                symlink(&release, &link);
                fs::rename(link, &path).unwrap();
            } else {
                fs::rename(&path, place.fresh()).unwrap();
                between();
                match way {
                    Way::Link => symlink(&release, &path),
                    _ => fs::rename(&release, &path).unwrap(),
                }
            }
        }
    }
    between();
}

fn in_pieces(file: &Path, bytes: &[u8], dice: &mut fastrand::Rng, between: &mut dyn FnMut()) {
    use std::io::Write as _;
    let mut open = fs::File::create(file).unwrap();
    between();
    let (head, tail) = bytes.split_at(dice.usize(..=bytes.len()));
    open.write_all(head).unwrap();
    between();
    open.write_all(tail).unwrap();
}

fn symlink(to: &Path, link: &Path) {
    #[cfg(unix)]
    std::os::unix::fs::symlink(to, link).unwrap();
    #[cfg(not(unix))]
    std::os::windows::fs::symlink_dir(to, link).unwrap();
}

/// The folders of one test.
struct Place {
    book: Rulebook,
    folder: TempDir,
    next: AtomicUsize,
}

impl Place {
    /// With the first rules in force.
    fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let config = house::settings(folder.path(), &Plan::default());
        let place = Place { book: Rulebook::new(&config.accounts), folder, next: AtomicUsize::new(0) };
        fs::create_dir_all(place.folder.path().join("rules")).unwrap();
        fs::rename(place.release(&Meant::FIRST), place.rules()).unwrap();
        assert_eq!(place.book.look("romashka", now()), Some(Outcome::Swapped));
        place
    }

    fn rules(&self) -> PathBuf {
        self.folder.path().join("rules/romashka")
    }

    /// A path that nothing is at.
    fn fresh(&self) -> PathBuf {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.folder.path().join(format!("n{number}"))
    }

    /// A folder of its own with these files.
    fn release(&self, meant: &Meant) -> PathBuf {
        let path = self.fresh();
        fs::create_dir_all(path.join("lists")).unwrap();
        for (at, name) in FILES.iter().enumerate() {
            fs::write(path.join(name), meant.bytes(at)).unwrap();
        }
        path
    }

    fn look(&self, length: Duration, at: SystemTime) -> Outcome {
        self.book.look_if_quiet("romashka", now(), Quiet { length, most: LONG, now: at }).unwrap()
    }

    fn digest(&self) -> String {
        self.book.in_force("romashka").unwrap().bundle.digest().to_owned()
    }
}

/// A person saves, and between any two steps somebody looks: the old rules decide until the save is over and the folder has
/// been left alone, and then the new ones, or still the old ones and it is said which were refused.
#[test]
fn a_look_between_any_two_steps_of_a_save_changes_nothing() {
    for seed in 0..12 {
        let mut dice = fastrand::Rng::with_seed(seed);
        let place = Place::new();
        let (mut last, mut in_force) = (Meant::FIRST, Meant::FIRST);
        for round in 0..8 {
            let way = WAYS[dice.usize(..WAYS.len())];
            let told = format!("seed {seed}, save {round}: {way:?}");
            // Ten saves one after the other count as one.
            let saves = if dice.usize(..4) == 0 { 10 } else { 1 };
            for _ in 0..saves {
                let next = last.next(&mut dice);
                let good = in_force.digest();
                save(way, &next, &place, &mut dice, &mut || {
                    let outcome = place.look(HOUR, SystemTime::now());
                    assert!(
                        matches!(outcome, Outcome::Unsettled | Outcome::Unreadable | Outcome::Unchanged),
                        "{told}: {outcome:?}"
                    );
                    assert_eq!(place.digest(), good, "{told}");
                });
                last = next;
            }
            let outcome = place.look(HOUR, SystemTime::now() + HOUR * 2);
            let status = place.book.status("romashka").unwrap();
            if let Some(broken) = last.broken {
                assert_eq!(outcome, Outcome::Refused, "{told}: {last:?}");
                assert_eq!(status.refused(), Some(last.digest().as_str()), "{told}");
                assert!(status.errors() > 0, "{told}");
                let problem = status.problems[0].line(Lang::En);
                assert!(problem.contains(FILES[broken]), "{told}: {problem}");
            } else {
                assert!(matches!(outcome, Outcome::Swapped | Outcome::Unchanged), "{told}: {outcome:?}");
                assert_eq!((status.refused(), status.errors()), (None, 0), "{told}");
                in_force = last;
            }
            assert_eq!(place.digest(), in_force.digest(), "{told}");
            assert_eq!(status.digest.as_deref(), Some(in_force.digest().as_str()), "{told}");
            holds_together(&place.book.in_force("romashka").unwrap().bundle, &in_force);
        }
    }
}

/// What was in force at any time, as whoever decides saw it.
#[derive(Default)]
struct Seen {
    bundles: Mutex<BTreeMap<String, Arc<Bundle>>>,
}

/// Saves, looks and decisions at once, on threads of their own; gives the saves that took longer than the folder has to be
/// left alone, for then half of one was what somebody left alone.
fn at_once(seed: u64, quiet: Duration) -> (BTreeSet<Meant>, BTreeMap<String, Arc<Bundle>>, bool) {
    let place = Place::new();
    let mut meant = BTreeSet::from([Meant::FIRST]);
    let (seen, over, mut slow) = (Seen::default(), AtomicBool::new(false), false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                place.look(quiet, SystemTime::now());
                std::thread::park_timeout(Duration::from_millis(1));
            }
        });
        for _ in 0..2 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let bundle = Arc::clone(&place.book.in_force("romashka").unwrap().bundle);
                    seen.bundles.lock().unwrap().entry(bundle.digest().to_owned()).or_insert(bundle);
                    std::thread::park_timeout(Duration::from_millis(1));
                }
            });
        }
        let mut dice = fastrand::Rng::with_seed(seed);
        let mut last = Meant::FIRST;
        for round in 0..14 {
            let way = WAYS[dice.usize(..WAYS.len())];
            let next = last.next(&mut dice);
            meant.insert(next);
            let started = Instant::now();
            save(way, &next, &place, &mut dice, &mut std::thread::yield_now);
            slow |= started.elapsed() * 2 > quiet;
            last = next;
            // Every other save is waited for; the others are overtaken by the next.
            if dice.bool() || round == 13 {
                let (digest, began) = (next.digest(), Instant::now());
                let is_taken =
                    || place.book.status("romashka").unwrap().on_disk.as_deref() == Some(digest.as_str());
                while !is_taken() {
                    assert!(began.elapsed() < LONG, "seed {seed}, save {round} ({way:?}) is never looked at");
                    std::thread::park_timeout(Duration::from_millis(1));
                }
            }
        }
        over.store(true, Ordering::Relaxed);
    });
    (meant, seen.bundles.into_inner().unwrap(), slow)
}

#[test]
fn saves_looks_and_decisions_at_once_never_give_a_mixture() {
    for seed in 0..3 {
        let mut quiet = Duration::from_millis(40);
        loop {
            let (meant, seen, slow) = at_once(seed, quiet);
            let by_digest: BTreeMap<String, &Meant> =
                meant.iter().map(|meant| (meant.digest(), meant)).collect();
            let mixture =
                seen.keys().any(|digest| by_digest.get(digest).is_none_or(|meant| meant.broken.is_some()));
            if mixture && slow && quiet < Duration::from_secs(2) {
                // The machine stood still in the middle of a save: then nobody can know that it is not over.
                quiet *= 2;
                continue;
            }
            assert!(!mixture, "seed {seed}: what decided was never meant: {:?}", seen.keys());
            assert!(seen.len() >= 2, "seed {seed}: nothing was ever taken up");
            for (digest, bundle) in &seen {
                holds_together(bundle, by_digest[digest]);
            }
            break;
        }
    }
}

/// Rules behind a link that is switched all the time, as whoever publishes them so does, without anything to wait for: the
/// files are old. A look sees one of them whole, or says that it could not.
#[cfg(unix)]
#[test]
fn a_link_that_is_switched_all_the_time_gives_whole_bundles_however_fast() {
    let place = Place::new();
    let releases: Vec<(Meant, PathBuf)> = (1..6)
        .map(|number| {
            let meant = Meant { numbers: [number; 5], broken: None };
            (meant, place.release(&meant))
        })
        .collect();
    let whole: BTreeMap<String, Meant> = releases.iter().map(|(meant, _)| (meant.digest(), *meant)).collect();
    fs::remove_dir_all(place.rules()).unwrap();
    symlink(&releases[0].1, &place.rules());
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..2000 {
                let link = place.fresh();
                symlink(&releases[number % releases.len()].1, &link);
                fs::rename(link, place.rules()).unwrap();
            }
            over.store(true, Ordering::Relaxed);
        });
        let mut looks = 0;
        while !over.load(Ordering::Relaxed) || looks < 20 {
            place.book.look("romashka", now());
            let bundle = Arc::clone(&place.book.in_force("romashka").unwrap().bundle);
            match whole.get(bundle.digest()) {
                Some(meant) => holds_together(&bundle, meant),
                None => assert_eq!(bundle.digest(), Meant::FIRST.digest(), "a mixture"),
            }
            looks += 1;
        }
    });
}
