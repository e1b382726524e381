//! How far the walk is: a bar on a terminal, nothing elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use switchboard_grammar::lang::Lang;

use crate::output::Output;

/// A progress display on stderr.
#[derive(Debug)]
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// A display for so many communications.
    pub(crate) fn new(count: u64, lang: Lang) -> Self {
        Self(Output::is_watched().then(|| {
            let bar = ProgressBar::with_draw_target(Some(count), ProgressDrawTarget::stderr());
            let template = lang.pick(
                "{bar:30} {percent:>3} %  {pos} of {len}, {eta} left",
                "{bar:30} {percent:>3} %  {pos} из {len}, осталось {eta}",
            );
            let style = ProgressStyle::with_template(template);
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        }))
    }

    /// Shows how many are done.
    pub(crate) fn show(&self, done: u64) {
        if let Some(bar) = &self.0 {
            bar.set_position(done);
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        if let Some(bar) = self.0 {
            bar.finish_and_clear();
        }
    }
}
