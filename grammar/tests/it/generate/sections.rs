//! Sections, their lines and comments, whole files at random.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use switchboard_grammar::ast::{
    Alternative, Cell, CellKind, CellTest, Column, Comment, CommentKind, Day, Days, Due, DueAmount, DueKind,
    Duration, EventKind, EventTarget, Events, FailureMode, FieldLine, FieldsSection, FieldsTarget, File,
    Filter, FilterLine, Guard, Head, Header, HitPolicy, Hook, Hours, Include, Interval, Line, List, ListFile,
    LiteralKind, Name, Need, Note, Operand, Outcome, Parameter, ResultCell, Row, Schedule, ScheduleLine,
    Script, ScriptLine, Section, SectionKind, Setting, Settings, Table, Task, TaskLine, Transfer,
    TransferLine, TypeKind, TypeRef, Value, ValueKind, Verdict,
};
use switchboard_grammar::keywords::Keyword;
use switchboard_grammar::lang::Lang;

use super::values::{
    NO, clock, comparison, condition, date, item, name, part, path, plain_text, presence, value, within, word,
};

/// A file in either language.
pub(crate) fn file() -> BoxedStrategy<File> {
    select(Lang::ALL.to_vec())
        .prop_flat_map(|lang| {
            let header =
                (comments(), any::<bool>(), trailing()).prop_map(|(leading, blank_before, trailing)| {
                    Header { span: NO, edition: 1, leading, blank_before, trailing }
                });
            (header, vec(section(lang), 0..5), comments()).prop_map(move |(header, sections, tail)| File {
                lang,
                header: Some(header),
                sections,
                tail,
                broken: false,
                words: Vec::new(),
            })
        })
        .boxed()
}

fn comment() -> BoxedStrategy<Comment> {
    let texts =
        ["#", "# note", "#note \"x\" | (", "## описание", "# rules: allow table-gap – so it is", "### #"];
    (select(texts.to_vec()), any::<bool>())
        .prop_map(|(text, blank_before)| Comment {
            span: NO,
            text: text.to_owned(),
            kind: if text.starts_with("## ") { CommentKind::Doc } else { CommentKind::Plain },
            blank_before,
        })
        .boxed()
}

fn comments() -> BoxedStrategy<Vec<Comment>> {
    prop_oneof![3 => Just(Vec::new()), 1 => vec(comment(), 1..3)].boxed()
}

fn trailing() -> BoxedStrategy<Option<Comment>> {
    let comment = comment().prop_map(|comment| Comment { kind: CommentKind::Plain, ..comment });
    option::weighted(0.2, comment).boxed()
}

/// A line with or without comments around it.
fn line<T: std::fmt::Debug + Clone + 'static>(
    item: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Line<T>> {
    (item, comments(), any::<bool>(), trailing())
        .prop_map(|(item, leading, blank_before, trailing)| Line {
            leading,
            blank_before,
            trailing,
            ..Line::plain(NO, item)
        })
        .boxed()
}

fn lines<T: std::fmt::Debug + Clone + 'static>(
    item: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Vec<Line<T>>> {
    vec(line(item), 0..5).boxed()
}

fn section(lang: Lang) -> BoxedStrategy<Section> {
    let kind = prop_oneof![
        include(lang),
        filter(lang),
        settings(lang),
        table(lang),
        task(lang),
        fields(lang),
        transfer(lang),
        list(lang),
        script(lang),
        schedule(lang),
    ];
    (kind, comments(), any::<bool>(), trailing(), comments())
        .prop_map(|(kind, leading, blank_before, trailing, tail)| Section {
            span: NO,
            head: NO,
            leading,
            blank_before,
            trailing,
            inner_comments: Vec::new(),
            kind,
            tail,
            extent: NO,
            broken: false,
        })
        .boxed()
}

fn events(lang: Lang) -> BoxedStrategy<Events> {
    let kinds = [
        (EventKind::IncomingCalls, Keyword::IncomingCalls),
        (EventKind::OutgoingCalls, Keyword::OutgoingCalls),
        (EventKind::Calls, Keyword::Calls),
        (EventKind::Chats, Keyword::Chats),
        (EventKind::Requests, Keyword::Requests),
        (EventKind::Orders, Keyword::Orders),
    ];
    let outcomes = [
        (Outcome::Missed, Keyword::Missed),
        (Outcome::Failed, Keyword::Failed),
        (Outcome::Answered, Keyword::Answered),
    ];
    let kind = select(kinds.to_vec()).prop_flat_map(move |(kind, keyword)| (Just(kind), word(lang, keyword)));
    let outcome = select(outcomes.to_vec())
        .prop_flat_map(move |(outcome, keyword)| (Just(outcome), word(lang, keyword)));
    let target = (option::weighted(0.3, outcome), kind).prop_map(|(outcome, (kind, word))| EventTarget {
        span: NO,
        outcome,
        kind,
        word,
    });
    (word(lang, Keyword::For), vec(target, 1..4))
        .prop_map(|(word, targets)| Events { span: NO, word, targets })
        .boxed()
}

fn include(lang: Lang) -> BoxedStrategy<SectionKind> {
    (word(lang, Keyword::Include), plain_text())
        .prop_map(|(word, path)| SectionKind::Include(Include { word, path }))
        .boxed()
}

fn filter(lang: Lang) -> BoxedStrategy<SectionKind> {
    let verdict = move || {
        prop_oneof![
            word(lang, Keyword::Accept).prop_map(|word| (Verdict::Accept, word)),
            word(lang, Keyword::Reject).prop_map(|word| (Verdict::Reject, word)),
        ]
    };
    let when = (verdict(), word(lang, Keyword::When), condition(lang, 2)).prop_map(
        |((verdict, word), when, condition)| FilterLine {
            verdict,
            word,
            guard: Guard::When(when, condition),
        },
    );
    let otherwise = (verdict(), word(lang, Keyword::Else))
        .prop_map(|((verdict, word), otherwise)| FilterLine { verdict, word, guard: Guard::Else(otherwise) });
    (word(lang, Keyword::Filter), events(lang), lines(when), option::of(line(otherwise)))
        .prop_map(|(word, events, mut lines, otherwise)| {
            lines.extend(otherwise);
            SectionKind::Filter(Filter { word, events: Some(events), lines })
        })
        .boxed()
}

fn settings(lang: Lang) -> BoxedStrategy<SectionKind> {
    let setting = (name(), value(lang, 2)).prop_map(|(name, value)| Setting { name, value });
    (word(lang, Keyword::Settings), events(lang), lines(setting))
        .prop_map(|(word, events, lines)| {
            SectionKind::Settings(Settings { word, events: Some(events), lines })
        })
        .boxed()
}

fn cell(lang: Lang) -> BoxedStrategy<Cell> {
    let plain = item(lang).prop_map(|item| (None, Operand::One(item)));
    let asked = prop_oneof![within(lang, false), comparison(lang, false), presence(lang, true)]
        .prop_map(|(operator, operand)| (Some(operator), operand));
    let test = prop_oneof![2 => plain, 1 => asked].prop_map(|(operator, operand)| CellTest {
        span: NO,
        operator,
        operand,
    });
    let alternative = (vec(test, 1..3), word(lang, Keyword::And)).prop_map(|(tests, word)| Alternative {
        span: NO,
        words: vec![word; tests.len() - 1],
        tests,
    });
    let tests = (option::weighted(0.2, word(lang, Keyword::Not)), vec(alternative, 1..3))
        .prop_map(|(not, alternatives)| CellKind::Tests { not, alternatives });
    prop_oneof![Just(CellKind::Any), tests].prop_map(|kind| Cell { span: NO, kind }).boxed()
}

fn results(lang: Lang, width: usize) -> BoxedStrategy<Vec<ResultCell>> {
    let cell = vec(value(lang, 1), 0..3).prop_map(|values| ResultCell { span: NO, values });
    vec(cell, width).boxed()
}

fn table(lang: Lang) -> BoxedStrategy<SectionKind> {
    let hit = option::of(select(vec![
        (HitPolicy::First, Keyword::FirstMatch),
        (HitPolicy::Only, Keyword::OnlyMatch),
        (HitPolicy::All, Keyword::AllMatches),
    ]));
    let hit = hit.prop_flat_map(move |hit| match hit {
        Some((hit, keyword)) => word(lang, keyword).prop_map(move |word| (hit, Some(word))).boxed(),
        None => Just((HitPolicy::First, None)).boxed(),
    });
    let body =
        (1_usize..4, 1_usize..3).prop_flat_map(move |(inputs, results_width)| {
            let column = value(lang, 1).prop_map(|value| Column { span: NO, value });
            let head = (vec(column, inputs), vec(name(), results_width))
                .prop_map(|(inputs, results)| Head { inputs, results });
            let row = (vec(cell(lang), inputs), results(lang, results_width))
                .prop_map(|(inputs, results)| Row { otherwise: None, inputs, results });
            let otherwise = (word(lang, Keyword::Else), results(lang, results_width))
                .prop_map(|(word, results)| Row { otherwise: Some(word), inputs: Vec::new(), results });
            (line(head), option::of(line(Just(()))), lines(row), option::of(line(otherwise)))
        });
    (word(lang, Keyword::Table), name(), events(lang), hit, body)
        .prop_map(|(word, name, events, (hit, hit_word), (head, ruler, mut rows, otherwise))| {
            rows.extend(otherwise);
            SectionKind::Table(Box::new(Table {
                word,
                name: Some(name),
                events: Some(events),
                hit,
                hit_word,
                head: Some(head),
                ruler,
                rows,
            }))
        })
        .boxed()
}

fn task(lang: Lang) -> BoxedStrategy<SectionKind> {
    let with_value = move |keyword: Keyword| (word(lang, keyword), value(lang, 2));
    let amount = (vec(part(lang), 1..3), option::weighted(0.3, word(lang, Keyword::Working)))
        .prop_map(|(parts, working)| DueAmount { duration: Duration { parts }, working });
    let by = option::weighted(0.3, (word(lang, Keyword::By), name()));
    let after = (amount, word(lang, Keyword::After), value(lang, 1), by)
        .prop_map(|(amount, after, base, by)| DueKind::After { amount, after, base, by });
    // A duration that is counted from nothing is an error.
    let is_duration = |value: &Value| matches!(&value.kind, ValueKind::Literal(literal) if matches!(literal.kind, LiteralKind::Duration(_)));
    let at =
        value(lang, 1).prop_filter("after what?", move |value| !is_duration(value)).prop_map(DueKind::At);
    let due = prop_oneof![after, at].prop_map(|kind| Due { span: NO, kind });
    let line = prop_oneof![
        with_value(Keyword::Title).prop_map(|(word, value)| TaskLine::Title(word, value)),
        with_value(Keyword::Assign).prop_map(|(word, value)| TaskLine::Assign(word, value)),
        with_value(Keyword::Note).prop_map(|(word, value)| TaskLine::Note(word, Note::Value(value))),
        (word(lang, Keyword::Note), word(lang, Keyword::Template), plain_text())
            .prop_map(|(word, template, path)| TaskLine::Note(word, Note::Template(template, path))),
        (word(lang, Keyword::Due), due).prop_map(|(word, due)| TaskLine::Due(word, due)),
        word(lang, Keyword::Cancel).prop_map(TaskLine::Cancel),
    ];
    let when = option::of((word(lang, Keyword::When), condition(lang, 2)));
    (word(lang, Keyword::Task), events(lang), when, lines(line))
        .prop_map(|(word, events, when, lines)| {
            SectionKind::Task(Task { word, events: Some(events), when, lines })
        })
        .boxed()
}

fn fields(lang: Lang) -> BoxedStrategy<SectionKind> {
    let target = prop_oneof![
        word(lang, Keyword::Client).prop_map(|word| (FieldsTarget::Client, word)),
        word(lang, Keyword::Order).prop_map(|word| (FieldsTarget::Order, word)),
    ];
    let code = select(vec!["uis_site", "uis-source", "1c", "поле"])
        .prop_map(|text| Name { span: NO, text: text.into() });
    let line = (code, word(lang, Keyword::From), value(lang, 2), option::of(word(lang, Keyword::Always)))
        .prop_map(|(code, from, value, always)| FieldLine { code, from, value, always });
    (word(lang, Keyword::FieldsOf), target, events(lang), lines(line))
        .prop_map(|(word, target, events, lines)| {
            SectionKind::Fields(FieldsSection { word, target: Some(target), events: Some(events), lines })
        })
        .boxed()
}

fn transfer(lang: Lang) -> BoxedStrategy<SectionKind> {
    let line = prop_oneof![
        (word(lang, Keyword::OnlyWhen), condition(lang, 2))
            .prop_map(|(word, when)| TransferLine::OnlyWhen(word, when)),
        (word(lang, Keyword::Funnel), value(lang, 1))
            .prop_map(|(word, value)| TransferLine::Funnel(word, value)),
        (word(lang, Keyword::Amount), value(lang, 1))
            .prop_map(|(word, value)| TransferLine::Amount(word, value)),
        (word(lang, Keyword::Pass), vec(value(lang, 0), 1..4))
            .prop_map(|(word, values)| TransferLine::Pass(word, values)),
        (word(lang, Keyword::Won), condition(lang, 1)).prop_map(|(word, when)| TransferLine::Won(word, when)),
        (word(lang, Keyword::Lost), condition(lang, 1))
            .prop_map(|(word, when)| TransferLine::Lost(word, when)),
    ];
    (word(lang, Keyword::Transfer), lines(line))
        .prop_map(|(word, lines)| SectionKind::Transfer(Transfer { word, lines }))
        .boxed()
}

fn list(lang: Lang) -> BoxedStrategy<SectionKind> {
    let column = option::of((word(lang, Keyword::Column), plain_text()));
    let file = (word(lang, Keyword::From), plain_text(), column)
        .prop_map(|(from, path, column)| (Some(ListFile { from, path, column }), Vec::new(), Vec::new()));
    let inline = (vec(value(lang, 0), 0..30), lines(vec(value(lang, 0), 1..30)))
        .prop_map(|(inline, lines)| (None, inline, lines));
    (word(lang, Keyword::List), name(), prop_oneof![1 => file, 3 => inline])
        .prop_map(|(word, name, (file, inline, lines))| {
            SectionKind::List(List { word, name: Some(name), file, inline, lines })
        })
        .boxed()
}

fn type_ref(lang: Lang) -> BoxedStrategy<TypeRef> {
    let kind = prop_oneof![
        word(lang, Keyword::TypeText).prop_map(TypeKind::Text),
        word(lang, Keyword::TypeNumber).prop_map(TypeKind::Number),
        word(lang, Keyword::TypeYesNo).prop_map(TypeKind::YesNo),
        word(lang, Keyword::TypePhone).prop_map(TypeKind::Phone),
        word(lang, Keyword::TypeDuration).prop_map(TypeKind::Duration),
        word(lang, Keyword::TypeMoment).prop_map(TypeKind::Moment),
        word(lang, Keyword::TypeDate).prop_map(TypeKind::Date),
        word(lang, Keyword::TypeTime).prop_map(TypeKind::Time),
        name().prop_map(TypeKind::Named),
    ];
    (option::of(word(lang, Keyword::ListOf)), kind, any::<bool>())
        .prop_map(|(list, kind, optional)| TypeRef { span: NO, list, kind, optional })
        .boxed()
}

fn script(lang: Lang) -> BoxedStrategy<SectionKind> {
    let parameter = (name(), type_ref(lang)).prop_map(|(name, ty)| Parameter { span: NO, name, ty });
    let function = (
        word(lang, Keyword::Function),
        name(),
        vec(parameter, 0..3),
        word(lang, Keyword::Gives),
        type_ref(lang),
    )
        .prop_map(|(word, name, parameters, gives_word, gives)| ScriptLine::Function {
            word,
            name,
            parameters,
            gives_word,
            gives,
        });
    let count = option::of((1_u8..100).prop_map(|count| Name { span: NO, text: count.to_string().into() }));
    let need = (path(), count).prop_map(|(fact, count)| Need { span: NO, fact, count });
    let needs = option::of((word(lang, Keyword::Needs), vec(need, 1..3)));
    let target = prop_oneof![
        word(lang, Keyword::Client).prop_map(|word| (FieldsTarget::Client, word)),
        word(lang, Keyword::Order).prop_map(|word| (FieldsTarget::Order, word)),
    ];
    let hook = prop_oneof![
        name().prop_map(Hook::Named),
        (word(lang, Keyword::FieldsOf), target).prop_map(|(word, (target, target_word))| Hook::Fields {
            word,
            target,
            target_word
        }),
    ];
    let by = option::of((word(lang, Keyword::By), name()));
    let policy = (word(lang, Keyword::Policy), hook, events(lang), by, needs).prop_map(
        |(word, hook, events, by, needs)| {
            let (needs_word, needs) = needs.map_or((None, Vec::new()), |(word, needs)| (Some(word), needs));
            ScriptLine::Policy { word, hook, events, by, needs_word, needs }
        },
    );
    let mode = prop_oneof![
        word(lang, Keyword::UseTables).prop_map(|word| (FailureMode::UseTables, word)),
        word(lang, Keyword::Park).prop_map(|word| (FailureMode::Park, word)),
    ];
    let failure = (word(lang, Keyword::OnFailure), mode)
        .prop_map(|(word, (mode, mode_word))| ScriptLine::OnFailure { word, mode, mode_word });
    (word(lang, Keyword::Script), plain_text(), lines(prop_oneof![function, policy, failure]))
        .prop_map(|(word, path, lines)| SectionKind::Script(Script { word, path: Some(path), lines }))
        .boxed()
}

fn schedule(lang: Lang) -> BoxedStrategy<SectionKind> {
    let week =
        [Keyword::Mon, Keyword::Tue, Keyword::Wed, Keyword::Thu, Keyword::Fri, Keyword::Sat, Keyword::Sun];
    let weekday = move || {
        (0_u8..7).prop_flat_map(move |at| {
            word(lang, week[usize::from(at)]).prop_map(move |word| Day::Week(at + 1, word))
        })
    };
    let days = prop_oneof![
        (weekday(), option::of(weekday())),
        (date().prop_map(Day::Date), option::of(date().prop_map(Day::Date))),
    ]
    .prop_map(|(from, to)| Days { span: NO, from, to });
    let interval = (clock(), clock()).prop_map(|(from, to)| Interval { span: NO, from, to });
    let hours = prop_oneof![
        word(lang, Keyword::Closed).prop_map(Hours::Closed),
        vec(interval, 1..3).prop_map(Hours::Open),
    ];
    let line = (vec(days, 1..3), hours).prop_map(|(days, hours)| ScheduleLine { days, hours });
    (word(lang, Keyword::Schedule), name(), word(lang, Keyword::In), plain_text(), lines(line))
        .prop_map(|(word, name, within, zone, lines)| {
            SectionKind::Schedule(Schedule { word, name: Some(name), zone: Some((within, zone)), lines })
        })
        .boxed()
}
