//! `rules demo`: a day of a shop through server and stand-ins.
//!
//! Starts both on free ports of loopback, tells the day, waits until the server has nothing more to do, and says what is
//! there, why, and whether it is what should be there. Without `--once` it stays up to be looked at. Killed and started
//! again with the same folder, it goes on: the server's store and the stand-ins' ledger lie there, and the day is told
//! again from the beginning.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use switchboard_emulator::{Accounts, Emulator, Service, Settings};
use switchboard_engine::bundle::{Bundle, LoadOptions, load};
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;
use switchboard_runtime::app::{self, Replace, Running};
use switchboard_runtime::store::record::{AccountId, SessionKey};
use switchboard_runtime::{config, observe};

use super::serve::{cannot_start, wrong_settings};
use super::served::{block_on, causes, told_to_stop};
use crate::demo::{
    ACCOUNT, Call, Expected, Place, Player, Progress, Summary, Told, Writer, Written, ZONE, again, cases,
    compare, day, deals_are_there, done, expect, until, work, write_call, write_written, written,
    written_cases,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help::WrongValue;
use crate::input::one_bundle;
use crate::output::Output;
use crate::style;

/// How often is looked whether the server has come to rest.
const LOOK: Duration = Duration::from_millis(100);
/// How long the server may take to come to rest after the day.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long deals may take when everything else is done.
const DEALS: Duration = Duration::from_secs(60);
/// When a record is looked for whose request got no answer, as after a crash. The stand-in shows a record at once and
/// carries nothing out late, so the demo need not wait as long as a server on the real thing.
const SETTLE: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// Arguments of `rules demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    /// End after the day: exit code 0 if everything is there exactly once, else 1
    #[arg(long)]
    once: bool,
    /// Folder for everything, to go on with later [default: a temporary one, removed at the end]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How the summary is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    format: Format,
    /// Seconds of the shop's day in one of yours [default: as fast as RetailCRM lets]
    #[arg(long, value_name = "N", value_parser = speed)]
    speed: Option<f64>,
    /// Only the first calls of the day
    #[arg(long, value_name = "N")]
    calls: Option<usize>,
}

/// How the summary is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Everything that runs during the demo.
struct Stage {
    emulator: Emulator,
    running: Running,
    place: Place,
    /// When the demo was first started, on the shop's clock.
    began: DateTime,
}

/// Requests to RetailCRM so far.
fn requests(emulator: &Emulator) -> usize {
    emulator.journal().entries().iter().filter(|entry| entry.service == Service::Retailcrm).count()
}

/// Plays the day.
///
/// # Errors
/// When something cannot start, or the folder cannot be used.
pub(crate) fn run(args: &DemoArgs, output: &mut Output) -> Result<Exit, Failure> {
    block_on(demo(args, output))?
}

async fn demo(args: &DemoArgs, output: &mut Output) -> Result<Exit, Failure> {
    let lang = output.lang();
    let mut day = day().map_err(|error| Failure::Internal(causes(&error)))?;
    day.truncate(args.calls.unwrap_or(day.len()));
    let written = until(&day, written().map_err(|error| Failure::Internal(causes(&error)))?);
    let stage = Stage::set(args, lang).await?;
    let expected = expect(&day, &written, stage.began);
    let checked = !stage.place.has_own_rules()?;
    if !args.once {
        stage.write_addresses(output, lang)?;
    }
    let started = Instant::now();
    let told = tokio::select! {
        told = stage.play(&day, &written, &expected, checked, args.speed, lang) => Some(told),
        () = told_to_stop() => None,
    };
    let Some(told) = told else {
        stage.strike().await;
        let text = lang.pick(
            "stopped before the end of the day; started again with the same `--data`, it goes on",
            "остановлено до конца дня; с тем же `--data` продолжит с этого места",
        );
        return Err(Failure::Interrupted(Text::same(text)));
    };
    let comparison = compare(&expected, &stage.emulator.crm(), &stage.emulator.uis());
    let summary = Summary {
        expected: &expected,
        told,
        comparison: &comparison,
        checked,
        requests: requests(&stage.emulator),
        took: started.elapsed(),
    };
    match args.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&summary.json(lang)).unwrap_or_default();
            writeln!(output.out(), "{text}")?;
        }
        Format::Human => {
            stage.write_why(output, &day, &written, &expected, lang).await?;
            summary.write(output.out(), lang)?;
        }
    }
    output.flush()?;
    let exit = Exit::findings(!summary.is_as_expected());
    if !args.once {
        stage.write_addresses(output, lang)?;
        told_to_stop().await;
    }
    stage.strike().await;
    Ok(exit)
}

impl Stage {
    /// Starts the stand-ins and the server.
    async fn set(args: &DemoArgs, lang: Lang) -> Result<Self, Failure> {
        let place = Place::enter(args.data.as_deref(), lang)?;
        let settings = Settings::default();
        let accounts = Accounts::new(&settings);
        accounts.keep(&place.ledger()).map_err(|error| Failure::Input(causes(&error)))?;
        // The demo asks for news every second, which no shop does.
        accounts.set_switches(|switches| {
            (switches.points_per_minute, switches.points_per_day) = (10_000, 10_000_000);
        });
        let emulator = Emulator::start_with(accounts, &settings)
            .await
            .map_err(|error| Failure::Internal(causes(&error)))?;
        let config = config::load(&place.settings(emulator.addresses())?).map_err(wrong_settings)?;
        observe::init(&config.log).map_err(|error| Failure::Internal(causes(&error)))?;
        let replace = Replace { settle: Some(SETTLE.to_vec()), ..Replace::default() };
        let running = app::start(config, replace).await.map_err(cannot_start)?;
        let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
        let began = zone.to_datetime(place.began()?);
        Ok(Self { emulator, running, place, began })
    }

    /// Tells the day and waits until nothing is left to do. Deals are waited for only where it is known what they should be.
    async fn play(
        &self,
        day: &[Call],
        written: &[Written],
        expected: &Expected,
        checked: bool,
        speed: Option<f64>,
        lang: Lang,
    ) -> Told {
        let (uis, crm) = (self.emulator.uis(), self.emulator.crm());
        let base = format!("http://{}{}", self.running.addresses().hooks, self.place.hook());
        let mut progress = Progress::new(day.len(), lang);
        let store = std::sync::Arc::clone(self.running.store());
        let writer =
            Writer { uis: uis.clone(), store: std::sync::Arc::clone(&store), began: self.began, speed };
        let player = Player::new(uis, store, base, speed);
        let calls = player.play(day, |told| progress.show(told, done(expected, &crm)));
        let orders = if checked { orders(day, written, expected) } else { Vec::new() };
        let (over, is_over) = tokio::sync::oneshot::channel::<()>();
        let everything = async {
            let (mut told, shown) = tokio::join!(calls, writer.play(day, written));
            told.written = shown;
            self.rest().await;
            drop(over);
            told
        };
        let uis = self.emulator.uis();
        let deals = async {
            work(&crm, orders).await;
            while checked && !deals_are_there(expected, &uis) {
                tokio::time::sleep(LOOK).await;
            }
        };
        // What is missing long after everything else shows by itself.
        let given_up = async {
            let _ = is_over.await;
            tokio::time::sleep(DEALS).await;
        };
        let deals = async {
            tokio::select! {
                () = deals => {}
                () = given_up => {}
            }
        };
        let (told, ()) = tokio::join!(everything, deals);
        progress.show(&told, done(expected, &crm));
        progress.finish();
        told
    }

    /// Completes when the server has nothing to do, or takes too long over it; what is missing then shows by itself.
    async fn rest(&self) {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Ok(accounts) = self.running.store().overview().await {
                let busy = accounts.iter().any(|account| {
                    let (events, calls, effects) = (account.events, account.communications, account.effects);
                    let waiting = effects.ready + effects.in_flight + effects.unknown + effects.held;
                    events.available + calls.open + calls.ending + calls.decided + waiting > 0
                });
                if !busy {
                    return;
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Writes a few calls of each kind with the rows that decided about them.
    async fn write_why(
        &self,
        output: &mut Output,
        day: &[Call],
        written: &[Written],
        expected: &Expected,
        lang: Lang,
    ) -> Result<(), Failure> {
        let Some(bundle) = self.bundle()? else { return Ok(()) };
        let account = AccountId::new(ACCOUNT);
        for (kind, calls) in cases(day, expected, lang) {
            let bold = style::NAME;
            writeln!(output.out(), "{bold}{kind}{bold:#}")?;
            for call in calls {
                let session = SessionKey::from(format!("call:{}", call.session));
                let timeline = self.running.store().timeline(&account, &session).await;
                let made = timeline.ok().flatten().and_then(|timeline| timeline.decisions.into_iter().next());
                if let Some(decision) = made.and_then(|decision| again(&bundle, &decision.made)) {
                    write_call(output.out(), call, &decision, lang)?;
                }
            }
            writeln!(output.out())?;
        }
        for (kind, one) in written_cases(written, expected, lang) {
            let bold = style::NAME;
            writeln!(output.out(), "{bold}{kind}{bold:#}")?;
            let timeline = self.running.store().timeline(&account, &one.session()).await;
            // The last one names the tasks, too.
            let made =
                timeline.ok().flatten().and_then(|timeline| timeline.decisions.into_iter().next_back());
            if let Some(decision) = made.and_then(|decision| again(&bundle, &decision.made)) {
                write_written(output.out(), (one, self.began), &decision, expected, lang)?;
            }
            writeln!(output.out())?;
        }
        Ok(())
    }

    fn bundle(&self) -> Result<Option<std::sync::Arc<Bundle>>, Failure> {
        let files = one_bundle(&self.place.bundle())?;
        Ok(load(&files.source(), &LoadOptions::default()).bundle)
    }

    fn write_addresses(&self, output: &mut Output, lang: Lang) -> Result<(), Failure> {
        let console = self.running.addresses().console;
        let page = &self.emulator.addresses().page;
        let rules = self.place.bundle().join("main.rules").display().to_string();
        let err = output.err();
        for (en, ru, value) in [
            ("console of the server", "консоль сервера", format!("http://{console}/")),
            ("RetailCRM and UIS", "RetailCRM и UIS", page.clone()),
            ("rules, edit them", "правила, их можно менять", rules),
        ] {
            writeln!(err, "{:26} {value}", lang.pick(en, ru))?;
        }
        writeln!(err, "{}", lang.pick("Ctrl-C ends it.", "Ctrl-C завершает."))?;
        Ok(())
    }

    /// Stops everything; a second signal does so at once.
    async fn strike(self) {
        let Self { emulator, running, place, .. } = self;
        tokio::select! {
            () = async {
                running.shutdown().await;
                emulator.shutdown().await;
            } => {}
            () = told_to_stop() => {}
        }
        drop(place);
    }
}

/// The sessions from which orders should come, with their numbers.
fn orders(day: &[Call], written: &[Written], expected: &Expected) -> Vec<(SessionKey, u64)> {
    let calls = day.iter().map(|call| (SessionKey::from(format!("call:{}", call.session)), call.session));
    let all = calls.chain(written.iter().map(|one| (one.session(), one.communication())));
    all.filter(|(_, number)| expected.orders.contains_key(number)).collect()
}

/// A speed above nothing.
fn speed(text: &str) -> Result<f64, WrongValue> {
    match text.parse::<f64>() {
        Ok(speed) if speed.is_finite() && speed > 0.0 => Ok(speed),
        _ => Err(WrongValue::new("must be a number above 0", "нужно число больше 0")),
    }
}
