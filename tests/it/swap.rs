//! Rules that are swapped under decisions: a server takes calls while its bundle, with a policy and a list, is replaced
//! again and again. Each decision is that of one whole bundle, says which, and is made again from what was stored.
//!
//! The folder of the rules is a link that is moved from one version to the next, so that every version is whole on disk.

#![cfg(unix)]

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use switchboard_emulator::CallScript;
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, load};
use switchboard_engine::decide::Form;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_runtime::store::record::SessionKey;

use super::server::{ANNA, Place, Server, Tuning, until};

/// Versions that are taken up one after the other.
const VERSIONS: usize = 24;
/// Of these every so many is broken, and must never be in force.
const BROKEN: usize = 5;

/// Calls that are under way at once.
const CALLERS: usize = 4;

/// The files of a version: each of them says which it is.
fn files(version: usize) -> [(&'static str, String); 3] {
    let is_broken = version % BROKEN == BROKEN - 1;
    let end = if is_broken { "" } else { "}" };
    [
        (
            "main.rules",
            format!(
                "rules 1\n\ntable entities for calls\n  | contact || create | responsible        |\n  \
                 |---------||--------|--------------------|\n  | else    || client | \"anna@romashka.ru\" |\n\n\
                 fields of client for calls\n  by_rules  from \"{version}\", always\n  by_call  from said(), always\n\n\
                 list versions from \"versions.csv\" column \"key\"\n\n\
                 script \"policy.rhai\"\n  function said() gives text\n  policy fields of client for calls needs uis.call_legs\n"
            ),
        ),
        (
            "policy.rhai",
            format!(
                "fn said() {{ \"{version}\" }}\n\
                 fn client_fields(event, proposal, facts) {{\n    print(facts.call_legs.len());\n    \
                 proposal.set_always(\"by_policy\", \"{version}\");\n    \
                 proposal.set_always(\"by_list\", lookup(\"versions\", \"now\", \"version\"));\n    proposal\n{end}\n"
            ),
        ),
        ("versions.csv", format!("key,version\nnow,{version}\n")),
    ]
}

/// Bundles that are whole, each with the number of its version, by digest.
type Whole = BTreeMap<String, (usize, Arc<Bundle>)>;

/// Writes the versions beside each other; gives their folders, and the bundles of those that are whole, by digest.
fn versions(beside: &Path) -> (Vec<PathBuf>, Whole) {
    let (mut folders, mut bundles) = (Vec::new(), BTreeMap::new());
    for version in 0..VERSIONS {
        let folder = beside.join(format!("version-{version}"));
        std::fs::create_dir(&folder).expect("a folder");
        let mut source = BundleSource::new();
        for (name, text) in files(version) {
            std::fs::write(folder.join(name), &text).expect("a file");
            source.add(name, text).expect("a name");
        }
        folders.push(folder);
        if let Some(bundle) = load(&source, &LoadOptions::default()).bundle {
            bundles.insert(bundle.digest().to_owned(), (version, bundle));
        }
    }
    assert_eq!(bundles.len(), VERSIONS - VERSIONS / BROKEN, "the others are broken");
    (folders, bundles)
}

/// Moves the link to a version, whole.
fn switch(rules: &Path, version: &Path) {
    let next = rules.with_file_name("next");
    std::os::unix::fs::symlink(version, &next).expect("a link");
    std::fs::rename(&next, rules).expect("the link is moved");
}

fn call(n: usize) -> CallScript {
    CallScript {
        client: Some(format!("7900000{:04}", 3_000 + n)),
        virtual_number: "74951234567".to_owned(),
        rung: vec![ANNA],
        answered_by: Some(ANNA),
        talk_s: 20,
        recorded: false,
        ..CallScript::default()
    }
}

/// Takes up one version after the other: sees each in force, or refused with the one before still in force, and something
/// decided by what is in force then.
async fn swap(server: &Server, rules: &Path, folders: &[PathBuf], sessions: &RefCell<Vec<SessionKey>>) {
    let rulebook = server.running.rulebook().clone();
    for (version, folder) in folders.iter().enumerate().skip(1) {
        let before = rulebook.status("romashka").expect("a status");
        switch(rules, folder);
        until(&format!("version {version} is seen"), async || {
            rulebook.status("romashka").is_some_and(|status| status.on_disk != before.on_disk)
        })
        .await;
        let status = rulebook.status("romashka").expect("a status");
        let in_force = rulebook.in_force("romashka").expect("rules").bundle.digest().to_owned();
        assert_eq!(status.digest.as_ref(), Some(&in_force), "the status tells what is in force");
        if version % BROKEN == BROKEN - 1 {
            assert!(status.is_stale() && status.digest == before.digest, "{version}: {status:?}");
        } else {
            assert!(!status.is_stale() && status.digest == status.on_disk, "{version}: {status:?}");
        }
        until(&format!("something is decided while version {version} is there"), async || {
            let last: Vec<SessionKey> = sessions.borrow().iter().rev().take(2 * CALLERS).cloned().collect();
            for session in last {
                let decisions = server.timeline(&session).await.decisions;
                if decisions.iter().any(|decision| decision.made.bundle_digest == in_force) {
                    return true;
                }
            }
            false
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_decision_is_that_of_one_whole_bundle_however_often_rules_are_swapped() {
    let usual = Tuning::default();
    let limits = format!("{}reload_poll = \"20 ms\"\nreload_debounce = \"5 ms\"\n", usual.limits);
    let place = Place::new("rules 1\n", &Tuning { limits, ..usual }).await;
    let rules = place.settings().with_file_name("rules");
    let (folders, bundles) = versions(rules.parent().expect("a folder"));
    std::fs::remove_dir_all(&rules).expect("the rules go");
    switch(&rules, &folders[0]);
    let server = place.serve().await;
    until("the first version is in force", async || server.running.rulebook().in_force("romashka").is_some())
        .await;

    // Several calls are under way at any moment, for as long as rules are swapped.
    let (is_over, sessions) = (Cell::new(false), RefCell::new(Vec::new()));
    let callers = futures_util::future::join_all((0..CALLERS).map(async |_| {
        while !is_over.get() {
            let next = sessions.borrow().len();
            let session = server.call(&call(next)).await;
            sessions.borrow_mut().push(session.clone());
            server.settled(&[session]).await;
        }
    }));
    let swaps = async {
        swap(&server, &rules, &folders, &sessions).await;
        is_over.set(true);
    };
    tokio::join!(callers, swaps);
    let sessions = sessions.into_inner();

    let mut decided_by = BTreeSet::new();
    for session in &sessions {
        for decision in server.timeline(session).await.decisions {
            let made = decision.made;
            let (version, bundle) = bundles.get(made.bundle_digest.as_str()).expect("a whole bundle");
            let mut told: Value = made.decision.read().expect("a decision");
            let under =
                told.as_object_mut().and_then(|told| told.remove("replay")).expect("what it was made under");
            for field in ["by_rules", "by_call", "by_policy", "by_list"] {
                assert_eq!(told["fields"]["client"][field], version.to_string(), "{session}: {field}");
            }
            decided_by.insert(*version);
            // And again, from what was stored.
            let event = Event::from_json(&made.event.read().expect("an event")).expect("an event");
            let facts = Facts::from_json(&made.facts.read().expect("facts")).expect("facts");
            let now: Moment = under["now"].as_str().expect("a moment").parse().expect("a moment");
            assert_eq!(bundle.decide(&event, &facts, now).to_json_as(Form::CURRENT), told, "{session}");
        }
    }
    let whole: BTreeSet<usize> = bundles.values().map(|(version, _)| *version).collect();
    assert!(decided_by.is_superset(&whole.iter().copied().skip(1).collect()), "{decided_by:?}");
}
