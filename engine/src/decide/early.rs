//! What can be said of a call while it still rings.
//!
//! Goes in: an event that is not finished. Comes out: whether the filter turns it away whatever else becomes known, and
//! the store that the rules name for it. A question about a field that is missing, or that only the end of a call
//! settles, has no answer yet; a filter counts as turning away only when every way it can still go does. Policies of
//! `store` have their say when nothing that any of them looks at has to be waited for; else the tables' store is shown. Who is
//! responsible is not looked at: the card has no place for it, and whose phone rings UIS decides.

use std::sync::LazyLock;

use smol_str::SmolStr;

use super::eval::Eval;
use crate::catalog::{Hook, schema};
use crate::event::Event;
use crate::facts::Facts;
use crate::moment::Moment;
use crate::program::{Check, Cond, Expr, Filter, Guard, Part, Program, Reads, Test};
use crate::schema::{EventKind, FieldId, FieldKey};

/// Fields that are there while a call rings and mean something only after its end, or after the CRM was asked.
const LATE: &[&str] = &[
    "contact",
    "finished",
    "talk_time",
    "wait_time",
    "total_time",
    "missed",
    "answered_by",
    "rung",
    "transferred",
    "record_url",
    "rating",
    "tags",
    "segments",
    "finish_reason",
];

static LATE_IDS: LazyLock<Vec<FieldId>> =
    LazyLock::new(|| LATE.iter().filter_map(|name| schema().field_id(name)).collect());

/// What can be said of an event that is not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Early {
    /// Whether the filter turns it away, whatever else becomes known of it.
    pub rejected: bool,
    /// The code of the store that the rules name for it, as far as can be told.
    pub store: Option<SmolStr>,
}

/// Looks at an event that is not finished.
pub(crate) fn early(program: &Program, event: &Event, now: Moment) -> Early {
    let facts = Facts::none();
    let eval = Eval::new(program, event, &facts, now);
    let filter = eval.plan.filter.and_then(|filter| program.filters.get(filter as usize));
    let store = eval.store();
    let store = if eval.knows_for_policies() { eval.store_by_policy(store) } else { store };
    Early { rejected: filter.is_some_and(|filter| eval.surely_rejects(filter)), store }
}

/// Whether a field is never known before a call has ended or the CRM was asked.
fn comes_late(key: &FieldKey) -> bool {
    let of_client =
        || schema().field(EventKind::Call, key.id).is_some_and(|field| field.name().starts_with("client."));
    LATE_IDS.contains(&key.id) || of_client()
}

impl Eval<'_> {
    /// Whether no policy of the store looks at what comes late. One of them that does would have the last word, so then
    /// none is asked.
    fn knows_for_policies(&self) -> bool {
        self.rules(Hook::Store).all(|rule| {
            let reads = match &rule.reads {
                Reads::These(keys) => !keys.iter().any(comes_late),
                Reads::All => false,
            };
            reads && rule.needs.is_empty()
        })
    }

    fn surely_rejects(&self, filter: &Filter) -> bool {
        for line in &filter.lines {
            let settled = match &line.guard {
                Guard::Else => Some(true),
                Guard::When(condition, _) => self.settled(condition),
            };
            match settled {
                Some(true) => return !line.accept,
                Some(false) => {}
                // It may hold yet: then this line has the last word.
                None if line.accept => return false,
                None => {}
            }
        }
        // A filter that comes to no line lets everything through.
        false
    }

    /// Whether a condition holds; `None` while that is not settled.
    fn settled(&self, condition: &Cond) -> Option<bool> {
        match condition {
            Cond::Not(inner) => self.settled(inner).map(|holds| !holds),
            Cond::All(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.settled(part)).collect();
                if parts.contains(&Some(false)) {
                    return Some(false);
                }
                parts.iter().all(Option::is_some).then_some(true)
            }
            Cond::Any(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.settled(part)).collect();
                if parts.contains(&Some(true)) {
                    return Some(true);
                }
                parts.iter().all(Option::is_some).then_some(false)
            }
            Cond::Truth(value) => self.is_settled(value).then(|| self.holds(condition)),
            Cond::Ask { left, check } => {
                (self.is_settled(left) && self.is_check_settled(check)).then(|| self.holds(condition))
            }
        }
    }

    /// Whether a value will not change any more. What tables and scripts give is not looked into.
    fn is_settled(&self, value: &Expr) -> bool {
        match value {
            Expr::Const(_) | Expr::Local(_) => true,
            Expr::Field(key) => !LATE_IDS.contains(&key.id) && !self.event.value(key).is_missing(),
            Expr::Else(parts) | Expr::List(parts) => parts.iter().all(|part| self.is_settled(part)),
            Expr::Template(template) => template.parts.iter().all(|part| match part {
                Part::Text(_) => true,
                Part::Hole { value, .. } => self.is_settled(value),
            }),
            Expr::Named(_) | Expr::Call(_) => false,
        }
    }

    fn is_check_settled(&self, check: &Check) -> bool {
        match check {
            Check::Not(inner) => self.is_check_settled(inner),
            Check::All(parts) | Check::Any(parts) => parts.iter().all(|part| self.is_check_settled(part)),
            Check::Test(test) => match test {
                Test::Present | Test::InSet(_) | Test::InSchedule(_) | Test::Like(_) => true,
                Test::Is(value)
                | Test::Exactly(value)
                | Test::Among(value)
                | Test::Contains(value)
                | Test::StartsWith(value)
                | Test::EndsWith(value)
                | Test::Order(_, value) => self.is_settled(value),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bundle::{BundleSource, LoadOptions, load};

    #[test]
    fn the_schema_has_all_late_fields() {
        assert_eq!(LATE_IDS.len(), LATE.len());
    }

    #[track_caller]
    fn check(filter: &str, rejected: bool) {
        let source = BundleSource::single(format!("rules 1\n\nfilter for incoming calls\n{filter}\n"));
        let loaded = load(&source, &LoadOptions::default());
        let bundle = loaded.bundle.unwrap_or_else(|| panic!("{filter}: {:?}", loaded.diagnostics));
        let event = json!({
            "kind": "call", "direction": "incoming", "contact": "first", "phone": "+79000000011",
            "virtual_number": "+74951234567", "started": "2026-03-02T12:00:00+03:00",
            "finished": "2026-03-02T12:00:00+03:00", "talk_time": 0, "missed": true, "scenario": "Спам",
        });
        let event = Event::from_json(&event).expect("an event");
        let now = "2026-03-02T12:00:00+03:00".parse().expect("a moment");
        assert_eq!(bundle.early(&event, now).rejected, rejected, "{filter}");
    }

    #[track_caller]
    fn store(policy: &str, body: &str, expected: &str) {
        let rules = format!(
            "rules 1\n\ntable store for incoming calls\n  | site || store |\n  | else || \"main\" |\n\nscript \"s.rhai\"\n  policy store for incoming calls{policy}\n"
        );
        let mut source = BundleSource::single(rules);
        source
            .add("s.rhai", format!("fn store(event, proposal, facts) {{ {body} proposal }}"))
            .expect("a name");
        let loaded = load(&source, &LoadOptions::default());
        let bundle = loaded.bundle.unwrap_or_else(|| panic!("{body}: {:?}", loaded.diagnostics));
        let event = json!({
            "kind": "call", "direction": "incoming", "contact": "first", "phone": "+79000000011",
            "virtual_number": "+74951234567", "started": "2026-03-02T12:00:00+03:00",
        });
        let event = Event::from_json(&event).expect("an event");
        let now = "2026-03-02T12:00:00+03:00".parse().expect("a moment");
        assert_eq!(bundle.early(&event, now).store.as_deref(), Some(expected), "{body}");
    }

    #[test]
    fn a_policy_names_the_store_while_it_rings_when_it_knows_enough() {
        let by_number = r#"if event.virtual_number == "+74951234567" { proposal.store = "opt"; }"#;
        store("", by_number, "opt");
        store("", &format!("{by_number} if event.campaign == \"x\" {{ proposal.store = \"y\"; }}"), "opt");
        // It fails: the tables stand, as they do when the call is over.
        store("", &format!("{by_number} throw 1;"), "main");
        // What comes late, what has to be asked for, and what cannot be followed.
        store("", &format!("{by_number} if event.contact == \"repeat\" {{ }}"), "main");
        store("", &format!("{by_number} if event.client.orders_count == 1 {{ }}"), "main");
        store(" needs uis.call_legs", by_number, "main");
        store("", &format!("{by_number} let all = [event];"), "main");
    }

    #[test]
    fn only_what_is_known_while_it_rings_turns_a_call_away() {
        check("  reject when scenario is \"Спам\"\n  else accept", true);
        check("  reject when scenario is \"Продажи\"\n  else accept", false);
        check("  accept when scenario is \"Продажи\"\n  else reject", true);
        check("  reject when not scenario is \"Продажи\"\n  else accept", true);
        // Settled only by the end, by the CRM, or by a report.
        check("  reject when missed\n  else accept", false);
        check("  reject when talk_time < 5 seconds\n  else accept", false);
        check("  accept when talk_time > 5 seconds\n  else reject", false);
        check("  reject when campaign is \"Бренд\"\n  else accept", false);
        check("  accept when contact is repeat\n  else reject", false);
        check("  reject when campaign is missing\n  else accept", false);
        // One part that is known decides for the whole.
        check("  accept when scenario is \"Продажи\" and talk_time > 5 seconds\n  else reject", true);
        check("  reject when scenario is \"Спам\" or missed\n  else accept", true);
        check("  reject when scenario is \"Спам\" and missed\n  else accept", false);
        // Whichever way the first line goes, the call is turned away.
        check("  reject when missed\n  else reject", true);
        check("  reject when missed\n  reject when scenario is \"Спам\"\n  else accept", true);
    }
}
