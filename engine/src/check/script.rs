//! Scripts: what rules declare of them, held against what they are.

use std::sync::Arc;

use smol_str::SmolStr;
use switchboard_grammar::ast::{self, FailureMode, ScriptLine, TypeKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Label, Text};
use switchboard_grammar::source::FileId;

use super::checker::{Checker, Placed, problem};
use super::ctx::Ctx;
use super::policy::{PolicyDecl, Written};
use super::scope::FunctionDecl;
use super::script_lists::Asked;
use super::unknown::Candidates;
use crate::program::{Function, Functions, Place, PolicyRule, Slots};
use crate::script::{Policy, Script, ScriptHost, Signature, SignatureProblem};
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
    policies: Vec<PolicyDecl>,
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
        let mut policies = Vec::new();
        for line in &script.lines {
            match &line.item {
                ScriptLine::Function { name, parameters, gives, .. } => {
                    self.declare_function(section, name, parameters, gives, &ctx);
                }
                ScriptLine::OnFailure { mode, .. } => park = *mode == FailureMode::Park,
                ScriptLine::Policy { word, hook, events, by, needs, .. } => {
                    let by = by.as_ref().map(|(_, name)| name);
                    let written = Written { word, hook, events, by, needs };
                    policies.extend(self.policy(placed, &written, &policies));
                }
            }
        }
        self.scripts.sections.push(ScriptDecl { section, source, park, policies });
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

    /// Compiles the scripts and holds them against their declarations; gives the policies with their events, in the order
    /// of the files.
    pub(crate) fn compile_scripts(&mut self) -> (Functions, Vec<(Slots, PolicyRule)>) {
        let host = ScriptHost::new(self.options.scripts, self.options.timer.clone())
            .with_gauge(self.options.gauge.clone());
        let mut scripts: Vec<Script> = Vec::new();
        let mut functions: Vec<Option<Function>> = vec![None; self.scope.functions.len()];
        let mut policies = Vec::new();
        let mut asked = Asked::default();
        for decl in std::mem::take(&mut self.scripts.sections) {
            let Some((file, text)) = &decl.source else { continue };
            match host.compile(*file, text) {
                Err(found) => self.found.extend(found),
                Ok(mut script) => {
                    script.path =
                        self.sources.get(*file).map(|source| source.name().to_owned()).unwrap_or_default();
                    self.found.extend(script.warnings.iter().cloned());
                    self.hold_against(&script, *file, &decl, scripts.len(), &mut functions);
                    let before = self.found.len();
                    self.policies(&script, (*file, text), &decl, scripts.len(), &mut policies);
                    let told = self.found.get(before..).unwrap_or_default();
                    let told: Vec<_> = told.iter().map(|found| found.primary.span).collect();
                    let unknown = script.unknown_methods.iter();
                    let unknown = unknown.filter(|found| !told.contains(&found.primary.span));
                    self.found.extend(unknown.cloned());
                    self.lists_asked(&script, *file, text, &mut asked);
                    scripts.push(script);
                }
            }
        }
        self.give_lists(&mut scripts, asked);
        let functions = functions.into_iter().flatten().collect();
        (Functions::new(host, scripts, functions), policies)
    }

    /// Holds the policies of a section against its script.
    fn policies(
        &mut self,
        script: &Script,
        (file, text): (FileId, &str),
        decl: &ScriptDecl,
        number: usize,
        policies: &mut Vec<(Slots, PolicyRule)>,
    ) {
        for policy in &decl.policies {
            let any = Type::of(Scalar::Any);
            let parameters: Vec<(SmolStr, Type)> =
                ["event", "proposal", "facts"].map(|name| (name.into(), any)).to_vec();
            let name = policy.function.clone();
            let signature = Signature { name: name.clone(), parameters: parameters.clone(), gives: any };
            if let Err(error) = script.check(&signature) {
                let span = policy.function_span;
                let function = FunctionDecl { section: decl.section, name, span, parameters, gives: any };
                self.signature_differs(&function, file, &error);
                continue;
            }
            let slots = policy.events.slots;
            let looked =
                Policy { function: &policy.function, hook: policy.hook, slots, needs: &policy.needs };
            let (found, reads) = script.look_through(&looked, file, text);
            self.found.extend(found);
            let place = Place { section: u32::try_from(decl.section).unwrap_or(u32::MAX), line: policy.line };
            policies.push((
                slots,
                PolicyRule {
                    place,
                    hook: policy.hook,
                    script: number,
                    function: policy.function.clone(),
                    unreached: policy.events.unreached,
                    reached: policy.events.reached,
                    needs: Arc::clone(&policy.needs),
                    park: decl.park,
                    reads,
                },
            ));
        }
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
