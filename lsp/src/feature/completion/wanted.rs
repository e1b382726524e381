//! What kind of thing comes next.

use switchboard_engine::catalog::{ResultTable, result_table};
use switchboard_engine::schema::EventKind;
use switchboard_engine::ty::{ReferenceKind, Scalar, Type};
use switchboard_grammar::ast::{FieldsTarget, SectionKind};
use switchboard_grammar::keywords::{Group, Keyword};

use super::reading::{Beginning, Piece, read};
use crate::document::{Document, Placed};
use crate::names::{events_of, kinds_of, type_of};

/// A kind of thing that may stand at the cursor.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    /// A whole section.
    Sections,
    /// Words of the language.
    Words(Vec<Keyword>),
    /// Names of values for events of these kinds: fields, tables, settings, functions.
    Names(Vec<EventKind>),
    /// What may be asked of a value of this type.
    Questions(Option<Type>),
    /// Values of this type; in quotes already where `quoted`.
    Values { ty: Type, quoted: bool },
    /// Lists and schedules.
    Sets,
    /// Settings of events of these kinds.
    Settings(Vec<EventKind>),
    /// Result columns that mean something, those of this table first.
    Columns(Option<&'static ResultTable>),
    /// Filters of templates.
    Filters,
    /// Types in a script's declaration.
    Types,
    /// Names of findings.
    Codes,
    /// Files of the bundle with this ending; in quotes already where `quoted`.
    Files { ending: &'static str, quoted: bool },
    /// Fields of the CRM.
    CrmFields(ReferenceKind),
}

/// What may stand at an offset, and the part of it that is typed already.
pub(super) fn wanted(document: &Document, offset: u32) -> (Vec<Wanted>, &str) {
    let lines = document.lines();
    let line = lines.line_of(offset);
    let (start, whole) = lines.line(document.text(), line);
    let before = whole.get(..(offset as usize).saturating_sub(start)).unwrap_or(whole);
    let beginning = read(before);
    let partial = beginning.partial;
    if beginning.comment {
        return codes(partial);
    }
    let margin = !before.starts_with(char::is_whitespace) && !before.starts_with('|');
    if margin && beginning.pieces.is_empty() && !beginning.quoted {
        return (vec![Wanted::Sections], partial);
    }
    let Some(placed) = document.block_at(offset) else { return (Vec::new(), partial) };
    // Behind the last line of a section an indented line goes on with it, even if the next piece begins here.
    let Some(section) = placed.block.section() else { return (Vec::new(), partial) };
    let kinds = match &section.kind {
        SectionKind::Transfer(_) => vec![EventKind::Order],
        kind => match events_of(kind) {
            Some(events) => kinds_of(Some(events)),
            None => kinds_in(&read(placed.block.shown(section.head)).pieces),
        },
    };
    let place = Place { beginning: &beginning, kinds, placed, document, line };
    let found = if margin { place.header() } else { place.line(&section.kind) };
    (found, partial)
}

/// In `# rules: allow NAME`, names of findings.
fn codes(comment: &str) -> (Vec<Wanted>, &str) {
    let words = comment.trim_start_matches('#').trim_start();
    let rest = ["rules: allow ", "правила: разрешить "].iter().find_map(|start| words.strip_prefix(start));
    let Some(rest) = rest else { return (Vec::new(), "") };
    let named = !rest.contains([' ', '–', '—']) || rest.trim_end().ends_with(',') || rest.contains(", ");
    let partial = rest.rsplit([' ', ',']).next().unwrap_or_default();
    let wanted = if named && !rest.contains(['–', '—']) { vec![Wanted::Codes] } else { Vec::new() };
    (wanted, partial)
}

struct Place<'p> {
    beginning: &'p Beginning<'p>,
    kinds: Vec<EventKind>,
    placed: &'p Placed,
    document: &'p Document,
    line: u32,
}

impl Place<'_> {
    fn header(&self) -> Vec<Wanted> {
        let pieces = self.beginning.pieces.as_slice();
        if self.beginning.quoted {
            let ending = match pieces.first() {
                Some(Piece::Word(Keyword::Include)) => ".rules",
                Some(Piece::Word(Keyword::Script)) => ".rhai",
                Some(Piece::Word(Keyword::List)) => ".csv",
                _ => return Vec::new(),
            };
            return vec![Wanted::Files { ending, quoted: true }];
        }
        if let Some(at) = pieces.iter().position(|piece| *piece == Piece::Word(Keyword::When)) {
            return self.condition(pieces.get(at + 1..).unwrap_or_default());
        }
        let events = Keyword::TABLE
            .iter()
            .filter(|entry| entry.group == Group::Event && entry.keyword != Keyword::For)
            .map(|entry| entry.keyword);
        let has_for = pieces.contains(&Piece::Word(Keyword::For));
        match pieces {
            [.., Piece::Word(Keyword::For | Keyword::Missed | Keyword::Failed | Keyword::Answered)] => {
                vec![Wanted::Words(events.collect())]
            }
            [first, .., Piece::Sign(',')] if has_for => {
                let mut words: Vec<Keyword> = events.collect();
                if *first == Piece::Word(Keyword::Table) {
                    words.extend([Keyword::FirstMatch, Keyword::OnlyMatch, Keyword::AllMatches]);
                }
                vec![Wanted::Words(words)]
            }
            [Piece::Word(Keyword::FieldsOf)] => vec![Wanted::Words(vec![Keyword::Client, Keyword::Order])],
            [Piece::Word(Keyword::Task), ..] if has_for => vec![Wanted::Words(vec![Keyword::When])],
            [Piece::Word(Keyword::Filter | Keyword::Settings | Keyword::Task)]
            | [Piece::Word(Keyword::Table), Piece::Name(_)]
            | [Piece::Word(Keyword::FieldsOf), Piece::Word(Keyword::Client | Keyword::Order)] => {
                vec![Wanted::Words(vec![Keyword::For])]
            }
            [Piece::Word(Keyword::List), Piece::Name(_)] => vec![Wanted::Words(vec![Keyword::From])],
            [Piece::Word(Keyword::List), .., Piece::Literal] => vec![Wanted::Words(vec![Keyword::Column])],
            [Piece::Word(Keyword::Schedule), Piece::Name(_)] => vec![Wanted::Words(vec![Keyword::In])],
            [Piece::Word(Keyword::Include)] => vec![Wanted::Files { ending: ".rules", quoted: false }],
            [Piece::Word(Keyword::Script)] => vec![Wanted::Files { ending: ".rhai", quoted: false }],
            _ => Vec::new(),
        }
    }

    fn line(&self, section: &SectionKind) -> Vec<Wanted> {
        let pieces = self.beginning.pieces.as_slice();
        if let [Piece::Sign('{'), inside @ ..] = pieces {
            return self.hole(inside);
        }
        let first = pieces.is_empty() && !self.beginning.quoted;
        match section {
            SectionKind::Filter(_) if first => {
                vec![Wanted::Words(vec![Keyword::Accept, Keyword::Reject, Keyword::Else])]
            }
            SectionKind::Filter(_) => match pieces {
                [Piece::Word(Keyword::Else)] => vec![Wanted::Words(vec![Keyword::Accept, Keyword::Reject])],
                [Piece::Word(Keyword::Accept | Keyword::Reject)] => vec![Wanted::Words(vec![Keyword::When])],
                [_, Piece::Word(Keyword::When), rest @ ..] => self.condition(rest),
                _ => Vec::new(),
            },
            SectionKind::Settings(_) if first => vec![Wanted::Settings(self.kinds.clone())],
            SectionKind::Settings(_) => match pieces {
                [Piece::Name(name), Piece::Sign(':'), rest @ ..] => {
                    self.value(rest, type_of(name, &self.kinds))
                }
                _ => Vec::new(),
            },
            SectionKind::Table(_) => self.cell(),
            SectionKind::Task(_) if first => vec![Wanted::Words(vec![
                Keyword::Title,
                Keyword::Assign,
                Keyword::Due,
                Keyword::Note,
                Keyword::Cancel,
            ])],
            SectionKind::Task(_) => match pieces {
                [Piece::Word(Keyword::Note), Piece::Sign(':'), Piece::Word(Keyword::Template)] => {
                    vec![Wanted::Files { ending: ".j2", quoted: self.beginning.quoted }]
                }
                [Piece::Word(Keyword::Assign), Piece::Sign(':'), rest @ ..] => {
                    self.value(rest, Some(Type::of(Scalar::Reference(ReferenceKind::Employee))))
                }
                [Piece::Word(Keyword::Due), Piece::Sign(':'), rest @ ..] => {
                    let mut found = vec![Wanted::Words(vec![Keyword::After, Keyword::By, Keyword::Working])];
                    if matches!(rest.last(), None | Some(Piece::Word(Keyword::After | Keyword::Else))) {
                        found = vec![Wanted::Names(self.kinds.clone())];
                    } else if matches!(rest.last(), Some(Piece::Word(Keyword::By))) {
                        found = vec![Wanted::Sets];
                    }
                    found
                }
                [Piece::Word(word), Piece::Sign(':'), rest @ ..] => {
                    let mut found = self.value(rest, None);
                    if rest.is_empty() && !self.beginning.quoted {
                        let other = if *word == Keyword::Note { Keyword::Template } else { Keyword::Default };
                        found.push(Wanted::Words(vec![other]));
                    }
                    found
                }
                _ => Vec::new(),
            },
            SectionKind::Fields(fields) if first => {
                let kind = match fields.target {
                    Some((FieldsTarget::Order, _)) => ReferenceKind::OrderField,
                    _ => ReferenceKind::ClientField,
                };
                vec![Wanted::CrmFields(kind)]
            }
            SectionKind::Fields(_) => match pieces {
                [Piece::Name(_)] => vec![Wanted::Words(vec![Keyword::From])],
                [.., Piece::Sign(',')] => vec![Wanted::Words(vec![Keyword::Always])],
                [_, Piece::Word(Keyword::From), rest @ ..] => self.value(rest, None),
                _ => Vec::new(),
            },
            SectionKind::Transfer(_) if first => vec![Wanted::Words(vec![
                Keyword::OnlyWhen,
                Keyword::Funnel,
                Keyword::Amount,
                Keyword::Pass,
                Keyword::Won,
                Keyword::Lost,
            ])],
            SectionKind::Transfer(_) => match pieces {
                [Piece::Word(Keyword::OnlyWhen), rest @ ..]
                | [Piece::Word(Keyword::Won | Keyword::Lost), Piece::Sign(':'), rest @ ..] => {
                    self.condition(rest)
                }
                [Piece::Word(Keyword::Pass), Piece::Sign(':'), ..] => {
                    vec![Wanted::CrmFields(ReferenceKind::OrderField)]
                }
                _ => Vec::new(),
            },
            SectionKind::Script(_) if first => {
                vec![Wanted::Words(vec![Keyword::Function, Keyword::Policy, Keyword::OnFailure])]
            }
            SectionKind::Script(_) => match pieces {
                [Piece::Word(Keyword::OnFailure), ..] => {
                    vec![Wanted::Words(vec![Keyword::UseTables, Keyword::Park])]
                }
                [.., Piece::Sign(':') | Piece::Word(Keyword::Gives)] => vec![Wanted::Types],
                [.., Piece::Sign(')')] => vec![Wanted::Words(vec![Keyword::Gives])],
                _ => Vec::new(),
            },
            SectionKind::Include(_)
            | SectionKind::List(_)
            | SectionKind::Schedule(_)
            | SectionKind::Unknown => Vec::new(),
        }
    }

    /// Inside of `{{ }}`.
    fn hole(&self, inside: &[Piece<'_>]) -> Vec<Wanted> {
        match inside.last() {
            Some(Piece::Sign('|')) => vec![Wanted::Filters],
            _ if inside.contains(&Piece::Sign('|')) => Vec::new(),
            _ => self.value(inside, None),
        }
    }

    /// A value of a type that may be known, perhaps one that is begun.
    fn value(&self, pieces: &[Piece<'_>], ty: Option<Type>) -> Vec<Wanted> {
        match pieces.last() {
            None | Some(Piece::Word(Keyword::Else) | Piece::Sign('(' | ',')) => {
                if self.beginning.quoted {
                    return ty.map(|ty| Wanted::Values { ty, quoted: true }).into_iter().collect();
                }
                let values = ty.map(|ty| Wanted::Values { ty, quoted: false });
                values.into_iter().chain([Wanted::Names(self.kinds.clone())]).collect()
            }
            Some(Piece::Name(_) | Piece::Literal | Piece::Sign(')')) => {
                vec![Wanted::Words(vec![Keyword::Else])]
            }
            _ => Vec::new(),
        }
    }

    /// Somewhere in a condition: walked through from its beginning.
    fn condition(&self, pieces: &[Piece<'_>]) -> Vec<Wanted> {
        let mut subject: Option<Type> = None;
        let mut asks: Option<Keyword> = None;
        let mut expects = Expects::Subject;
        for piece in pieces {
            // What is a word elsewhere, such as `missed`, may be a field here.
            let piece = match piece {
                Piece::Word(word) if !is_reserved(*word) => Piece::Name(word.spelling(self.document.lang())),
                piece => *piece,
            };
            expects = match (&piece, expects) {
                (Piece::Word(Keyword::And | Keyword::Or | Keyword::Not), _) => {
                    asks = None;
                    Expects::Subject
                }
                (Piece::Sign('('), Expects::Operand) if asks == Some(Keyword::In) => Expects::Member,
                (Piece::Sign('('), _) => Expects::Subject,
                (Piece::Sign(')'), Expects::Member | Expects::MemberEnd) => Expects::Connective,
                (Piece::Sign(','), Expects::MemberEnd) => Expects::Member,
                (Piece::Name(_) | Piece::Literal, Expects::Member) => Expects::MemberEnd,
                (Piece::Word(Keyword::Else), Expects::Question) => Expects::Subject,
                (Piece::Word(word), Expects::Question) if word.entry().group == Group::Operator => match word
                {
                    Keyword::IsMissing | Keyword::IsPresent | Keyword::Missing | Keyword::Present => {
                        Expects::Connective
                    }
                    Keyword::In | Keyword::NotIn => {
                        asks = Some(Keyword::In);
                        Expects::Operand
                    }
                    _ => {
                        asks = Some(*word);
                        Expects::Operand
                    }
                },
                (Piece::Word(Keyword::Exactly), Expects::Operand) => Expects::Operand,
                (Piece::Name(name), Expects::Subject) => {
                    subject = type_of(name, &self.kinds);
                    Expects::Question
                }
                (Piece::Literal, Expects::Subject) => Expects::Question,
                (Piece::Name(_) | Piece::Literal | Piece::Word(_), Expects::Operand) => Expects::Connective,
                (_, now) => now,
            };
        }
        let quoted = self.beginning.quoted;
        match expects {
            Expects::Subject if quoted => Vec::new(),
            Expects::Subject => vec![Wanted::Names(self.kinds.clone()), Wanted::Words(vec![Keyword::Not])],
            Expects::Question => vec![Wanted::Questions(subject)],
            Expects::Operand | Expects::Member => {
                let values = subject.map(|ty| Wanted::Values { ty: ty.element(), quoted });
                let sets = (asks == Some(Keyword::In) && !quoted && expects == Expects::Operand)
                    .then_some(Wanted::Sets);
                values.into_iter().chain(sets).collect()
            }
            Expects::MemberEnd => Vec::new(),
            Expects::Connective => vec![Wanted::Words(vec![Keyword::And, Keyword::Or])],
        }
    }

    /// Somewhere in a table.
    fn cell(&self) -> Vec<Wanted> {
        let SectionKind::Table(table) = (match self.placed.block.section() {
            Some(section) => &section.kind,
            None => return Vec::new(),
        }) else {
            return Vec::new();
        };
        let (place, pieces) = self.cells();
        let first = self.is_first_row();
        let fresh = pieces.is_empty() || pieces.last() == Some(&Piece::Sign(','));
        match place {
            CellPlace::Outside => Vec::new(),
            CellPlace::Input(_) if first => vec![Wanted::Names(self.kinds.clone())],
            CellPlace::Result(_) if first => {
                vec![Wanted::Columns(table.name.as_ref().and_then(|name| result_table(&name.text)))]
            }
            CellPlace::Input(at) => {
                let column = table.head.as_ref().and_then(|head| head.item.inputs.get(at));
                let ty = column.and_then(|column| type_of(&column.value.path()?.dotted(), &self.kinds));
                match pieces.last() {
                    _ if fresh => {
                        let values =
                            ty.map(|ty| Wanted::Values { ty: ty.element(), quoted: self.beginning.quoted });
                        let mut words = vec![Keyword::Not, Keyword::Missing, Keyword::Present, Keyword::In];
                        if ty.is_none_or(|ty| ty.list || ty.scalar.is_textual()) {
                            words.extend([
                                Keyword::Like,
                                Keyword::Contains,
                                Keyword::StartsWith,
                                Keyword::EndsWith,
                            ]);
                        }
                        if at == 0 {
                            words.push(Keyword::Else);
                        }
                        let words = Wanted::Words(words);
                        let words = (!self.beginning.quoted).then_some(words);
                        values.into_iter().chain(words).collect()
                    }
                    Some(Piece::Word(Keyword::In)) => vec![Wanted::Sets],
                    Some(Piece::Word(_) | Piece::Sign('(')) => ty
                        .map(|ty| Wanted::Values { ty: ty.element(), quoted: self.beginning.quoted })
                        .into_iter()
                        .collect(),
                    _ => Vec::new(),
                }
            }
            CellPlace::Result(at) => {
                let column = table.head.as_ref().and_then(|head| head.item.results.get(at));
                let ty = column.and_then(|name| type_of(&name.text, &[])).map(Type::element);
                self.value(&pieces, ty)
            }
        }
    }

    /// Whether no row of this table stands above.
    fn is_first_row(&self) -> bool {
        let start = self.document.lines().line_of(self.placed.start);
        (start..self.line).all(|line| {
            !self.document.lines().line(self.document.text(), line).1.trim_start().starts_with('|')
        })
    }

    /// The cell that the cursor is in, and its pieces.
    fn cells(&self) -> (CellPlace, Vec<Piece<'_>>) {
        let mut place = CellPlace::Outside;
        let mut inside = Vec::new();
        let mut bars = 0usize;
        for piece in &self.beginning.pieces {
            if *piece == Piece::Sign('|') {
                bars += 1;
                inside.clear();
                // The second of `||`: the results begin.
                if bars == 2 {
                    place = CellPlace::Result(0);
                }
                continue;
            }
            if bars == 1 {
                place = place.next();
            }
            bars = 0;
            inside.push(*piece);
        }
        if bars == 1 {
            place = place.next();
        }
        (place, inside)
    }
}

/// Whether a word can be no name.
fn is_reserved(word: Keyword) -> bool {
    matches!(word.entry().group, Group::Connective | Group::Operator | Group::Constant)
}

/// The events that a header names, read from its beginning; all of them when it names none yet.
fn kinds_in(pieces: &[Piece<'_>]) -> Vec<EventKind> {
    let kinds = pieces.iter().filter_map(|piece| match piece {
        Piece::Word(Keyword::IncomingCalls | Keyword::OutgoingCalls | Keyword::Calls) => {
            Some(EventKind::Call)
        }
        Piece::Word(Keyword::Chats) => Some(EventKind::Chat),
        Piece::Word(Keyword::Requests) => Some(EventKind::Request),
        Piece::Word(Keyword::Orders) => Some(EventKind::Order),
        _ => None,
    });
    let kinds: Vec<EventKind> = kinds.collect();
    if kinds.is_empty() { EventKind::ALL.to_vec() } else { kinds }
}

/// Where in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CellPlace {
    Outside,
    Input(usize),
    Result(usize),
}

impl CellPlace {
    const fn next(self) -> Self {
        match self {
            Self::Outside => Self::Input(0),
            Self::Input(at) => Self::Input(at + 1),
            Self::Result(at) => Self::Result(at + 1),
        }
    }
}

/// What a condition expects next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expects {
    Subject,
    Question,
    Operand,
    Member,
    MemberEnd,
    Connective,
}
