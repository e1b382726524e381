//! Wide tables: fourteen columns, as a shop's table gets with the years.

use std::fmt::Write as _;
use std::sync::Arc;

use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, load};

/// Which cells of a row ask something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling {
    /// A site of the row's own, and two other cells.
    Site,
    /// A third of them, at random.
    Random,
    /// As a shop's table grows: the site, and then a campaign, hours or a contact, the rarer columns now and then.
    Shop,
}

/// Columns, and how many values each has.
const COLUMNS: [(&str, usize); 14] = [
    ("site", 300),
    ("campaign", 50),
    ("contact", 2),
    ("talk_time", 3),
    ("scenario", 40),
    ("source", 30),
    ("utm.source", 20),
    ("utm.medium", 10),
    ("visitor.city", 60),
    ("missed", 2),
    ("virtual_number", 50),
    ("utm.campaign", 100),
    ("utm.term", 100),
    ("client.manager", 20),
];

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or_default() % below.max(1)
    }
}

/// A table as a file of rules.
#[must_use]
pub fn table(rows: usize, filling: Filling) -> String {
    let mut text = String::from("rules 1\n\ntable entities for incoming calls\n  ");
    for (name, _) in COLUMNS {
        let _ = write!(text, "| {name} ");
    }
    text.push_str("|| create | responsible |\n");
    let mut numbers = Numbers(88_172_645_463_325_252);
    for row in 0..rows {
        text.push_str("  ");
        let others = [1 + numbers.next(COLUMNS.len() - 1), 1 + numbers.next(COLUMNS.len() - 1)];
        for (column, (name, values)) in COLUMNS.into_iter().enumerate() {
            let asks = match filling {
                Filling::Site => others.contains(&column),
                Filling::Random => numbers.next(3) == 0,
                Filling::Shop => match column {
                    0 => numbers.next(10) > 0,
                    1..=3 => numbers.next(2) == 0,
                    4..=9 => numbers.next(6) == 0,
                    _ => numbers.next(12) == 0,
                },
            };
            let cell = match (filling, column) {
                (Filling::Site, 0) => format!("\"site-{row}.ru\""),
                _ if asks => cell(name, numbers.next(values)),
                _ => "-".to_owned(),
            };
            let _ = write!(text, "| {cell} ");
        }
        let _ = writeln!(text, "|| client | \"r{}@x.ru\" |", numbers.next(200));
    }
    text.push_str("  | else || nothing | - |\n");
    text
}

/// The same file after an edit: another result, two rows that change places, a row that is gone.
pub fn edited(text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let rows = lines.len().saturating_sub(5);
    if let Some(line) = lines.get_mut(4 + rows / 2) {
        *line = line.replace("@x.ru\" |", "@y.ru\" |");
    }
    lines.swap(4 + rows / 3, 5 + rows / 3);
    lines.remove(4 + rows / 4);
    lines.join("\n") + "\n"
}

/// A file of rules, loaded.
///
/// # Panics
/// When it is refused.
pub fn bundle(text: &str) -> Arc<Bundle> {
    let loaded = load(&BundleSource::single(text), &LoadOptions::default());
    loaded.bundle.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics.first().map(|found| &found.message)))
}

fn cell(name: &str, number: usize) -> String {
    match name {
        "contact" => if number == 0 { "first" } else { "repeat" }.to_owned(),
        "talk_time" => ["< 10 s", ">= 10 s", ">= 30 s"].get(number).copied().unwrap_or("-").to_owned(),
        "missed" => if number == 0 { "yes" } else { "no" }.to_owned(),
        "virtual_number" => format!("+7 495 000-00-{number:02}"),
        "client.manager" => format!("\"m{number}@x.ru\""),
        name => format!("\"{name} {number}\""),
    }
}
