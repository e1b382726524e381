//! Large tables: the same rows as rules, as JSON, and as values for the decision by hand.
//!
//! A table has six columns, as the table of a large shop would: a site of its own in every row, campaigns, contacts and
//! talk times that many rows share. Ten thousand rows stay below the limit of a file, formatted too.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, load};

/// Rows of the table that the project's goals speak of.
pub const ROWS: usize = 10_000;

/// The head of the table.
const HEAD: &str = "rules 1\n\ntable entities for incoming calls\n  \
    | site | campaign | contact | talk_time || create | responsible |\n  |---|---|---|---||---|---|\n";

/// What a row asks about the campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Campaign {
    /// Nothing.
    Any,
    /// That it is one of fifty.
    Named(usize),
    /// That it begins in a certain way.
    Summer,
}

/// What a row asks about the talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Talk {
    /// Nothing.
    Any,
    /// That it took half a minute.
    Long,
    /// That it did not.
    Short,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The site, one for each row.
    pub site: String,
    /// The campaign.
    pub campaign: Campaign,
    /// Whether the contact is the first one; `None` asks nothing.
    pub first: Option<bool>,
    /// The talk.
    pub talk: Talk,
    /// What is created.
    pub create: &'static [&'static str],
    /// Whose it is.
    pub responsible: String,
}

/// The row of a number.
#[must_use]
pub fn row(number: usize) -> Row {
    Row {
        site: format!("s{number}.ru"),
        campaign: match number % 4 {
            0 => Campaign::Any,
            1 => Campaign::Summer,
            _ => Campaign::Named(number % 50),
        },
        first: match number % 3 {
            0 => Some(true),
            1 => Some(false),
            _ => None,
        },
        talk: match number % 5 {
            0 => Talk::Short,
            1 | 2 => Talk::Long,
            _ => Talk::Any,
        },
        create: match number % 3 {
            0 => &["client", "order"],
            1 => &["order"],
            _ => &["client"],
        },
        responsible: format!("m{}@romashka.ru", number % 40),
    }
}

/// A table of so many rows whose sites are found by name.
#[must_use]
pub fn named(rows: usize) -> String {
    let mut text = HEAD.to_owned();
    for row in (0..rows).map(row) {
        let campaign = match row.campaign {
            Campaign::Any => "-".to_owned(),
            Campaign::Named(number) => format!("\"Акция {number}\""),
            Campaign::Summer => "like \"Лето*\"".to_owned(),
        };
        let contact = row.first.map_or("-", |first| if first { "first" } else { "repeat" });
        let talk = match row.talk {
            Talk::Any => "-",
            Talk::Long => ">= 30 s",
            Talk::Short => "< 30 s",
        };
        line(&mut text, &[&format!("\"{}\"", row.site), &campaign, contact, talk], &row);
    }
    text.push_str("  | else || nothing | - |\n");
    text
}

/// A table of so many rows each of which asks a question of its own, so that none can be looked up.
#[must_use]
pub fn patterns(rows: usize) -> String {
    let mut text = HEAD.to_owned();
    for number in 0..rows {
        line(&mut text, &["-", &format!("like \"*№ {number} *\""), "-", "-"], &row(number));
    }
    text.push_str("  | else || nothing | - |\n");
    text
}

/// A table of so many rows with two mistakes in each: a value that no contact has, a field that no call has.
#[must_use]
pub fn mistaken(rows: usize) -> String {
    let mut text = HEAD.to_owned();
    for number in 0..rows {
        let site = format!("\"s{number}.ru\"");
        text.push_str(&format!("  | {site} | - | frist | - || client | answred_by |\n"));
    }
    text
}

/// An `only match` table of so many rows that all ask the same and give different results.
#[must_use]
pub fn overlapping(rows: usize) -> String {
    let mut text = HEAD.replace("incoming calls", "incoming calls, only match");
    for number in 0..rows {
        line(&mut text, &["\"s.ru\"", "-", "first", "-"], &row(number));
    }
    text
}

/// The table of [`named`] as JSON: an array of objects.
#[must_use]
pub fn json(rows: usize) -> String {
    let row = |row: Row| {
        let campaign = match row.campaign {
            Campaign::Any => Json::Null,
            Campaign::Named(number) => json!({"is": format!("Акция {number}")}),
            Campaign::Summer => json!({"like": "Лето*"}),
        };
        let talk = match row.talk {
            Talk::Any => Json::Null,
            Talk::Long => json!({"at_least": 30}),
            Talk::Short => json!({"below": 30}),
        };
        json!({
            "site": row.site,
            "campaign": campaign,
            "contact": row.first.map(|first| if first { "first" } else { "repeat" }),
            "talk_time": talk,
            "create": row.create,
            "responsible": row.responsible,
        })
    };
    Json::from((0..rows).map(|number| row(self::row(number))).collect::<Vec<_>>()).to_string()
}

/// The event that only the row of a number matches, in [`named`] and in [`patterns`].
#[must_use]
pub fn event(number: usize) -> Json {
    let row = row(number);
    let campaign = match row.campaign {
        Campaign::Named(number) => format!("акция {number}"),
        Campaign::Summer | Campaign::Any => "лето".to_owned(),
    };
    event_of(&row.site.to_uppercase(), &campaign, row.first, row.talk)
}

/// The event that only the row of a number matches in [`patterns`].
#[must_use]
pub fn pattern_event(number: usize) -> Json {
    event_of("romashka.ru", &format!("баннер № {number} синий"), Some(true), Talk::Long)
}

/// Rules of one file, which have to load.
///
/// # Panics
///
/// When they do not.
#[must_use]
pub fn bundle(rules: &str) -> Arc<Bundle> {
    let loaded = load(&BundleSource::single(rules), &LoadOptions::default());
    loaded.bundle.unwrap_or_else(|| panic!("rules are refused: {:?}", loaded.diagnostics))
}

fn event_of(site: &str, campaign: &str, first: Option<bool>, talk: Talk) -> Json {
    json!({
        "kind": "call",
        "direction": "incoming",
        "contact": if first == Some(false) { "repeat" } else { "first" },
        "phone": "+79001234567",
        "virtual_number": "+74951234567",
        "scenario": "Продажи",
        "site": site,
        "campaign": campaign,
        "started": "2026-03-02T12:00:00+03:00",
        "finished": "2026-03-02T12:03:25+03:00",
        "talk_time": if talk == Talk::Short { 10 } else { 185 },
        "missed": false,
    })
}

fn line(text: &mut String, cells: &[&str], row: &Row) {
    let (cells, create) = (cells.join(" | "), row.create.join(", "));
    // Writing into a string cannot fail.
    let _ = writeln!(text, "  | {cells} || {create} | \"{}\" |", row.responsible);
}

#[cfg(test)]
mod tests {
    use switchboard_engine::event::Event;
    use switchboard_engine::facts::Facts;
    use switchboard_grammar::limits::FILE_BYTES;

    use super::*;

    #[test]
    fn an_event_finds_its_row_in_both_tables() {
        let rows = 200;
        let tables =
            [(bundle(&named(rows)), event as fn(usize) -> Json), (bundle(&patterns(rows)), pattern_event)];
        for (bundle, event) in tables {
            for number in 0..rows {
                let event = Event::from_json(&event(number)).expect("an event");
                let decision = bundle.decide(&event, &Facts::none(), crate::examples::now());
                assert_eq!(
                    decision.responsible.as_deref(),
                    Some(row(number).responsible.as_str()),
                    "{number}"
                );
            }
        }
    }

    #[test]
    fn the_largest_table_is_a_file_before_and_after_formatting() {
        let text = named(ROWS);
        assert!(text.len() > FILE_BYTES / 2 && text.len() < FILE_BYTES, "{}", text.len());
        let formatted = switchboard_grammar::format(&text);
        assert!(formatted.len() < FILE_BYTES, "{}", formatted.len());
        assert!(patterns(ROWS).len() < FILE_BYTES && overlapping(ROWS).len() < FILE_BYTES);
        assert!(mistaken(ROWS).len() < FILE_BYTES);
    }

    #[test]
    fn wrong_tables_are_refused_for_what_is_wrong() {
        let names = |text: &str| -> Vec<&str> {
            let loaded = load(&BundleSource::single(text), &LoadOptions::default());
            assert!(loaded.bundle.is_none());
            loaded.diagnostics.iter().map(|found| found.code.name).collect()
        };
        let mistaken = names(&mistaken(10));
        assert_eq!(mistaken.iter().filter(|name| **name == "unknown-value").count(), 10, "{mistaken:?}");
        assert_eq!(mistaken.iter().filter(|name| **name == "unknown-field").count(), 10, "{mistaken:?}");
        let overlapping = names(&overlapping(10));
        assert_eq!(
            overlapping.iter().filter(|name| **name == "conflicting-rows").count(),
            9,
            "{overlapping:?}"
        );
    }
}
