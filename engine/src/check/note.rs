//! Long texts: files of the bundle whose names are those of the rules around them.

use jiff::civil;
use smol_str::SmolStr;
use switchboard_grammar::ast;
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use super::value::Typed;
use crate::catalog::schema;
use crate::moment::{Moment, Seconds};
use crate::note::{Note, NoteProblem};
use crate::phone::Phone;
use crate::program::Expr;
use crate::schema::EventKind;
use crate::ty::{Scalar, Type};
use crate::value::{Value, from_json};

impl Checker<'_> {
    /// A long text by the path of its file: its number. None after a report.
    pub(crate) fn note_file(&mut self, path: &ast::TextLiteral, ctx: &Ctx) -> Option<usize> {
        self.asset(path, ".j2", ctx)?;
        let file = self.sources.find(path.plain()?)?;
        let source = self.sources.get(file)?.text();
        let inside = Ctx { file, ..ctx.clone() };
        let note = match Note::compile(source, ctx.lang) {
            Ok(note) => note,
            Err(error) => {
                self.bad_note(error, &inside);
                return None;
            }
        };
        let names: Vec<(String, Span)> = note.names().map(|(name, span)| (name.to_owned(), span)).collect();
        let typed: Vec<Option<(String, Typed)>> =
            names.into_iter().map(|(name, span)| self.note_name(name, span, &inside)).collect();
        let typed: Vec<(String, Typed)> = typed.into_iter().collect::<Option<_>>()?;
        let sample = |name: &str| {
            let known = typed.iter().find(|(known, _)| known == name);
            known.map_or(Value::Missing, |(_, typed)| sample(&typed.expr, typed.ty))
        };
        if let Err(error) = note.try_out(source, sample) {
            self.bad_note(error, &inside);
            return None;
        }
        Some(self.notes.add(note, typed.into_iter().map(|(name, typed)| (name, typed.expr)).collect()))
    }

    /// What a name in a long text stands for.
    fn note_name(&mut self, name: String, span: Span, ctx: &Ctx) -> Option<(String, Typed)> {
        let segments = name.split('.').map(|word| ast::Name { span, text: SmolStr::new(word) }).collect();
        let typed = self.path(&ast::Path { span, segments }, None, ctx)?;
        Some((name, typed))
    }

    fn bad_note(&mut self, error: NoteProblem, ctx: &Ctx) {
        self.report(problem(
            &codes::BAD_NOTE,
            ctx,
            error.span,
            error.message,
            Text::new("the text cannot be made here", "здесь текст не получается"),
        ));
    }
}

/// A value such as an event would bring, to try a text out.
fn sample(expr: &Expr, ty: Type) -> Value {
    if let Expr::Field(key) = expr
        && let Some(field) = EventKind::ALL.into_iter().find_map(|kind| schema().field(kind, key.id))
        && let Ok(json) = serde_json::from_str(field.spec.example)
        && let Ok(value) = from_json(&json, field.ty())
    {
        return value;
    }
    let day = civil::date(2026, 3, 2);
    let one = match ty.scalar {
        Scalar::Number => Value::Number(1.into()),
        Scalar::YesNo => Value::Bool(true),
        Scalar::Phone => Phone::from_digits(79_000_000_010).map_or(Value::Missing, Value::Phone),
        Scalar::Duration => Value::Duration(Seconds(60)),
        Scalar::Moment => {
            let noon = day.to_datetime(civil::time(12, 0, 0, 0));
            Moment::from_civil(noon, jiff::tz::Offset::UTC).map_or(Value::Missing, Value::Moment)
        }
        Scalar::Date => Value::Date(day),
        Scalar::Time => Value::Time(civil::time(12, 0, 0, 0)),
        Scalar::Enum(of) => of.values().next().map_or(Value::Missing, Value::Enum),
        _ => Value::text("text"),
    };
    if ty.list { Value::list([one]) } else { one }
}
