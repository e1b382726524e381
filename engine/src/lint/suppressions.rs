//! Suppressions: `# rules: allow NAME – reason`.
//!
//! One above a line covers the line, one above a section the section. Only what is a judgement can be allowed:
//! warnings, notes, and `secret-in-rules`; a bundle with other errors cannot run, whatever the comment says.
//! A suppression that hides nothing is reported, so that none outlives its reason.

use switchboard_grammar::ast::{self, Name};
use switchboard_grammar::codes::{self, Code};
use switchboard_grammar::diagnostic::{Diagnostic, Fix, Label, Safety, Severity, Text};
use switchboard_grammar::source::FileId;
use switchboard_grammar::span::Span;

use crate::suggest::{near, sentence};

/// One name of one suppression.
struct Allowed<'a> {
    file: FileId,
    name: &'a Name,
    /// The whole comment.
    comment: Span,
    covers: Span,
    code: Option<&'static Code>,
    reason: bool,
    hides: bool,
}

/// Takes out what is allowed and reports what is wrong with the allowing.
pub(crate) fn suppress(files: &[(FileId, ast::File)], found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut allowed = Vec::new();
    for (file, tree) in files {
        for section in &tree.sections {
            for (comment, suppression, covers) in section.suppressions() {
                allowed.extend(suppression.names.iter().map(|name| Allowed {
                    file: *file,
                    name,
                    comment: comment.span,
                    covers,
                    code: Code::find(&name.text),
                    reason: suppression.reason.is_some(),
                    hides: false,
                }));
            }
        }
    }
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(found.len());
    for diagnostic in found {
        let covering = allowed.iter_mut().filter(|allowed| covers(allowed, &diagnostic));
        let mut hidden = false;
        for allowed in covering {
            allowed.hides = true;
            hidden = true;
        }
        if !hidden {
            kept.push(diagnostic);
        }
    }
    let already: Vec<(FileId, Span)> = kept
        .iter()
        .filter(|found| {
            *found.code == codes::SUPPRESSION_WITHOUT_REASON || *found.code == codes::UNKNOWN_SUPPRESSION
        })
        .map(|found| (found.primary.file, found.primary.span))
        .collect();
    kept.extend(allowed.iter().filter_map(|allowed| complaint(allowed, &already)));
    kept
}

fn covers(allowed: &Allowed<'_>, found: &Diagnostic) -> bool {
    let judgement = found.severity < Severity::Error || *found.code == codes::SECRET_IN_RULES;
    judgement
        && allowed.reason
        && allowed.code.is_some_and(|code| code == found.code)
        && allowed.file == found.primary.file
        && allowed.covers.contains(found.primary.span)
}

/// What is wrong with a suppression, if anything is; the parser may have told already.
fn complaint(allowed: &Allowed<'_>, already: &[(FileId, Span)]) -> Option<Diagnostic> {
    let told = already.iter().any(|(file, span)| {
        *file == allowed.file && (allowed.comment.contains(*span) || span.contains(allowed.comment))
    });
    if told {
        return None;
    }
    let name = &allowed.name.text;
    let here = |label| Label::new(allowed.file, allowed.name.span, label);
    let Some(code) = allowed.code else {
        let mut found = Diagnostic::new(
            &codes::UNKNOWN_SUPPRESSION,
            Text::new(format!("there is no finding `{name}`"), format!("нет сообщения `{name}`")),
            here(Text::new("not the name of a finding", "не имя сообщения")),
        );
        if let Some(near) = near(name, codes::ALL.iter().map(|code| code.name)) {
            found = found.note(sentence(near.likeness, near.name)).fix(Fix::replace(
                Safety::Unsafe,
                Text::new(format!("write `{}`", near.name), format!("написать `{}`", near.name)),
                allowed.file,
                allowed.name.span,
                near.name,
            ));
        }
        return Some(found);
    };
    if !allowed.reason {
        return Some(
            Diagnostic::new(
                &codes::SUPPRESSION_WITHOUT_REASON,
                Text::new("this does not say why it is allowed", "здесь не сказано, почему это допустимо"),
                here(Text::new("a reason is needed", "нужна причина")),
            )
            .note(Text::new(
                format!("write `# rules: allow {name} – why`"),
                format!("напишите `# rules: allow {name} – почему`"),
            )),
        );
    }
    if allowed.hides {
        return None;
    }
    let cannot = code.severity == Severity::Error && *code != codes::SECRET_IN_RULES;
    let note = if cannot {
        Text::new("errors cannot be allowed: mend them", "ошибки разрешить нельзя: их исправляют")
    } else {
        Text::new("take the comment out", "уберите этот комментарий")
    };
    Some(
        Diagnostic::new(
            &codes::NEEDLESS_SUPPRESSION,
            Text::new(
                format!("there is no `{name}` here to allow"),
                format!("здесь нет `{name}`, разрешать нечего"),
            ),
            here(Text::new("hides nothing", "ничего не скрывает")),
        )
        .note(note),
    )
}
