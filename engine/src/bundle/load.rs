//! Loading: from files to a bundle.
//!
//! The entry is read first, then what it includes, each file once; all of it is checked as one. The order of
//! files in the result, and with it the order of sections, is the order in which they were reached.

use std::collections::BTreeSet;
use std::sync::Arc;

use switchboard_grammar::ast::{self, SectionKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Label, Severity, Text};
use switchboard_grammar::parse_file;
use switchboard_grammar::source::{FileId, Source, SourceMap, decode};
use switchboard_grammar::span::Span;

use super::{Bundle, BundleSource, LoadOptions, Loaded};
use crate::check::{Checked, check, problem_in};
use crate::limits::{MAX_BUNDLE_BYTES, MAX_DIAGNOSTICS, MAX_FILES, MAX_LIST_BYTES};
use crate::lint::suppress;
use crate::suggest::{near, sentence};

/// Parses, checks and compiles a bundle.
///
/// ```
/// use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
/// use switchboard_engine::event::Event;
/// use switchboard_engine::facts::Facts;
///
/// let source = BundleSource::single("rules 1\n\nfilter for incoming calls\n  reject when source is \"Spam\"\n  else accept\n");
/// let loaded = load(&source, &LoadOptions::default());
/// assert!(loaded.diagnostics.is_empty());
/// let bundle = loaded.bundle.ok_or("refused")?;
///
/// let event = serde_json::json!({"kind": "call", "direction": "incoming", "source": "spam"});
/// let event = Event::from_json(&event).map_err(|_| "no event")?;
/// let decision = bundle.decide(&event, &Facts::none(), "2026-03-02T12:00:00Z".parse()?);
/// assert!(!decision.accepted);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A bundle with an error is refused; everything that is wrong is told:
///
/// ```
/// use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
///
/// let source = BundleSource::single("rules 1\n\nfilter for calls\n  accept when campain is \"Brand\"\n  else reject\n");
/// let loaded = load(&source, &LoadOptions::default());
/// assert!(loaded.bundle.is_none());
/// assert_eq!(loaded.diagnostics[0].notes[0].en, "did you mean `campaign`?");
/// ```
pub fn load(source: &BundleSource, options: &LoadOptions) -> Loaded {
    let mut loader = Loader::default();
    let mut program = None;
    if loader.fits(source) {
        loader.read(source, options);
        loader.other_texts(source);
        let sources = Arc::new(std::mem::take(&mut loader.sources));
        let Checked { program: checked, found, undecided } = check(&loader.files, &sources, source, options);
        loader.sources = SourceMap::new();
        loader.found.extend(found);
        let mut found = suppress(&loader.files, once(loader.found));
        found.sort_by(|a, b| order(a).cmp(&order(b)));
        found.dedup();
        if !found.iter().any(Diagnostic::is_error) {
            program = checked;
        }
        shorten(&mut found);
        return Loaded { bundle: bundle(program, source), diagnostics: found, undecided, sources };
    }
    Loaded {
        bundle: bundle(program, source),
        diagnostics: loader.found,
        undecided: Vec::new(),
        sources: Arc::new(loader.sources),
    }
}

fn bundle(program: Option<crate::program::Program>, source: &BundleSource) -> Option<Arc<Bundle>> {
    program.map(|program| Arc::new(Bundle::new(Arc::new(program), source.digest())))
}

/// Files as they are reached.
#[derive(Default)]
struct Loader {
    sources: SourceMap,
    files: Vec<(FileId, ast::File)>,
    found: Vec<Diagnostic>,
}

/// An `include` that waits for its turn, or an entry.
struct Pending {
    path: String,
    /// Where it is included; None for an entry.
    from: Option<(FileId, Span)>,
    /// The files that led here.
    above: Vec<String>,
}

impl Loader {
    /// Whether the bundle is within its limits.
    fn fits(&mut self, source: &BundleSource) -> bool {
        let lists = source.iter().filter(|(path, _)| path.ends_with(".csv")).map(|(_, bytes)| bytes.len());
        let lists: usize = lists.sum();
        let all: usize = source.iter().map(|(_, bytes)| bytes.len()).sum();
        let faults = [
            (source.len() > MAX_FILES, Text::new("too many files", "слишком много файлов"), MAX_FILES),
            (
                all - lists > MAX_BUNDLE_BYTES,
                Text::new(
                    "the rules are too large together, in bytes",
                    "правила вместе слишком велики, в байтах",
                ),
                MAX_BUNDLE_BYTES,
            ),
            (
                lists > MAX_LIST_BYTES,
                Text::new(
                    "the lists are too large together, in bytes",
                    "списки вместе слишком велики, в байтах",
                ),
                MAX_LIST_BYTES,
            ),
        ];
        for (too_large, what, most) in faults {
            if too_large {
                let id = self.first_file(source);
                self.found.push(problem_in(
                    &codes::TOO_LARGE,
                    id,
                    Span::default(),
                    Text::new(
                        format!("this bundle is too large: {}", what.en),
                        format!("этот набор слишком велик: {}", what.ru),
                    ),
                    Text::new(format!("{most} are the most"), format!("не больше {most}")),
                ));
                return false;
            }
        }
        true
    }

    /// A file to hang a problem of the whole bundle on.
    fn first_file(&mut self, source: &BundleSource) -> FileId {
        let name = source.iter().map(|(path, _)| path).find(|path| path.ends_with(".rules"));
        self.sources.add(Source::new(name.unwrap_or(BundleSource::ENTRY), ""))
    }

    /// Reads the entries and everything that they include.
    fn read(&mut self, source: &BundleSource, options: &LoadOptions) {
        let entries = entries(source, options.entry.as_deref());
        if entries.is_empty() {
            let name = options.entry.as_deref().unwrap_or(BundleSource::ENTRY);
            let id = self.sources.add(Source::new(name, ""));
            self.found.push(problem_in(
                &codes::MISSING_FILE,
                id,
                Span::default(),
                Text::new("this bundle has no rules", "в этом наборе нет правил"),
                Text::new(
                    "a bundle needs a `.rules` file at the top of its folder",
                    "набору нужен файл `.rules` в корне папки",
                ),
            ));
        }
        let mut waiting: std::collections::VecDeque<Pending> =
            entries.into_iter().map(|path| Pending { path, from: None, above: Vec::new() }).collect();
        let mut reached: BTreeSet<String> = BTreeSet::new();
        while let Some(next) = waiting.pop_front() {
            if next.above.contains(&next.path) {
                self.circle(&next);
                continue;
            }
            if reached.contains(&next.path) {
                continue;
            }
            let Some(bytes) = source.get(&next.path).filter(|_| next.path.ends_with(".rules")) else {
                self.missing(&next, source);
                continue;
            };
            reached.insert(next.path.clone());
            let id = self.parse(&next.path, bytes);
            let includes = self.includes(id);
            // What a file includes comes before what stands behind it, as if it were written there.
            for (path, span) in includes.into_iter().rev() {
                let above = next.above.iter().cloned().chain([next.path.clone()]).collect();
                waiting.push_front(Pending { path, from: Some((id, span)), above });
            }
        }
    }

    fn parse(&mut self, path: &str, bytes: &[u8]) -> FileId {
        let next = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let (text, broken) = decode(next, bytes);
        let id = self.sources.add(Source::new(path, text.as_ref()));
        let parsed = parse_file(id, &text);
        self.found.extend(broken);
        self.found.extend(parsed.diagnostics);
        self.files.push((id, parsed.file));
        id
    }

    /// The files that a file includes, in order.
    fn includes(&mut self, id: FileId) -> Vec<(String, Span)> {
        let mut includes = Vec::new();
        let sections = self.files.iter().filter(|(file, _)| *file == id).flat_map(|(_, tree)| &tree.sections);
        for section in sections {
            let SectionKind::Include(include) = &section.kind else { continue };
            match include.path.plain() {
                Some(path) => includes.push((path.to_owned(), include.path.span)),
                None => self.found.push(problem_in(
                    &codes::TYPE_MISMATCH,
                    id,
                    include.path.span,
                    Text::new("this text cannot have holes", "в этом тексте не может быть подстановок"),
                    Text::new("a path is always the same", "путь всегда один и тот же"),
                )),
            }
        }
        includes
    }

    /// Scripts and long texts are files that diagnostics point into, too.
    fn other_texts(&mut self, source: &BundleSource) {
        for (path, bytes) in
            source.iter().filter(|(path, _)| path.ends_with(".rhai") || path.ends_with(".j2"))
        {
            let next = FileId(u32::try_from(self.sources.iter().count()).unwrap_or(u32::MAX));
            let (text, broken) = decode(next, bytes);
            self.sources.add(Source::new(path, text.as_ref()));
            self.found.extend(broken);
        }
    }

    fn circle(&mut self, next: &Pending) {
        let Some((file, span)) = next.from else { return };
        let start = next.above.iter().position(|path| *path == next.path).unwrap_or(0);
        let way: Vec<String> =
            next.above.iter().skip(start).chain([&next.path]).map(|path| format!("`{path}`")).collect();
        let way = way.join(" → ");
        self.found.push(
            problem_in(
                &codes::INCLUDE_CYCLE,
                file,
                span,
                Text::new(
                    format!("`{}` includes itself", next.path),
                    format!("`{}` включает сам себя", next.path),
                ),
                Text::new("this leads back", "отсюда — по кругу"),
            )
            .note(Text::new(format!("the way round is {way}"), format!("круг такой: {way}"))),
        );
    }

    fn missing(&mut self, next: &Pending, source: &BundleSource) {
        let Some((file, span)) = next.from else { return };
        // What led here was hardly meant.
        let is_other = |path: &str| !next.above.iter().any(|above| above == path);
        let known =
            source.iter().map(|(path, _)| path).filter(|path| path.ends_with(".rules") && is_other(path));
        let mut found = Diagnostic::new(
            &codes::MISSING_FILE,
            Text::new(
                format!("the bundle has no file `{}`", next.path),
                format!("в наборе нет файла `{}`", next.path),
            ),
            Label::new(
                file,
                span,
                Text::new("named by its path inside the bundle", "имя файла — это путь внутри набора"),
            ),
        );
        if let Some(near) = near(&next.path, known) {
            found = found.note(sentence(near.likeness, near.name));
        }
        self.found.push(found);
    }
}

/// The files to begin with.
fn entries(source: &BundleSource, entry: Option<&str>) -> Vec<String> {
    if let Some(entry) = entry {
        return source.get(entry).map(|_| entry.to_owned()).into_iter().collect();
    }
    if source.get(BundleSource::ENTRY).is_some() {
        return vec![BundleSource::ENTRY.to_owned()];
    }
    let top =
        source.iter().map(|(path, _)| path).filter(|path| path.ends_with(".rules") && !path.contains('/'));
    top.map(str::to_owned).collect()
}

/// A name that mixes alphabets is told of once: of course nobody knows it.
fn once(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mixed: BTreeSet<(FileId, Span)> = found
        .iter()
        .filter(|found| *found.code == codes::MIXED_SCRIPT_NAME)
        .map(|found| (found.primary.file, found.primary.span))
        .collect();
    let unknown = |found: &Diagnostic| found.code.name.starts_with("unknown-");
    let told = |found: &Diagnostic| {
        let (file, span) = (found.primary.file, found.primary.span);
        mixed.iter().any(|(other, name)| *other == file && span.contains(*name))
    };
    found.into_iter().filter(|found| !(unknown(found) && told(found))).collect()
}

/// By file and place; worse ones first where several are at one place.
fn order(found: &Diagnostic) -> (FileId, Span, std::cmp::Reverse<Severity>, &'static str) {
    (found.primary.file, found.primary.span, std::cmp::Reverse(found.severity), found.code.id)
}

/// Keeps the worst when there are too many to read.
fn shorten(found: &mut Vec<Diagnostic>) {
    if found.len() <= MAX_DIAGNOSTICS {
        return;
    }
    let mut kept: Vec<(usize, Severity)> = found.iter().map(|found| found.severity).enumerate().collect();
    kept.sort_by_key(|(at, severity)| (std::cmp::Reverse(*severity), *at));
    kept.truncate(MAX_DIAGNOSTICS);
    let kept: BTreeSet<usize> = kept.into_iter().map(|(at, _)| at).collect();
    let mut at = 0;
    found.retain(|_| {
        at += 1;
        kept.contains(&(at - 1))
    });
}
