//! `duplicate-risk`: chats without a phone and an e-mail are let through, and each makes a client of its own.
//!
//! The CRM has nothing to know such a visitor by, so a person who writes three times is three clients with three orders.

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Label, Text};

use super::Rules;
use crate::program::Expr;
use crate::value::Value;

const SETTING: &str = "pass_without_contacts";

/// Finds them.
pub(super) fn find(rules: &Rules<'_, '_>) -> Vec<Diagnostic> {
    let settings = rules.checker.scope.settings.iter();
    let risky = settings.filter(|setting| {
        let is_on = matches!(&setting.value, Some((Expr::Const(Value::Bool(true)), _)));
        is_on && setting.spec.is_some_and(|spec| spec.name == SETTING)
    });
    let report = |section: usize, name: &str, span| {
        let placed = rules.checker.sections.get(section)?;
        Some(
            Diagnostic::new(
                &codes::DUPLICATE_RISK,
                Text::new(
                    format!("`{name}` makes a new client of every chat whose visitor left no contact"),
                    format!("с `{name}` каждый чат без контактов создаст нового клиента"),
                ),
                Label::new(
                    placed.file,
                    span,
                    Text::new(
                        "who writes again without a contact is a new client again",
                        "кто снова напишет без контактов, снова станет новым клиентом",
                    ),
                ),
            )
            .note(Text::new(
                "leave the setting out: the client is made as soon as a phone or an e-mail is left",
                "уберите настройку: клиент появится, как только оставят телефон или почту",
            )),
        )
    };
    risky
        .filter_map(|setting| report(setting.section, &setting.ast.name.text, setting.ast.name.span))
        .collect()
}
