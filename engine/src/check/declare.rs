//! First pass: who is called what. Fills the [`Scope`](super::scope::Scope) and reports names that clash.

use smol_str::SmolStr;
use switchboard_grammar::ast::{self, SectionKind};
use switchboard_grammar::codes::{self, Code};
use switchboard_grammar::diagnostic::{Label, Safety, Text};
use switchboard_grammar::span::Span;

use super::checker::{Checker, Placed, problem, write_instead};
use super::ctx::Ctx;
use super::events;
use super::scope::{Decl, ListDecl, ScheduleDecl, SettingDecl, TableDecl};
use crate::catalog::{self, schema};
use crate::program::{Slot, Slots};
use crate::schema::Spelling;

impl<'a> Checker<'a> {
    /// Declares everything that has a name.
    pub(crate) fn declare(&mut self) {
        for (number, placed) in self.sections.clone().into_iter().enumerate() {
            match &placed.section.kind {
                SectionKind::Table(table) => self.declare_table(number, placed, table),
                SectionKind::Settings(settings) => self.declare_settings(number, placed, settings),
                SectionKind::List(list) => self.declare_list(number, placed, list),
                SectionKind::Schedule(schedule) => self.declare_schedule(number, placed, schedule),
                SectionKind::Script(script) => self.declare_script(number, placed, script),
                SectionKind::Include(_)
                | SectionKind::Filter(_)
                | SectionKind::Task(_)
                | SectionKind::Fields(_)
                | SectionKind::Transfer(_)
                | SectionKind::Unknown => {}
            }
        }
        self.single_sections();
    }

    fn declare_table(&mut self, section: usize, placed: Placed<'a>, table: &'a ast::Table) {
        let Some(written) = &table.name else { return };
        let slots = self.plain_events(placed.file, table.events.as_ref());
        let ctx = Ctx::new(placed.file, placed.lang, slots);
        let known = catalog::result_table(&written.text);
        let name = known.map_or_else(|| written.text.clone(), |known| known.name.into());
        if let Some(known) = known {
            let right = ctx.lang.pick(known.name, known.ru);
            if written.text != right {
                self.foreign_name(&ctx, written.span, right);
            }
        }
        self.refuse_field_name(&ctx, &written.text, written.span);
        self.refuse_second(&ctx, &name, written.span, slots);
        if name == catalog::ENTITIES.name && table.events.is_some() && slots.has(Slot::Order) {
            self.orders_create_nothing(&ctx, written.span);
        }
        if name == catalog::FORWARD.name && table.events.is_some() && slots.and(Slots::CALLS) != slots {
            self.only_calls_are_forwarded(&ctx, written.span);
        }
        self.scope.add_table(TableDecl {
            section,
            name,
            slots,
            ast: table,
            columns: None,
            depth: 0,
            used: known.is_some(),
        });
    }

    fn orders_create_nothing(&mut self, ctx: &Ctx, span: Span) {
        self.report(
            problem(
                &codes::FIELD_NOT_ON_THIS_EVENT,
                ctx,
                span,
                Text::new("an order creates nothing", "заказ ничего не создаёт"),
                Text::new("this table is for communications", "эта таблица — для обращений"),
            )
            .note(Text::new(
                "what becomes of orders stands in `transfer orders`",
                "что происходит с заказами, пишется в разделе `передача заказов`",
            )),
        );
    }

    fn only_calls_are_forwarded(&mut self, ctx: &Ctx, span: Span) {
        self.report(problem(
            &codes::FIELD_NOT_ON_THIS_EVENT,
            ctx,
            span,
            Text::new("only calls are put through", "переводятся только звонки"),
            Text::new("this table is for incoming calls", "эта таблица — для входящих звонков"),
        ));
    }

    fn declare_settings(&mut self, section: usize, placed: Placed<'a>, settings: &'a ast::Settings) {
        let slots = self.plain_events(placed.file, settings.events.as_ref());
        let ctx = Ctx::new(placed.file, placed.lang, slots);
        for line in &settings.lines {
            let written = &line.item.name;
            let known = slots.kinds().find_map(|kind| schema().find_setting(kind, &written.text));
            let name = known.map_or_else(|| written.text.clone(), |known| known.setting.spec.name.into());
            if let Some(known) = known
                && !ctx.speaks(known.spelling)
            {
                self.foreign_name(
                    &ctx,
                    written.span,
                    ctx.lang.pick(known.setting.spec.name, known.setting.spec.ru),
                );
            }
            if known.is_none() {
                self.refuse_field_name(&ctx, &written.text, written.span);
            }
            self.refuse_second(&ctx, &name, written.span, slots);
            self.scope.add_setting(SettingDecl {
                section,
                name,
                spec: known.map(|known| known.setting.spec),
                slots,
                ast: &line.item,
                span: line.span,
                value: None,
                longest: None,
                depth: 0,
                used: known.is_some(),
            });
        }
    }

    fn declare_list(&mut self, section: usize, placed: Placed<'a>, list: &'a ast::List) {
        let Some(written) = &list.name else { return };
        let ctx = Ctx::new(placed.file, placed.lang, Slots::NONE);
        let clash = self.scope.schedule(&written.text).and_then(|at| self.scope.schedules.get(at));
        if let Some((section, name)) = clash.map(|clash| (clash.section, clash.name.clone())) {
            self.duplicate(&ctx, &name, written.span, section);
        }
        let values = self.list_values(&ctx, list);
        let decl = ListDecl {
            section,
            name: written.text.clone(),
            values,
            used: false,
            asked: Vec::new(),
            held: Vec::new(),
        };
        if let Some(first) = self.scope.add_list(decl).map(|first| first.section) {
            self.duplicate(&ctx, &written.text, written.span, first);
        }
    }

    fn declare_schedule(&mut self, section: usize, placed: Placed<'a>, schedule: &'a ast::Schedule) {
        let Some(written) = &schedule.name else { return };
        let ctx = Ctx::new(placed.file, placed.lang, Slots::NONE);
        let clash = self.scope.list(&written.text).and_then(|at| self.scope.lists.get(at));
        if let Some((section, name)) = clash.map(|clash| (clash.section, clash.name.clone())) {
            self.duplicate(&ctx, &name, written.span, section);
        }
        let decl = ScheduleDecl { section, name: written.text.clone(), ast: schedule, used: false };
        if let Some(first) = self.scope.add_schedule(decl).map(|first| first.section) {
            self.duplicate(&ctx, &written.text, written.span, first);
        }
    }

    /// A table or setting must not be called what a field of its events is called already.
    fn refuse_field_name(&mut self, ctx: &Ctx, name: &str, span: Span) {
        let Some(kind) = ctx.slots.kinds().find(|kind| schema().find_field(*kind, name).is_some()) else {
            return;
        };
        self.report(problem(
            &codes::DUPLICATE_NAME,
            ctx,
            span,
            Text::new(
                format!("`{name}` is already a field of {}", kind.plural_en()),
                format!("`{name}` — это уже поле для {}", kind.plural_ru()),
            ),
            Text::new("take another name", "возьмите другое имя"),
        ));
    }

    /// Two tables or settings of one name must be for different events.
    fn refuse_second(&mut self, ctx: &Ctx, name: &str, span: Span, slots: Slots) {
        let first = self.scope.named(name).iter().copied();
        let first = first.filter(|decl| !self.scope.slots(*decl).and(slots).is_empty()).min();
        let section = match first {
            Some(Decl::Table(at)) => self.scope.tables.get(at).map(|table| table.section),
            Some(Decl::Setting(at)) => self.scope.settings.get(at).map(|setting| setting.section),
            None => None,
        };
        if let Some(section) = section {
            self.duplicate(ctx, name, span, section);
        }
    }

    /// Reports a second thing of a name; `first` is the section of the first one.
    pub(crate) fn duplicate(&mut self, ctx: &Ctx, name: &str, span: Span, first: usize) {
        let mut found = problem(
            &codes::DUPLICATE_NAME,
            ctx,
            span,
            Text::new(format!("`{name}` is declared twice"), format!("`{name}` объявлено дважды")),
            Text::new("the second one", "второй раз — здесь"),
        );
        if let Some(first) = self.sections.get(first) {
            found = found.label(Label::new(
                first.file,
                self.name_in(first, name).unwrap_or(first.section.head),
                Text::new("the first one", "первый раз — здесь"),
            ));
        }
        self.report(found);
    }

    /// Where a section declares a name.
    fn name_in(&self, placed: &Placed<'_>, name: &str) -> Option<Span> {
        match &placed.section.kind {
            SectionKind::Table(table) => table.name.as_ref().map(|name| name.span),
            SectionKind::List(list) => list.name.as_ref().map(|name| name.span),
            SectionKind::Schedule(schedule) => schedule.name.as_ref().map(|name| name.span),
            SectionKind::Settings(settings) => {
                let canonical = |written: &ast::Name| {
                    let known = events::slots(settings.events.as_ref())
                        .kinds()
                        .find_map(|kind| schema().find_setting(kind, &written.text));
                    known.map_or(written.text.as_str(), |known| known.setting.spec.name) == name
                };
                settings
                    .lines
                    .iter()
                    .map(|line| &line.item.name)
                    .find(|found| canonical(found))
                    .map(|found| found.span)
            }
            SectionKind::Script(script) => script.lines.iter().find_map(|line| match &line.item {
                ast::ScriptLine::Function { name: found, .. } if found.text == name => Some(found.span),
                _ => None,
            }),
            _ => None,
        }
    }

    /// Reports a name that is written in the other language, or as UIS has it.
    pub(crate) fn foreign_name(&mut self, ctx: &Ctx, span: Span, right: &str) {
        self.foreign_spelling(ctx, span, right, None);
    }

    /// The same, where it is known how it is spelt.
    pub(crate) fn foreign_spelling(
        &mut self,
        ctx: &Ctx,
        span: Span,
        right: &str,
        spelling: Option<Spelling>,
    ) {
        let written = self.text(ctx.file, span);
        let original = spelling == Some(Spelling::Original);
        let label = if original {
            Text::new("its name in UIS or RetailCRM", "так это называется в UIS или RetailCRM")
        } else {
            Text::new("its name in the other language", "имя из другого языка")
        };
        let message = if original {
            Text::new(
                format!("in rules `{written}` is called `{right}`"),
                format!("в правилах `{written}` называется `{right}`"),
            )
        } else {
            Text::new(
                format!("in an English file `{written}` is called `{right}`"),
                format!("в русском файле `{written}` называется `{right}`"),
            )
        };
        let message = match (original, ctx.lang) {
            (false, switchboard_grammar::lang::Lang::Ru) => {
                Text::new(format!("in a Russian file `{written}` is called `{right}`"), message.ru)
            }
            (false, switchboard_grammar::lang::Lang::En) => {
                Text::new(message.en, format!("в английском файле `{written}` называется `{right}`"))
            }
            (true, _) => message,
        };
        self.report(problem(&codes::FOREIGN_NAME, ctx, span, message, label).fix(write_instead(
            ctx,
            span,
            right,
            Safety::Safe,
        )));
    }

    /// Filters, settings and `transfer orders`: one for each slot.
    fn single_sections(&mut self) {
        let mut filters: [Option<usize>; Slot::ALL.len()] = [None; Slot::ALL.len()];
        let mut settings = filters;
        let mut transfer = None;
        for (number, placed) in self.sections.clone().into_iter().enumerate() {
            match &placed.section.kind {
                SectionKind::Filter(filter) if filter.events.is_some() => {
                    self.single(number, placed, filter.events.as_ref(), &mut filters);
                }
                SectionKind::Settings(of) if of.events.is_some() => {
                    self.single(number, placed, of.events.as_ref(), &mut settings);
                }
                SectionKind::Transfer(_) => match transfer {
                    None => transfer = Some(number),
                    Some(first) => self.second_section(placed, first, Slots::NONE),
                },
                _ => {}
            }
        }
    }

    fn single(
        &mut self,
        number: usize,
        placed: Placed<'a>,
        of: Option<&ast::Events>,
        taken: &mut [Option<usize>; Slot::ALL.len()],
    ) {
        let mut twice: Option<(usize, Slots)> = None;
        for slot in events::slots(of).iter() {
            let Some(place) = taken.get_mut(slot.index()) else { continue };
            match *place {
                None => *place = Some(number),
                Some(first) => {
                    let (_, slots) = twice.get_or_insert((first, Slots::NONE));
                    *slots = slots.or(Slots::one(slot));
                }
            }
        }
        if let Some((first, slots)) = twice {
            self.second_section(placed, first, slots);
        }
    }

    fn second_section(&mut self, placed: Placed<'a>, first: usize, slots: Slots) {
        let ctx = Ctx::new(placed.file, placed.lang, slots);
        let head = self.text(placed.file, placed.section.head).trim().to_owned();
        let (en, ru) = if slots.is_empty() {
            (format!("there is a second `{head}`"), format!("раздел `{head}` встретился второй раз"))
        } else {
            (
                format!("`{head}` is the second such section for {}", slots.to_en()),
                format!("`{head}` — второй такой раздел для {}", slots.to_ru()),
            )
        };
        let code: &'static Code = &codes::DUPLICATE_SECTION;
        let mut found = problem(
            code,
            &ctx,
            placed.section.head,
            Text::new(en, ru),
            Text::new("only one is allowed", "допускается только один"),
        );
        if let Some(first) = self.sections.get(first) {
            found = found.label(Label::new(
                first.file,
                first.section.head,
                Text::new("the first one", "первый — здесь"),
            ));
        }
        self.report(found);
    }

    /// The canonical name of a table or setting as written somewhere.
    pub(crate) fn canonical(&self, written: &str, slots: Slots) -> SmolStr {
        if !self.scope.named(written).is_empty() {
            return written.into();
        }
        let table = catalog::result_table(written).map(|table| table.name);
        let setting = || slots.kinds().find_map(|kind| schema().find_setting(kind, written));
        table.or_else(|| setting().map(|found| found.setting.spec.name)).unwrap_or(written).into()
    }
}
