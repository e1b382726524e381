//! Which recorded traffic is meant: an account of the settings, and days.

use std::path::{Path, PathBuf};

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use switchboard_engine::moment::Moment;
use switchboard_runtime::config;
use switchboard_runtime::store::record::RulingKind;
use switchboard_runtime::store::{History, StoreError, Walk};

use crate::command::serve::wrong_settings;
use crate::failure::Failure;
use crate::help::WrongValue;

/// Arguments that say which traffic.
#[derive(Debug, clap::Args)]
pub(crate) struct TrafficArgs {
    /// Whose traffic, when the settings have several accounts
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// Traffic from then on: so long ago (30d, 12h), a day or a moment
    #[arg(long, value_name = "WHEN", default_value = "30d", value_parser = When::parse)]
    since: When,
    /// Traffic up to then, the day named included [default: all]
    #[arg(long, value_name = "WHEN", value_parser = When::parse)]
    until: Option<When>,
    /// About so many communications instead of all; the same ones each time
    #[arg(long, value_name = "N")]
    sample: Option<u64>,
}

/// A moment as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Ago(SignedDuration),
    Day(Date),
    At(Timestamp),
}

/// The traffic of an account, open to be read.
#[derive(Debug)]
pub(crate) struct Traffic {
    pub(crate) history: History,
    pub(crate) walk: Walk,
    /// How many communications will be walked.
    pub(crate) count: u64,
    /// How much else the rules were asked.
    pub(crate) beside: u64,
    /// The folder of the rules in force.
    pub(crate) bundle: PathBuf,
    /// The zone in which days are counted.
    zone: TimeZone,
}

/// An account of the settings, and where its server keeps things.
#[derive(Debug)]
pub(crate) struct Place {
    /// Its name.
    pub(crate) account: String,
    /// The zone in which its days are counted.
    pub(crate) zone: TimeZone,
    /// The folder of the store.
    pub(crate) data: PathBuf,
    /// The folder of the rules in force.
    pub(crate) bundle: PathBuf,
}

impl Place {
    /// Looks an account up in the settings at `config`; the only one when no name is given.
    ///
    /// # Errors
    /// When the settings have mistakes or no such account.
    pub(crate) fn of(config: &Path, name: Option<&str>) -> Result<Place, Failure> {
        let settings = config::load_without_secrets(config).map_err(wrong_settings)?;
        let names =
            || settings.accounts.iter().map(|account| account.name.as_str()).collect::<Vec<_>>().join(", ");
        let account = match (name, settings.accounts.as_slice()) {
            (Some(name), _) => settings.account(name).ok_or_else(|| {
                let names = names();
                Failure::input(
                    format!("there is no account `{name}` in the settings; there are: {names}"),
                    format!("в настройках нет аккаунта `{name}`; есть: {names}"),
                )
            })?,
            (None, [only]) => only,
            (None, _) => {
                let names = names();
                return Err(Failure::input(
                    format!("the settings have several accounts; say which with --account: {names}"),
                    format!("в настройках несколько аккаунтов; укажите один в --account: {names}"),
                ));
            }
        };
        let zone = account.retailcrm.timezone.clone().or_else(|| account.timezone.clone());
        Ok(Place {
            account: account.name.clone(),
            zone: zone.unwrap_or_else(default_zone),
            data: settings.server.data.clone(),
            bundle: account.bundle.clone(),
        })
    }
}

impl When {
    pub(crate) fn parse(text: &str) -> Result<When, WrongValue> {
        let unit = |unit: char| text.strip_suffix(unit).and_then(|count| count.parse::<i64>().ok());
        let hours = unit('h').or_else(|| unit('d').and_then(|days| days.checked_mul(24)));
        // A thousand years are enough, and cannot overflow.
        if let Some(hours) = hours.filter(|hours| (1..=24 * 366_000).contains(hours)) {
            return Ok(When::Ago(SignedDuration::from_hours(hours)));
        }
        if let Ok(day) = text.parse::<Date>()
            && text.len() == "2026-03-02".len()
        {
            return Ok(When::Day(day));
        }
        if let Ok(moment) = text.parse::<Moment>() {
            return Ok(When::At(moment.instant()));
        }
        Err(WrongValue::new(
            "expected so long ago (30d, 12h), a day (2026-03-02) or a moment (2026-03-02T12:00:00+03:00)",
            "ожидается срок (30d, 12h), день (2026-03-02) или момент (2026-03-02T12:00:00+03:00)",
        ))
    }

    /// The moment; of a day its beginning, or its end.
    pub(crate) fn moment(self, now: Timestamp, zone: &TimeZone, is_end: bool) -> Timestamp {
        match self {
            When::Ago(length) => now.checked_sub(length).unwrap_or(Timestamp::MIN),
            When::At(at) => at,
            When::Day(day) => {
                let day = if is_end { day.tomorrow().unwrap_or(day) } else { day };
                let start = day.to_datetime(Time::midnight()).to_zoned_datetime(zone.clone());
                start.map_or(now, |start| start.timestamp())
            }
        }
    }
}

/// Where days begin for accounts whose settings name no zone.
fn default_zone() -> TimeZone {
    TimeZone::get("Europe/Moscow").unwrap_or(TimeZone::UTC)
}

impl Traffic {
    /// Opens the traffic of an account of the settings at `config`.
    ///
    /// # Errors
    /// When the settings have mistakes or no such account, or nothing can be read of what the server keeps.
    pub(crate) fn open(config: &Path, args: &TrafficArgs) -> Result<Traffic, Failure> {
        let Place { account, zone, data, bundle } = Place::of(config, args.account.as_deref())?;
        let history = History::open(&data).map_err(|error| unreadable(&error))?;
        let now = Timestamp::now();
        let until = args.until.map_or(Timestamp::MAX, |until| until.moment(now, &zone, true));
        let since = args.since.moment(now, &zone, false);
        let all = Walk { account: account.as_str().into(), since, until, of_million: Walk::ALL };
        let count = history.count(&all).map_err(|error| unreadable(&error))?;
        let (walk, count) = match args.sample.filter(|sample| *sample < count) {
            None => (all, count),
            Some(sample) => {
                let share = u128::from(sample) * u128::from(Walk::ALL) / u128::from(count.max(1));
                let of_million = u32::try_from(share).unwrap_or(Walk::ALL).clamp(1, Walk::ALL);
                let walk = Walk { of_million, ..all };
                let count = history.count(&walk).map_err(|error| unreadable(&error))?;
                (walk, count)
            }
        };
        let beside = RulingKind::ALL.into_iter().map(|kind| history.count_rulings(&walk, kind));
        let beside = beside.sum::<Result<u64, _>>().map_err(|error| unreadable(&error))?;
        Ok(Traffic { history, walk, count, beside, bundle, zone })
    }
}

impl Traffic {
    /// The day of a moment, where the account is.
    pub(crate) fn day(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).date().to_string()
    }
}

/// Why nothing can be read of what the server keeps.
pub(crate) fn unreadable(error: &StoreError) -> Failure {
    match error {
        StoreError::NotFound { what } => Failure::input(
            format!("the server has kept nothing yet: {what} not found"),
            format!("сервер ещё ничего не сохранил: {what} не найден"),
        ),
        StoreError::Older { path, found, known } => Failure::input(
            format!(
                "`{}` was written by an older version of the server (schema {found}, needed {known}); \
                 start this version of the server on it once, or use the program of that version",
                path.display()
            ),
            format!(
                "`{}` записан более старой версией сервера (схема {found}, нужна {known}); \
                 один раз запустите на нём сервер этой версии или возьмите программу той версии",
                path.display()
            ),
        ),
        StoreError::Newer { path, found, known } => Failure::input(
            format!(
                "`{}` was written by a newer version of the server (schema {found}, this program knows {known}); \
                 use the program of that version",
                path.display()
            ),
            format!(
                "`{}` записан более новой версией сервера (схема {found}, эта программа знает {known}); \
                 возьмите программу той версии",
                path.display()
            ),
        ),
        other => {
            let causes = crate::command::served::causes(other).en;
            Failure::input(
                format!("what the server keeps cannot be read: {causes}"),
                format!("сохранённое сервером не читается: {causes}"),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_asked_for_in_three_ways() {
        let now: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();
        let moscow = TimeZone::get("Europe/Moscow").unwrap();
        let moment = |text: &str, is_end| When::parse(text).unwrap().moment(now, &moscow, is_end).to_string();
        assert_eq!(moment("30d", false), "2026-01-31T12:00:00Z");
        assert_eq!(moment("12h", false), "2026-03-02T00:00:00Z");
        assert_eq!(moment("2026-03-01", false), "2026-02-28T21:00:00Z");
        assert_eq!(moment("2026-03-01", true), "2026-03-01T21:00:00Z");
        assert_eq!(moment("2026-03-01T10:00:00+03:00", true), "2026-03-01T07:00:00Z");
        for wrong in ["", "d", "0d", "-3d", "30", "yesterday", "2026-03", "99999999999999d"] {
            assert!(When::parse(wrong).is_err(), "{wrong}");
        }
    }
}
