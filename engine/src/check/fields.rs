//! Fields of the CRM and what is written there.

use smol_str::SmolStr;
use switchboard_grammar::ast::{self, FieldsTarget};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Label, Text};
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use crate::decide::Entity;
use crate::program::{FieldRule, Slot, Slots};
use crate::ty::ReferenceKind;

/// A field that some line writes, for finding a second one.
pub(crate) struct Written {
    entity: Entity,
    code: SmolStr,
    slots: Slots,
    file: switchboard_grammar::source::FileId,
    span: Span,
}

impl Checker<'_> {
    /// Checks a `fields` section; with the slots that it is for.
    pub(crate) fn fields(&mut self, section: usize, fields: &ast::FieldsSection) -> (Slots, Vec<FieldRule>) {
        let Some(placed) = self.sections.get(section).copied() else { return (Slots::NONE, Vec::new()) };
        let slots = self.plain_events(placed.file, fields.events.as_ref());
        let ctx = Ctx::new(placed.file, placed.lang, slots);
        let entity = match fields.target {
            Some((FieldsTarget::Order, _)) => Entity::Order,
            Some((FieldsTarget::Client, _)) | None => Entity::Client,
        };
        if fields.events.is_some() && slots.has(Slot::Order) {
            self.order_fields(placed.section.head, &ctx);
        }
        let mut rules = Vec::with_capacity(fields.lines.len());
        for line in &fields.lines {
            let code = &line.item.code;
            self.written_once(entity, code, slots, &ctx);
            let kind = match entity {
                Entity::Client => ReferenceKind::ClientField,
                Entity::Order => ReferenceKind::OrderField,
            };
            self.known_reference(kind, &code.text, code.span, &ctx);
            if let Some(typed) = self.value(&line.item.value, None, &ctx) {
                rules.push(FieldRule {
                    section: u32::try_from(section).unwrap_or(u32::MAX),
                    line: self.line(ctx.file, line.span),
                    entity,
                    code: code.text.clone(),
                    value: typed.expr,
                    always: line.item.always.is_some(),
                });
            }
        }
        (slots, rules)
    }

    /// Orders are only passed on to UIS; their fields in the CRM are not written.
    fn order_fields(&mut self, head: Span, ctx: &Ctx) {
        self.report(
            problem(
                &codes::FIELD_NOT_ON_THIS_EVENT,
                ctx,
                head,
                Text::new(
                    "fields are written for calls, chats and requests, not for orders",
                    "поля записываются для звонков, чатов и заявок, но не для заказов",
                ),
                Text::new("orders are only passed on to UIS", "заказы только передаются в UIS"),
            )
            .note(Text::new(
                "what to pass on stands in `transfer orders`, after `pass:`",
                "что передавать, пишется в разделе `передача заказов`, после `передавать:`",
            )),
        );
    }

    /// Two lines for one field of the same events: the later one would win without anybody seeing it.
    fn written_once(&mut self, entity: Entity, code: &ast::Name, slots: Slots, ctx: &Ctx) {
        let first = self.written.iter().find(|written| {
            written.entity == entity && written.code == code.text && !written.slots.and(slots).is_empty()
        });
        if let Some(first) = first {
            let found = problem(
                &codes::FIELD_WRITTEN_TWICE,
                ctx,
                code.span,
                Text::new(
                    format!("`{}` is written from two sources", code.text),
                    format!("в `{}` пишут из двух источников", code.text),
                ),
                Text::new("this line wins", "победит эта строка"),
            )
            .label(Label::new(
                first.file,
                first.span,
                Text::new("the first one", "первый — здесь"),
            ));
            self.report(found);
        }
        self.written.push(Written {
            entity,
            code: code.text.clone(),
            slots,
            file: ctx.file,
            span: code.span,
        });
    }
}
