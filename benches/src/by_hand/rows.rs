//! What the large tables say, as code: a look at row after row, and a map from sites to rows.

use std::collections::HashMap;

use switchboard_engine::text::Text;

use super::Call;
use crate::tables::{self, Campaign, Talk};

/// The rows in order.
#[derive(Clone, Debug)]
pub struct Rows {
    rows: Vec<Row>,
}

/// The rows by their sites.
#[derive(Clone, Debug)]
pub struct Indexed {
    rows: HashMap<String, Vec<Row>>,
}

#[derive(Clone, Debug)]
struct Row {
    site: Text,
    campaign: Asked,
    first: Option<bool>,
    talk: Talk,
    create: &'static [&'static str],
    responsible: String,
}

#[derive(Clone, Debug)]
enum Asked {
    Any,
    Is(Text),
    Starts(Text),
}

impl Rows {
    /// The rows of a table of so many.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        Self { rows: (0..rows).map(Row::new).collect() }
    }

    /// What is created and whose it is.
    #[must_use]
    pub fn decide(&self, call: &Call) -> (Vec<&'static str>, Option<String>) {
        answer(self.rows.iter().find(|row| row.fits(call)))
    }
}

impl Indexed {
    /// The rows of a table of so many.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        let mut by_site: HashMap<String, Vec<Row>> = HashMap::new();
        for row in (0..rows).map(Row::new) {
            by_site.entry(row.site.folded().to_owned()).or_default().push(row);
        }
        Self { rows: by_site }
    }

    /// What is created and whose it is.
    #[must_use]
    pub fn decide(&self, call: &Call) -> (Vec<&'static str>, Option<String>) {
        let rows = call.site.as_ref().and_then(|site| self.rows.get(site.folded()));
        answer(rows.into_iter().flatten().find(|row| row.fits(call)))
    }
}

impl Row {
    fn new(number: usize) -> Self {
        let row = tables::row(number);
        Self {
            site: Text::new(row.site),
            campaign: match row.campaign {
                Campaign::Any => Asked::Any,
                Campaign::Named(number) => Asked::Is(Text::new(format!("Акция {number}"))),
                Campaign::Summer => Asked::Starts(Text::new("Лето")),
            },
            first: row.first,
            talk: row.talk,
            create: row.create,
            responsible: row.responsible,
        }
    }

    fn fits(&self, call: &Call) -> bool {
        let campaign = call.campaign.as_ref();
        call.site.as_ref().is_some_and(|site| site.same(&self.site))
            && match &self.campaign {
                Asked::Any => true,
                Asked::Is(text) => campaign.is_some_and(|campaign| campaign.same(text)),
                Asked::Starts(text) => {
                    campaign.is_some_and(|campaign| campaign.folded().starts_with(text.folded()))
                }
            }
            && self.first.is_none_or(|first| call.first == Some(first))
            && match self.talk {
                Talk::Any => true,
                Talk::Long => call.talk_time.is_some_and(|talk| talk >= 30),
                Talk::Short => call.talk_time.is_some_and(|talk| talk < 30),
            }
    }
}

fn answer(row: Option<&Row>) -> (Vec<&'static str>, Option<String>) {
    row.map_or((Vec::new(), None), |row| (row.create.to_vec(), Some(row.responsible.clone())))
}

#[cfg(test)]
mod tests {
    use switchboard_engine::event::Event;
    use switchboard_engine::facts::Facts;

    use super::*;
    use crate::{by_hand, examples};

    #[test]
    fn code_and_rules_decide_alike() {
        let rows = 120;
        let bundle = tables::bundle(&tables::named(rows));
        let (scanned, indexed) = (Rows::new(rows), Indexed::new(rows));
        for number in 0..rows + 5 {
            let json = tables::event(number);
            let event = Event::from_json(&json).expect("an event");
            let decision = bundle.decide(&event, &Facts::none(), examples::now());
            let call = by_hand::read(json.to_string().as_bytes()).expect("a call");
            let ours: Vec<&str> = decision.create.iter().map(|entity| entity.as_str()).collect();
            let ours = (ours, decision.responsible.map(|responsible| responsible.to_string()));
            assert_eq!(ours.1.is_some(), number < rows, "{number}");
            assert_eq!(scanned.decide(&call), ours, "{number}");
            assert_eq!(indexed.decide(&call), ours, "{number}");
        }
    }
}
