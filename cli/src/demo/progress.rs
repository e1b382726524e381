//! How far the day is: a bar on a terminal, a line now and then elsewhere.

use std::io::Write as _;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use switchboard_grammar::lang::Lang;

use super::play::Told;
use crate::output::Output;

/// Share of the whole between two lines where there is no terminal, in percent.
const LINE_EACH: usize = 5;

/// A progress display on stderr.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    lang: Lang,
    calls: usize,
    /// Percent in the last line.
    said: usize,
}

impl Progress {
    /// A display for a day of so many calls.
    pub(crate) fn new(calls: usize, lang: Lang) -> Self {
        let bar = Output::is_watched().then(|| {
            let bar = ProgressBar::with_draw_target(Some(100), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar, lang, calls, said: 0 }
    }

    /// Shows how many calls were told and how many things of all are in the CRM.
    pub(crate) fn show(&mut self, told: &Told, (there, all): (usize, usize)) {
        let percent = (there * 100).checked_div(all).unwrap_or(100);
        let calls = self.calls;
        let text = match self.lang {
            Lang::En => format!("calls {}/{calls}, records in the CRM {there}/{all}", told.calls),
            Lang::Ru => format!("звонков {}/{calls}, записей в CRM {there}/{all}", told.calls),
        };
        match &self.bar {
            Some(bar) => {
                bar.set_position(percent as u64);
                bar.set_message(text);
            }
            None if percent / LINE_EACH > self.said / LINE_EACH => {
                self.said = percent;
                // Progress that cannot be shown is no reason to stop the day.
                let _ = writeln!(std::io::stderr(), "{percent:>3} %  {text}");
            }
            None => {}
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
