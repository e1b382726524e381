//! The engine as a whole: files in, decisions out.
//!
//! [`load`] takes the files of a bundle, which the caller has read from wherever they are, and gives back every
//! problem found in them and, when none is an error, a [`Bundle`] that decides. A bundle never changes: to
//! change rules, load again and swap the whole.

mod load;
mod source;

use std::collections::BTreeSet;
use std::sync::Arc;

use switchboard_grammar::diagnostic::{Diagnostic, Severity, Text};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::SourceMap;

pub use load::load;
pub use source::{BundleSource, SourceError};

pub use crate::program::{Need, Slot, Slots, TaskInfo};

use smol_str::SmolStr;

use crate::decide::{self, ClickNumber, Decision, Early, Forwarding, Preview, PreviewError, Watched};
use crate::event::Event;
use crate::facts::Facts;
use crate::moment::Moment;
use crate::phone::Phone;
use crate::program::{self, Program};
use crate::prove::ProofLimits;
use crate::references::References;
use crate::schema::FieldKey;
use crate::script::{Gauge, ScriptLimits, Steps, Timer};
use crate::value::Value;

/// What the caller knows that the files do not say.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct LoadOptions {
    /// The file to begin with; without it `main.rules`, or else every `.rules` file at the top of the folder.
    pub entry: Option<String>,
    /// What there is in the account: employees, stores, sites. Without it references are not checked.
    pub references: Option<References>,
    /// What scripts may use up.
    pub scripts: ScriptLimits,
    /// The clock that limits scripts in time; without it only their operations are counted.
    pub timer: Option<Arc<dyn Timer>>,
    /// What proofs about the rules may use up.
    pub proof: ProofLimits,
    /// The measure that limits scripts in memory; without it only single values are limited.
    pub gauge: Option<Arc<dyn Gauge>>,
}

/// What came of loading.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The bundle; None when a diagnostic is an error.
    pub bundle: Option<Arc<Bundle>>,
    /// Everything that was found, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// What was too much to look through, so that nothing is proved of it; see [`ProofLimits`].
    pub undecided: Vec<Text>,
    /// The files that diagnostics point into.
    pub sources: Arc<SourceMap>,
}

/// Checked rules, ready to decide. `Send` and `Sync`; share it in an [`Arc`].
#[derive(Debug)]
pub struct Bundle {
    pub(crate) program: Arc<Program>,
    pub(crate) digest: String,
    /// What the rules of each slot read, in their order.
    reads: [BTreeSet<FieldKey>; Slot::ALL.len()],
}

/// A section of a bundle and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SectionPlace<'b> {
    /// The name of its file.
    pub file: &'b str,
    /// Its header as written.
    pub head: &'b str,
    /// The line of the header, from 1.
    pub line: u32,
}

/// The language of a bundle, which is that of its first file of rules by name: what is kept about it is written so.
pub fn language_of(sources: &SourceMap) -> Lang {
    let rules = sources.iter().map(|(_, source)| source).filter(|source| source.name().ends_with(".rules"));
    let first = rules.min_by_key(|source| source.name().to_owned());
    first.map_or(Lang::En, |source| switchboard_grammar::language(source.text()))
}

impl Loaded {
    /// How many diagnostics are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}

impl Bundle {
    /// Checked rules under the name of their files.
    pub(crate) fn new(program: Arc<Program>, digest: String) -> Bundle {
        let reads = Slot::ALL.map(|slot| program::reads(&program, slot));
        Bundle { program, digest, reads }
    }

    /// A name for exactly these files: BLAKE3 over their names and bytes, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Whether deciding may run scripts, and so take longer than the blink of a table.
    pub fn runs_scripts(&self) -> bool {
        !self.program.functions.is_empty()
    }

    /// Decides about an event.
    ///
    /// `now` is only looked at where an event says nothing about time; the same arguments give the same decision,
    /// byte for byte. Never fails: what a rule lacks is missing, and the trace tells it.
    pub fn decide(&self, event: &Event, facts: &Facts, now: Moment) -> Decision {
        decide::decide(&self.program, event, facts, now)
    }

    /// The same decision, and what scripts did for it, line by line. Takes much longer; the time of scripts is not limited.
    pub fn decide_in_steps(&self, event: &Event, facts: &Facts, now: Moment) -> (Decision, Steps) {
        decide::decide_in_steps(&self.program, event, facts, now)
    }

    /// The same decision, and what of the rules it reached; as slow as [`Bundle::decide_in_steps`] where there are scripts.
    pub fn watch(&self, event: &Event, facts: &Facts, now: Moment) -> Watched {
        decide::watched(&self.program, event, facts, now)
    }

    /// The scripts by their paths, each with the lines on which something can run: what [`Steps::lines`] is held against.
    pub fn script_lines(&self) -> impl Iterator<Item = (&str, BTreeSet<usize>)> {
        self.program.functions.scripts().iter().map(|script| (script.path.as_str(), script.lines()))
    }

    /// What can be said of an event that is not finished, such as a call that still rings: whether the filter turns it
    /// away whatever else becomes known, and the store that the rules name. Knows no facts, since nobody was asked yet.
    pub fn early(&self, event: &Event, now: Moment) -> Early {
        decide::early(&self.program, event, now)
    }

    /// Works out whom an incoming call is put through to while it waits, and nothing else: of the rules only the table
    /// `forward` (or, without it, the setting `forward_to_manager`) and what they name are looked at, not the filter.
    pub fn forward(&self, event: &Event, facts: &Facts, now: Moment) -> Forwarding {
        decide::forward(&self.program, event, facts, now)
    }

    /// Whether a chat has come to the stage at which the rules have things created (`create_at`); always, for everything
    /// else. Before that nothing can follow from it, so nobody need be asked who the client is.
    pub fn reaches_stage(&self, event: &Event, now: Moment) -> bool {
        decide::reaches_stage(&self.program, event, now)
    }

    /// Whether any rule is about such events. When not, nothing can follow from one.
    pub fn handles(&self, slot: Slot) -> bool {
        let plan = self.program.plan(slot);
        let named = [plan.create, plan.responsible, plan.store];
        plan.filter.is_some()
            || named.iter().any(Option::is_some)
            || !plan.tasks.is_empty()
            || !plan.fields.is_empty()
            || !plan.policies.is_empty()
            || (slot == Slot::Order && self.program.transfer.is_some())
    }

    /// Whether the rules put any incoming call through to anybody. When not, nobody need be asked who the client is.
    pub fn forwards(&self) -> bool {
        decide::forwards(&self.program)
    }

    /// Whether the rules pass any order on as a deal. When not, no order need be read.
    pub fn transfers(&self) -> bool {
        self.program.transfer.is_some()
    }

    /// How the deal of an order ended, if it did, whether or not the rules pass such an order on; None when they pass none
    /// on at all. `event` may say no more than the status: what it does not say is missing.
    pub fn outcome(&self, event: &Event, now: Moment) -> Option<decide::Outcome> {
        decide::outcome(&self.program, event, now)
    }

    /// The deal of an order that is one already: what [`decide`](Bundle::decide) would say of it if `only when` held; None
    /// when the rules pass no order on at all.
    pub fn deal_of(&self, event: &Event, facts: &Facts, now: Moment) -> Option<decide::Deal> {
        decide::deal_of(&self.program, event, facts, now)
    }

    /// The tasks that a bundle may set for events like this one, each with the title and note it would have,
    /// whether or not its condition holds.
    ///
    /// # Errors
    ///
    /// [`PreviewError`] when `task` is given and no task of these events has that name.
    pub fn preview(
        &self,
        event: &Event,
        facts: &Facts,
        now: Moment,
        task: Option<&str>,
    ) -> Result<Vec<Preview>, PreviewError> {
        decide::preview(&self.program, event, facts, now, task)
    }

    /// The fields that rules for such events read, entries of open fields apart: what has to be known before
    /// [`decide`](Bundle::decide) can give its final word. What the engine looks at whatever the rules say (phone, times)
    /// is not among them unless a rule names it.
    ///
    /// Worked out when the bundle is loaded; asking costs nothing.
    pub fn reads(&self, slot: Slot) -> &BTreeSet<FieldKey> {
        let [incoming, outgoing, chat, request, order] = &self.reads;
        match slot {
            Slot::IncomingCall => incoming,
            Slot::OutgoingCall => outgoing,
            Slot::Chat => chat,
            Slot::Request => request,
            Slot::Order => order,
        }
    }

    /// The facts that policies for such events need: what has to be asked before [`decide`](Bundle::decide), and given to
    /// it in the facts. What is not given counts as not there.
    pub fn needs(&self, slot: Slot) -> &[Need] {
        &self.program.plan(slot).needs
    }

    /// The facts that policies of [`forward`](Bundle::forward) need; nobody can be asked for them while a call waits.
    pub fn forward_needs(&self) -> Box<[Need]> {
        decide::forward_needs(&self.program)
    }

    /// A setting of the server's for a kind of event, by its canonical English name: from the file, else its
    /// default. Missing when there is neither, or when its value depends on the event.
    pub fn setting(&self, slot: Slot, name: &str) -> Value {
        self.program.constant_setting(slot, name)
    }

    /// The number that the client is to see when an employee calls by a click in the CRM. `event` is the outgoing call
    /// that the click would become, as far as it is known; what it does not tell is missing.
    pub fn click_number(&self, event: &Event, facts: &Facts, now: Moment) -> ClickNumber {
        decide::click_number(&self.program, event, facts, now)
    }

    /// The shops to which the table `store` gives a virtual number by that number alone, in the order of its rows; each
    /// number once.
    pub fn store_numbers(&self) -> Vec<(SmolStr, Phone)> {
        decide::store_numbers(&self.program)
    }

    /// The tasks that the bundle may set, in the order of the files.
    pub fn tasks(&self) -> Vec<TaskInfo> {
        self.program.task_infos()
    }

    /// All sections, in order: the number of each is its place, as [`PointId`](crate::cover::PointId) names it.
    pub fn sections(&self) -> impl Iterator<Item = SectionPlace<'_>> {
        let program = &self.program;
        (0..).zip(&program.sections).map(|(number, info)| SectionPlace {
            file: program.sources.get(info.file).map_or("", |source| source.name()),
            head: program.text(number, info.head),
            line: info.line,
        })
    }
}
