//! Mutants: what they are, that those proved to be none are none, and that the event shown for a survivor kills it.

use std::fmt::Write as _;

use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
use switchboard_engine::facts::Facts;
use switchboard_engine::mutate::{Case, Fate, Mutant, Operator, Trial, mutants, sample};
use switchboard_engine::prove::ProofLimits;
use switchboard_grammar::lang::Lang;

use super::support::{call, fixtures, folder, now};

fn of(source: &BundleSource) -> Vec<Mutant> {
    let loaded = load(source, &LoadOptions::default());
    assert!(loaded.bundle.is_some());
    mutants(&loaded.sources)
}

/// What becomes of each mutant of a bundle when these tests are there.
fn fates(source: &BundleSource, cases: &[Case], most: usize) -> Vec<(Mutant, Fate)> {
    let bundle = load(source, &LoadOptions::default()).bundle.unwrap();
    let mut trial = Trial::new(source, &bundle, &LoadOptions::default(), &ProofLimits::default(), cases);
    sample(of(source), most, 1).into_iter().map(|mutant| (mutant.clone(), trial.fate(&mutant))).collect()
}

fn line(mutant: &Mutant) -> String {
    let row = mutant.row.map(|row| format!(" {row}")).unwrap_or_default();
    let column = mutant.column.as_ref().map(|column| format!(" [{column}]")).unwrap_or_default();
    let Mutant { line, before, after, .. } = mutant;
    format!("{line}{row}{column} {}: {before} -> {after}", mutant.operator.as_str())
}

const ENGLISH: &str = "rules 1\n\nfilter for incoming calls\n  reject when source is \"Спам\" or not missed\n  \
accept when site in (\"a.ru\", \"b.ru\") and talk_time >= 2 min  # long\n  else accept\n\n\
table entities for incoming calls\n  | contact | talk_time || create | responsible |\n  | first | not >= 10 s || client, order | answered_by else who |\n\
\x20 | repeat | >= 30 s and < 5 min || order | client.manager |\n  | else || nothing | - |\n\n\
table who for incoming calls\n  | site || employee |\n  | \"opt.ru\" || \"ivan@x.ru\" |\n  | like \"*.ru\" || \"olga@x.ru\" |\n  | else || \"anna@x.ru\" |\n\n\
task for missed incoming calls when contact is first\n  title: \"Call back\"\n  assign: client.manager else who\n  due: 2 hours after finished\n\n\
fields of client for calls\n  uis_site from site\n  uis_city from visitor.city else \"?\", always\n\n\
settings for calls\n  forward_to_manager: yes\n  always_show_number: yes\n";

#[test]
fn what_is_changed_is_told_as_it_is_written() {
    let mutants = of(&BundleSource::single(ENGLISH));
    insta::assert_snapshot!(mutants.iter().map(line).collect::<Vec<_>>().join("\n"));
}

#[test]
fn russian_files_have_russian_mutants() {
    let text = "правила 1\n\nфильтр для чатов\n  отклонять когда теги содержат \"спам\" и канал не telegram\n  иначе принимать\n\n\
таблица сущности для чатов\n  | обращение || создать |\n  | первое || клиент, заказ |\n  | повторное || ничего |\n\n\
поля клиента для чатов\n  uis_город из посетитель.город\n";
    let mutants = of(&BundleSource::single(text));
    insta::assert_snapshot!(mutants.iter().map(line).collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_survivor_is_killed_by_the_event_that_is_shown_for_it() {
    for (name, most) in [("romashka-ru", usize::MAX), ("romashka-en", 60)] {
        let source = folder(&fixtures().join("bundles").join(name));
        let mut counts = [0; 5];
        let mut told = String::new();
        let bundle = load(&source, &LoadOptions::default()).bundle.unwrap();
        for (mutant, fate) in fates(&source, &[], most) {
            let kind = match &fate {
                Fate::Refused => 0,
                Fate::Noticed(_) => panic!("no test was given"),
                Fate::Same => 1,
                Fate::Survived(_) => 2,
                Fate::Undecided(_) => 3,
            };
            counts[kind] += 1;
            match fate {
                Fate::Survived(survivor) => {
                    let example = survivor.change.example.unwrap();
                    let case = Case { event: example.event, facts: example.facts, now: noon() };
                    let cases = [case];
                    let mut trial = Trial::new(
                        &source,
                        &bundle,
                        &LoadOptions::default(),
                        &ProofLimits::default(),
                        &cases,
                    );
                    assert!(matches!(trial.fate(&mutant), Fate::Noticed(0)), "{}", line(&mutant));
                }
                Fate::Same => writeln!(told, "{}: same: {}", mutant.file, line(&mutant)).unwrap(),
                Fate::Refused => writeln!(told, "{}: refused: {}", mutant.file, line(&mutant)).unwrap(),
                Fate::Undecided(why) => {
                    writeln!(told, "{}: undecided: {}: {}", mutant.file, line(&mutant), why.get(Lang::En))
                        .unwrap();
                }
                Fate::Noticed(_) => {}
            }
        }
        writeln!(
            told,
            "refused {}, same {}, survived {}, undecided {}",
            counts[0], counts[1], counts[2], counts[3]
        )
        .unwrap();
        insta::assert_snapshot!(format!("mutants of {name}"), told);
    }
}

fn noon() -> switchboard_engine::moment::Moment {
    "2026-03-02T12:00:00+03:00".parse().unwrap()
}

#[test]
fn a_test_notices_what_it_looks_at_and_nothing_else() {
    let source = BundleSource::single(ENGLISH);
    let event = call(
        serde_json::json!({"site": "opt.ru", "missed": true, "contact": "first", "finished": "2026-03-02T12:00:00+03:00"}),
    );
    let cases = [Case { event, facts: Facts::none(), now: now() }];
    let noticed = |operator: Operator, before: &str| {
        let all = fates(&source, &cases, usize::MAX);
        let (_, fate) = all
            .into_iter()
            .find(|(mutant, _)| mutant.operator == operator && mutant.before.contains(before))
            .unwrap_or_else(|| panic!("no such mutant: {before}"));
        matches!(fate, Fate::Noticed(0))
    };
    assert!(noticed(Operator::Task, "task for missed"));
    assert!(noticed(Operator::Row, "\"ivan@x.ru\""));
    assert!(!noticed(Operator::Row, "\"olga@x.ru\""));
    assert!(noticed(Operator::Line, "uis_city"), "`?` is written where no city is known");
    assert!(!noticed(Operator::Comparison, ">= 30 s"), "only those who called before");
}

#[test]
fn a_sample_is_the_same_each_time_and_another_for_another_seed() {
    let all = of(&BundleSource::single(ENGLISH));
    let some = sample(all.clone(), 10, 1);
    assert_eq!(some.len(), 10);
    assert_eq!(some, sample(all.clone(), 10, 1));
    assert_ne!(some, sample(all.clone(), 10, 2));
    assert!(some.is_sorted_by_key(|mutant| all.iter().position(|other| other == mutant)));
    assert_eq!(sample(all.clone(), all.len(), 7), all);
}
