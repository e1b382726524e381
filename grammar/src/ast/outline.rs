//! What a tree says, as text: for comparing trees, for snapshots, for curious people.
//!
//! Two trees with one outline mean the same: spans, comments, inflected forms, needless brackets and the language
//! of keywords do not show; names, values and order do. One line a section line, in brackets like Lisp.

mod values;

use std::fmt::Write as _;

use self::values::{clock, condition, date, duration, events, operand, operator, text, value};
use super::file::{File, Section, SectionKind};
use super::schedule::{Day, Days, Hours};
use super::script::{Hook, ScriptLine, TypeKind, TypeRef};
use super::table::{Cell, CellKind, Head, Row};
use super::task::{Due, DueKind, Note, TaskLine};
use super::transfer::TransferLine;
use super::{FieldsTarget, Guard, HitPolicy};

/// Whether two files say the same, however they are spelled.
#[must_use]
pub fn same_tree(left: &File, right: &File) -> bool {
    outline(left) == outline(right)
}

/// What a file says, one line for each of its lines.
#[must_use]
pub fn outline(file: &File) -> String {
    let mut writer = Writer::default();
    match &file.header {
        Some(header) => writer.line(0, |out| write!(out, "rules {}", header.edition)),
        None => writer.line(0, |out| out.write_str("no header")),
    }
    file.sections.iter().for_each(|section| writer.section(section));
    writer.out
}

/// Collects lines. Writing to a string cannot fail, so results are dropped in one place, [`Writer::line`].
#[derive(Default)]
struct Writer {
    out: String,
}

type Written = std::fmt::Result;

impl Writer {
    fn line(&mut self, depth: usize, write: impl FnOnce(&mut String) -> Written) {
        self.out.extend(std::iter::repeat_n("  ", depth));
        let _ = write(&mut self.out);
        self.out.push('\n');
    }

    fn section(&mut self, section: &Section) {
        if let Some(doc) = section.doc() {
            self.line(0, |out| write!(out, "doc {doc:?}"));
        }
        match &section.kind {
            SectionKind::Include(include) => self.line(0, |out| {
                out.push_str("include ");
                text(out, &include.path)
            }),
            SectionKind::Filter(filter) => {
                self.line(0, |out| {
                    out.push_str("filter");
                    events(out, filter.events.as_ref())
                });
                for line in &filter.lines {
                    self.line(1, |out| {
                        write!(out, "{:?} ", line.item.verdict)?;
                        match &line.item.guard {
                            Guard::When(_, when) => condition(out, when),
                            Guard::Else(_) => out.write_str("else"),
                        }
                    });
                }
            }
            SectionKind::Settings(settings) => {
                self.line(0, |out| {
                    out.push_str("settings");
                    events(out, settings.events.as_ref())
                });
                for line in &settings.lines {
                    self.line(1, |out| {
                        write!(out, "{}: ", line.item.name.text)?;
                        value(out, &line.item.value)
                    });
                }
            }
            SectionKind::Table(table) => {
                self.line(0, |out| {
                    write!(out, "table {}", table.name.as_ref().map_or("?", |name| &name.text))?;
                    events(out, table.events.as_ref())?;
                    match table.hit {
                        HitPolicy::First => Ok(()),
                        HitPolicy::Only => out.write_str(" only"),
                        HitPolicy::All => out.write_str(" all"),
                    }
                });
                table.head.iter().for_each(|line| self.line(1, |out| head(out, &line.item)));
                table.rows.iter().for_each(|line| self.line(1, |out| row(out, &line.item)));
            }
            SectionKind::Task(task) => {
                self.line(0, |out| {
                    out.push_str("task");
                    events(out, task.events.as_ref())?;
                    task.when.iter().try_for_each(|(_, when)| {
                        out.push_str(" when ");
                        condition(out, when)
                    })
                });
                task.lines.iter().for_each(|line| self.line(1, |out| task_line(out, &line.item)));
            }
            SectionKind::Fields(fields) => {
                self.line(0, |out| {
                    out.push_str(match fields.target {
                        Some((FieldsTarget::Client, _)) => "fields client",
                        Some((FieldsTarget::Order, _)) => "fields order",
                        None => "fields ?",
                    });
                    events(out, fields.events.as_ref())
                });
                for line in &fields.lines {
                    self.line(1, |out| {
                        write!(out, "{} from ", line.item.code.text)?;
                        value(out, &line.item.value)?;
                        out.write_str(if line.item.always.is_some() { " always" } else { "" })
                    });
                }
            }
            SectionKind::Transfer(transfer) => {
                self.line(0, |out| out.write_str("transfer"));
                transfer.lines.iter().for_each(|line| self.line(1, |out| transfer_line(out, &line.item)));
            }
            SectionKind::List(list) => {
                self.line(0, |out| {
                    write!(out, "list {}", list.name.as_ref().map_or("?", |name| &name.text))?;
                    let Some(file) = &list.file else { return Ok(()) };
                    out.push_str(" from ");
                    text(out, &file.path)?;
                    file.column.iter().try_for_each(|(_, column)| {
                        out.push_str(" column ");
                        text(out, column)
                    })
                });
                list.values().for_each(|item| self.line(1, |out| value(out, item)));
            }
            SectionKind::Script(script) => {
                self.line(0, |out| {
                    out.push_str("script ");
                    script.path.iter().try_for_each(|path| text(out, path))
                });
                script.lines.iter().for_each(|line| self.line(1, |out| script_line(out, &line.item)));
            }
            SectionKind::Schedule(schedule) => {
                self.line(0, |out| {
                    write!(out, "schedule {} ", schedule.name.as_ref().map_or("?", |name| &name.text))?;
                    schedule.zone.iter().try_for_each(|(_, zone)| text(out, zone))
                });
                for line in &schedule.lines {
                    self.line(1, |out| {
                        each(out, &line.item.days, days)?;
                        out.push_str(": ");
                        hours(out, &line.item.hours)
                    });
                }
            }
            SectionKind::Unknown => self.line(0, |out| out.write_str("unknown section")),
        }
    }
}

/// All of `items`, with blanks between them.
fn each<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T) -> Written) -> Written {
    items.iter().enumerate().try_for_each(|(at, item)| {
        out.push_str(if at == 0 { "" } else { " " });
        write(out, item)
    })
}

/// `(name item item)`.
fn group<T>(
    out: &mut String,
    name: &str,
    items: &[T],
    write: impl Fn(&mut String, &T) -> Written,
) -> Written {
    write!(out, "({name}")?;
    out.push_str(if name.is_empty() || items.is_empty() { "" } else { " " });
    each(out, items, write)?;
    out.write_str(")")
}

fn head(out: &mut String, head: &Head) -> Written {
    group(out, "given", &head.inputs, |out, column| value(out, &column.value))?;
    out.push(' ');
    group(out, "gives", &head.results, |out, name| out.write_str(&name.text))
}

fn row(out: &mut String, row: &Row) -> Written {
    if row.otherwise.is_some() {
        out.push_str("else");
    } else {
        each(out, &row.inputs, cell)?;
    }
    out.push_str(" =>");
    row.results.iter().try_for_each(|result| {
        out.push(' ');
        group(out, "", &result.values, value)
    })
}

fn cell(out: &mut String, cell: &Cell) -> Written {
    let CellKind::Tests { not, alternatives } = &cell.kind else { return out.write_str("-") };
    group(out, if not.is_some() { "none" } else { "one" }, alternatives, |out, alternative| {
        group(out, "", &alternative.tests, |out, test| {
            test.operator.iter().try_for_each(|asked| {
                operator(out, Some(asked))?;
                out.write_str(if test.operand.items().is_empty() { "" } else { " " })
            })?;
            operand(out, &test.operand)
        })
    })
}

fn task_line(out: &mut String, line: &TaskLine) -> Written {
    match line {
        TaskLine::Title(_, title) => {
            out.push_str("title ");
            value(out, title)
        }
        TaskLine::Assign(_, assign) => {
            out.push_str("assign ");
            value(out, assign)
        }
        TaskLine::Note(_, Note::Value(note)) => {
            out.push_str("note ");
            value(out, note)
        }
        TaskLine::Note(_, Note::Template(_, path)) => {
            out.push_str("note template ");
            text(out, path)
        }
        TaskLine::Cancel(_) => out.write_str("cancel"),
        TaskLine::Due(_, Due { kind: DueKind::At(at), .. }) => {
            out.push_str("due ");
            value(out, at)
        }
        TaskLine::Due(_, Due { kind: DueKind::After { amount, base, by, .. }, .. }) => {
            out.push_str("due ");
            duration(out, &amount.duration)?;
            out.push_str(if amount.working.is_some() { " working" } else { "" });
            out.push_str(" after ");
            value(out, base)?;
            by.iter().try_for_each(|(_, schedule)| write!(out, " by {}", schedule.text))
        }
    }
}

fn transfer_line(out: &mut String, line: &TransferLine) -> Written {
    match line {
        TransferLine::OnlyWhen(_, when) => {
            out.push_str("only when ");
            condition(out, when)
        }
        TransferLine::Funnel(_, funnel) => {
            out.push_str("funnel ");
            value(out, funnel)
        }
        TransferLine::Amount(_, amount) => {
            out.push_str("amount ");
            value(out, amount)
        }
        TransferLine::Pass(_, passed) => group(out, "pass", passed, value),
        TransferLine::Won(_, won) => {
            out.push_str("won ");
            condition(out, won)
        }
        TransferLine::Lost(_, lost) => {
            out.push_str("lost ");
            condition(out, lost)
        }
    }
}

fn script_line(out: &mut String, line: &ScriptLine) -> Written {
    match line {
        ScriptLine::Function { name, parameters, gives, .. } => {
            group(out, &format!("function {}", name.text), parameters, |out, parameter| {
                write!(out, "{}:", parameter.name.text)?;
                type_ref(out, &parameter.ty)
            })?;
            out.push(' ');
            type_ref(out, gives)
        }
        ScriptLine::Policy { hook, events: for_events, by, needs, .. } => {
            match hook {
                Hook::Named(name) => write!(out, "policy {}", name.text)?,
                Hook::Fields { target, .. } => write!(out, "policy fields {target:?}")?,
            }
            events(out, Some(for_events))?;
            by.iter().try_for_each(|(_, name)| write!(out, " by {}", name.text))?;
            needs.iter().try_for_each(|need| {
                write!(out, " {}", need.fact.dotted())?;
                need.count.iter().try_for_each(|count| write!(out, "({})", count.text))
            })
        }
        ScriptLine::OnFailure { mode, .. } => write!(out, "on failure {mode:?}"),
    }
}

fn type_ref(out: &mut String, ty: &TypeRef) -> Written {
    out.push_str(if ty.list.is_some() { "list-of-" } else { "" });
    out.push_str(match &ty.kind {
        TypeKind::Text(_) => "text",
        TypeKind::Number(_) => "number",
        TypeKind::YesNo(_) => "yes-no",
        TypeKind::Phone(_) => "phone",
        TypeKind::Duration(_) => "duration",
        TypeKind::Moment(_) => "moment",
        TypeKind::Date(_) => "date",
        TypeKind::Time(_) => "time",
        TypeKind::Named(name) => &name.text,
    });
    out.write_str(if ty.optional { "?" } else { "" })
}

fn days(out: &mut String, days: &Days) -> Written {
    day(out, &days.from)?;
    days.to.iter().try_for_each(|to| {
        out.push_str("..");
        day(out, to)
    })
}

fn day(out: &mut String, day: &Day) -> Written {
    match day {
        Day::Week(number, _) => write!(out, "day-{number}"),
        Day::Date(shown) => date(out, shown),
    }
}

fn hours(out: &mut String, hours: &Hours) -> Written {
    match hours {
        Hours::Closed(_) => out.write_str("closed"),
        Hours::Open(intervals) => each(out, intervals, |out, interval| {
            clock(out, &interval.from)?;
            out.push('-');
            clock(out, &interval.to)
        }),
    }
}
