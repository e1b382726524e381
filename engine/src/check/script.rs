//! Scripts: what rules declare of them, held against what they are.

use smol_str::SmolStr;
use switchboard_grammar::ast::{self, FailureMode, ScriptLine, TypeKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Label, Text};
use switchboard_grammar::source::FileId;
use switchboard_grammar::span::Span;

use super::checker::{Checker, Placed, problem};
use super::ctx::Ctx;
use super::scope::FunctionDecl;
use super::unknown::Candidates;
use crate::program::{Function, Functions, Slots};
use crate::script::{Script, ScriptHost, Signature, SignatureProblem};
use crate::ty::{ReferenceKind, Scalar, Type};

/// The `script` sections, in order.
#[derive(Default)]
pub(crate) struct Scripts {
    sections: Vec<ScriptDecl>,
}

struct ScriptDecl {
    section: usize,
    /// The file's text and id; None when there is no such file.
    source: Option<(FileId, String)>,
    park: bool,
}

impl<'a> Checker<'a> {
    /// Declares the functions of a script.
    pub(crate) fn declare_script(&mut self, section: usize, placed: Placed<'a>, script: &'a ast::Script) {
        let ctx = Ctx::new(placed.file, placed.lang, Slots::NONE);
        let source = script.path.as_ref().and_then(|path| {
            let bytes = self.asset(path, ".rhai", &ctx)?;
            let file = self.sources.find(path.plain()?)?;
            let text = self.sources.get(file)?.text();
            // The source map holds readable text whatever the bytes were; a script that is not UTF-8 was reported.
            std::str::from_utf8(bytes).is_ok().then(|| (file, text.to_owned()))
        });
        let mut park = false;
        for line in &script.lines {
            match &line.item {
                ScriptLine::Function { name, parameters, gives, .. } => {
                    self.declare_function(section, name, parameters, gives, &ctx);
                }
                ScriptLine::OnFailure { mode, .. } => park = *mode == FailureMode::Park,
                ScriptLine::Policy { word, hook, events, .. } => {
                    self.no_policies(word.span.cover(hook.span).cover(events.span), &ctx);
                }
            }
        }
        self.scripts.sections.push(ScriptDecl { section, source, park });
    }

    fn declare_function(
        &mut self,
        section: usize,
        name: &ast::Name,
        parameters: &[ast::Parameter],
        gives: &ast::TypeRef,
        ctx: &Ctx,
    ) {
        let parameters: Vec<Option<(SmolStr, Type)>> = parameters
            .iter()
            .map(|parameter| Some((parameter.name.text.clone(), self.type_of(&parameter.ty, ctx)?)))
            .collect();
        let gives = self.type_of(gives, ctx);
        let (Some(parameters), Some(gives)) = (parameters.into_iter().collect::<Option<Vec<_>>>(), gives)
        else {
            self.scope.broken_functions.insert(name.text.clone());
            return;
        };
        let decl = FunctionDecl { section, name: name.text.clone(), span: name.span, parameters, gives };
        if let Some(first) = self.scope.add_function(decl).map(|first| first.section) {
            self.duplicate(ctx, &name.text, name.span, first);
        }
    }

    /// A declared type. None after a report.
    fn type_of(&mut self, written: &ast::TypeRef, ctx: &Ctx) -> Option<Type> {
        let scalar = match &written.kind {
            TypeKind::Text(_) => Scalar::Text,
            TypeKind::Number(_) => Scalar::Number,
            TypeKind::YesNo(_) => Scalar::YesNo,
            TypeKind::Phone(_) => Scalar::Phone,
            TypeKind::Duration(_) => Scalar::Duration,
            TypeKind::Moment(_) => Scalar::Moment,
            TypeKind::Date(_) => Scalar::Date,
            TypeKind::Time(_) => Scalar::Time,
            TypeKind::Named(name) => match Type::from_name(&name.text) {
                Some(scalar) => scalar,
                None => {
                    self.unknown_type(name, ctx);
                    return None;
                }
            },
        };
        Some(Type { scalar, list: written.list.is_some(), optional: written.optional })
    }

    fn unknown_type(&mut self, name: &ast::Name, ctx: &Ctx) {
        let plain = ["text", "number", "yes/no", "phone", "duration", "moment", "date", "time"];
        let references = ReferenceKind::types().map(|kind| ctx.lang.pick(kind.en(), kind.ru()));
        let found = problem(
            &codes::UNKNOWN_VALUE,
            ctx,
            name.span,
            Text::new(format!("there is no type `{}`", name.text), format!("нет типа `{}`", name.text)),
            Text::new("not a type of values", "такого типа значений нет"),
        )
        .note(Text::new(
            format!("the types are {}", plain.join(", ")),
            "типы: текст, число, да/нет, телефон, длительность, момент, дата, время".to_owned(),
        ));
        let mut candidates = Candidates::default();
        candidates.add_all(plain.into_iter().chain(references));
        let found = match self.search(&name.text, |_| candidates) {
            Some(meant) => super::unknown::offer(found, ctx, name.span, &meant),
            None => found,
        };
        self.report(found);
    }

    fn no_policies(&mut self, span: Span, ctx: &Ctx) {
        self.report(
            problem(
                &codes::POLICY_UNAVAILABLE,
                ctx,
                span,
                Text::new("policies are not available yet", "политики пока не поддерживаются"),
                Text::new("nothing would run it", "её никто не выполнит"),
            )
            .note(Text::new(
                "declare a `function` and call it where a value may stand",
                "объявите `функция` и вызовите её там, где может стоять значение",
            )),
        );
    }

    /// Compiles the scripts and holds them against their declarations.
    pub(crate) fn compile_scripts(&mut self) -> Functions {
        let host = ScriptHost::new(self.options.scripts, self.options.timer.clone())
            .with_gauge(self.options.gauge.clone());
        let mut scripts: Vec<Script> = Vec::new();
        let mut functions: Vec<Option<Function>> = vec![None; self.scope.functions.len()];
        for decl in std::mem::take(&mut self.scripts.sections) {
            let Some((file, text)) = &decl.source else { continue };
            match host.compile(*file, text) {
                Err(found) => self.found.extend(found),
                Ok(script) => {
                    self.hold_against(&script, *file, &decl, scripts.len(), &mut functions);
                    scripts.push(script);
                }
            }
        }
        let functions = functions.into_iter().flatten().collect();
        Functions::new(host, scripts, functions)
    }

    fn hold_against(
        &mut self,
        script: &Script,
        file: FileId,
        decl: &ScriptDecl,
        number: usize,
        functions: &mut [Option<Function>],
    ) {
        for (at, function) in self.scope.functions.clone().into_iter().enumerate() {
            if function.section != decl.section {
                continue;
            }
            let signature = Signature {
                name: function.name.clone(),
                parameters: function.parameters.clone(),
                gives: function.gives,
            };
            match script.check(&signature) {
                Ok(()) => {
                    if let Some(place) = functions.get_mut(at) {
                        *place = Some(Function { script: number, signature, park: decl.park });
                    }
                }
                Err(error) => self.signature_differs(&function, file, &error),
            }
        }
    }

    fn signature_differs(&mut self, function: &FunctionDecl, script: FileId, error: &SignatureProblem) {
        let Some(placed) = self.sections.get(function.section) else { return };
        let ctx = Ctx::new(placed.file, placed.lang, Slots::NONE);
        let name = &function.name;
        let found = |message: Text, label: Text| {
            problem(&codes::SCRIPT_SIGNATURE, &ctx, function.span, message, label)
        };
        let diagnostic = match error {
            SignatureProblem::Missing { suggestion } => {
                let diagnostic = found(
                    Text::new(
                        format!("the script has no function `{name}`"),
                        format!("в скрипте нет функции `{name}`"),
                    ),
                    Text::new("declared here", "объявлена здесь"),
                );
                match suggestion {
                    Some(near) => diagnostic.note(Text::new(
                        format!("did you mean `{near}`?"),
                        format!("возможно, имелось в виду `{near}`?"),
                    )),
                    None => diagnostic,
                }
            }
            SignatureProblem::Parameters { found: taken, span } => {
                let declared = function.parameters.len();
                let values = if *taken == 1 { "value" } else { "values" };
                found(
                    Text::new(
                        format!(
                            "`{name}` takes {taken} {values} in the script, but is declared with {declared}"
                        ),
                        format!("`{name}` принимает в скрипте значений: {taken}, а объявлено: {declared}"),
                    ),
                    Text::new("declared here", "объявлена здесь"),
                )
                .label(Label::new(
                    script,
                    *span,
                    Text::new("defined here", "определена здесь"),
                ))
            }
        };
        self.report(diagnostic);
    }
}
