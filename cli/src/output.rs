//! The two streams: results on one, everything about the run on the other.
//!
//! Colour is decided once, for each stream: by `--color`, else by `NO_COLOR`, `CLICOLOR_FORCE` and whether the stream
//! is a terminal. Results are buffered and flushed at the end or when somebody waits for them.

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use switchboard_grammar::lang::Lang;

use crate::args::ColorArg;
use crate::failure::Failure;
use crate::language::Wish;

/// Where a command writes.
pub(crate) struct Output {
    out: BufWriter<AutoStream<io::Stdout>>,
    err: AutoStream<io::Stderr>,
    color: bool,
    wish: Wish,
}

impl Output {
    /// The streams of this process.
    pub(crate) fn new(color: ColorArg, wish: Wish) -> Self {
        let choice = match color {
            ColorArg::Always => ColorChoice::Always,
            ColorArg::Never => ColorChoice::Never,
            ColorArg::Auto => AutoStream::choice(&io::stdout()),
        };
        let err = if color == ColorArg::Auto { AutoStream::choice(&io::stderr()) } else { choice };
        Self {
            out: BufWriter::new(AutoStream::new(io::stdout(), choice)),
            err: AutoStream::new(io::stderr(), err),
            color: !matches!(choice, ColorChoice::Never),
            wish,
        }
    }

    /// Where results go.
    pub(crate) fn out(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Where progress and complaints go.
    pub(crate) fn err(&mut self) -> &mut impl Write {
        &mut self.err
    }

    /// Whether results may be coloured.
    pub(crate) const fn color(&self) -> bool {
        self.color
    }

    /// Which languages were asked for.
    pub(crate) const fn wish(&self) -> Wish {
        self.wish
    }

    /// The language of everything that is not about one file.
    pub(crate) fn lang(&self) -> Lang {
        self.wish.general()
    }

    /// Hands everything written so far to its reader.
    ///
    /// # Errors
    /// [`Failure::BrokenPipe`] when the reader has gone, [`Failure::Output`] when writing fails.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.out.flush()?)
    }

    /// Tells on stderr why the run failed. A stderr that cannot be written leaves nothing to tell it to.
    pub(crate) fn complain(&mut self, failure: &Failure) {
        let Some(text) = failure.text() else { return };
        let lang = self.lang();
        let word = lang.pick("error", "ошибка");
        let style = crate::style::ERROR;
        let _ = writeln!(self.err, "{style}{word}{style:#}: {}", text.get(lang));
    }

    /// Whether a progress display would be seen.
    #[cfg_attr(not(feature = "serve"), expect(dead_code, reason = "only the demo shows progress"))]
    pub(crate) fn is_watched() -> bool {
        io::stderr().is_terminal()
    }
}
