//! Formats of `rules check` for other programs: held against their published schemas, and read back.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use roxmltree::{Document, Node};
use serde_json::Value;

use crate::program::{Place, snapshot};

/// Findings of all three levels, a fix, related places, and letters of four bytes in front of one of them.
const MIXED: &str = r#"rules 1

list unused: "🔥"

filter for calls
  accept when site is "🔥" and campaign == "50%, да: <&>"
  accept when site is not "a"
  else reject

table store for calls, only match
  | site || store |
  | "a"  || "x"   |
  | "a"  || "y"   |
"#;

/// The same level by level, with a file that needs escaping everywhere.
const NAME: &str = "shop 100%, main:1/main.rules";

fn schema(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/schemas").join(name);
    fs::read_to_string(path).expect("the schema is kept")
}

fn sarif(place: &Place, args: &[&str]) -> Value {
    let args = [&["check", "--format", "sarif"], args].concat();
    let run = place.rules(&args);
    assert_eq!(run.err, "", "{}", run.shown());
    let log: Value = serde_json::from_str(&run.out).expect("JSON");
    // The pattern for languages has a bracket too many, which only lenient expressions take for a letter.
    let schema = schema("sarif-2.1.0.json").replace("{2}]?$", r"{2}\\]?$");
    let schema = serde_json::from_str(&schema).expect("JSON");
    let validator =
        jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema of JSON");
    let faults: Vec<String> =
        validator.iter_errors(&log).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert_eq!(faults, Vec::<String>::new(), "{}", run.out);
    log
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().expect("results")
}

/// The text of a region, columns counted in units of UTF-16.
fn piece(text: &str, region: &Value) -> String {
    let number = |name: &str| usize::try_from(region[name].as_u64().expect("a number")).expect("small");
    assert_eq!(region["startLine"], region["endLine"], "these are all inside one line");
    let line = text.lines().nth(number("startLine") - 1).unwrap_or_default();
    let units: Vec<u16> = line.encode_utf16().collect();
    String::from_utf16(&units[number("startColumn") - 1..number("endColumn") - 1]).expect("whole letters")
}

#[test]
fn sarif_keeps_to_its_schema_in_both_languages() {
    let place = Place::with(&[(NAME, MIXED)]);
    for lang in ["en", "ru"] {
        let log = sarif(&place, &["--lang", lang]);
        assert_eq!(log["runs"][0]["language"], lang);
        let levels: Vec<&Value> = results(&log).iter().map(|result| &result["level"]).collect();
        for level in ["error", "warning", "note"] {
            assert!(levels.iter().any(|found| *found == level), "no {level} in {levels:?}");
        }
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
        for result in results(&log) {
            let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small");
            assert_eq!(rules[index]["id"], result["ruleId"]);
            assert!(rules[index]["help"]["markdown"].as_str().expect("a page").contains("## "));
        }
        let uri = &results(&log)[0]["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(uri["uri"], "shop%20100%25%2C%20main%3A1/main.rules");
    }
    let nothing = Place::with(&[("main.rules", "rules 1\n\nfilter for calls\n  else accept\n")]);
    assert_eq!(results(&sarif(&nothing, &[])).len(), 0);
}

#[test]
fn sarif_as_a_whole() {
    let place = Place::with(&[("main.rules", "правила 1\n\nфильтр для чатов\n  иначе == принимать\n")]);
    snapshot!(place, ["check", "--format", "sarif"]);
}

#[test]
fn sarif_points_at_the_right_letters_and_its_fixes_do_what_fix_does() {
    let place = Place::with(&[("main.rules", MIXED)]);
    let log = sarif(&place, &[]);
    let spelling = results(&log).iter().find(|result| result["ruleId"] == "R104").expect("`==`");
    assert_eq!(piece(MIXED, &spelling["locations"][0]["physicalLocation"]["region"]), "==");
    let fix = &spelling["fixes"][0];
    assert_eq!(fix["properties"]["safety"], "safe");
    let replacement = &fix["artifactChanges"][0]["replacements"][0];
    assert_eq!(piece(MIXED, &replacement["deletedRegion"]), "==");
    let text = replacement["insertedContent"]["text"].as_str().expect("a text");
    assert_eq!(place.rules(&["check", "--fix"]).code, Some(1));
    assert_eq!(place.read("main.rules"), MIXED.replacen("==", text, 1));
}

#[test]
fn sarif_names_related_places() {
    let log = sarif(&Place::with(&[("main.rules", MIXED)]), &[]);
    let rows = results(&log).iter().find(|result| result["ruleId"] == "R604").expect("two rows");
    let related = rows["relatedLocations"].as_array().expect("the other row");
    assert!(!related.is_empty());
    for (at, place) in related.iter().enumerate() {
        assert_eq!(place["id"], at);
        assert!(place["message"]["text"].is_string(), "{place}");
    }
}

#[test]
fn a_finding_keeps_its_fingerprint_when_it_moves() {
    let prints = |text: &str| -> Vec<Value> {
        let log = sarif(&Place::with(&[("main.rules", text)]), &[]);
        let mut all: Vec<Value> = results(&log)
            .iter()
            .map(|result| result["partialFingerprints"]["rulesFinding/v1"].clone())
            .collect();
        all.sort_by_key(Value::to_string);
        all.dedup();
        assert_eq!(all.len(), results(&log).len(), "each has its own");
        all
    };
    let moved = MIXED.replace("rules 1\n", "rules 1\n\n## Chats.\nfilter for chats\n  else accept\n");
    let laid_out = MIXED.replace("| \"a\"  ||", "|  \"a\" ||");
    assert_ne!(moved, MIXED);
    assert_ne!(laid_out, MIXED);
    assert_eq!(prints(&moved), prints(MIXED));
    assert_eq!(prints(&laid_out), prints(MIXED));
    assert_ne!(prints(&MIXED.replace("unused", "unread")), prints(MIXED));
}

/// A workflow command, read as the runner of GitHub reads it.
#[derive(Debug, PartialEq, Eq)]
struct Command {
    name: String,
    properties: BTreeMap<String, String>,
    message: String,
}

fn command(line: &str) -> Command {
    let line = line.strip_prefix("::").expect("a command");
    let (head, message) = line.split_once("::").expect("an end of its head");
    let (name, properties) = head.split_once(' ').expect("properties");
    let unescaped = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
    let of_property =
        |text: &str| unescaped(&text.replace("%3A", ":").replace("%2C", ",")).replace("%25", "%");
    Command {
        name: name.to_owned(),
        properties: properties
            .split(',')
            .map(|property| property.split_once('=').expect("a value"))
            .map(|(name, value)| (name.to_owned(), of_property(value)))
            .collect(),
        message: unescaped(message).replace("%25", "%"),
    }
}

#[test]
fn workflow_commands_can_be_read_back() {
    let place = Place::with(&[(NAME, MIXED)]);
    let run = snapshot!(place, ["check", "--format", "github"]);
    let commands: Vec<Command> = run.out.lines().map(command).collect();
    let json: Value = serde_json::from_str(&place.rules(&["check", "--format", "json"]).out).expect("JSON");
    let found = json["diagnostics"].as_array().expect("findings");
    assert_eq!(commands.len(), found.len());
    for (command, found) in commands.iter().zip(found) {
        let level = found["severity"].as_str().expect("a level").replace("info", "notice");
        assert_eq!(command.name, level);
        assert_eq!(command.properties["file"], NAME);
        assert_eq!(command.properties["line"], found["range"]["start"]["line"].to_string());
        let message = found["message"]["en"].as_str().expect("a sentence");
        assert_eq!(command.message.lines().next(), Some(message));
        let title = format!("{} {}", found["code"], found["name"]).replace('"', "");
        assert_eq!(command.properties["title"], title);
    }
}

/// What the schema says of an element: attributes (and whether they must be there), children, text.
#[derive(Debug, Default)]
struct Element {
    attributes: BTreeMap<String, bool>,
    children: Vec<String>,
    text: bool,
}

fn elements(schema: &Document<'_>) -> BTreeMap<String, Element> {
    let named = |node: &Node<'_, '_>, tag: &str| node.tag_name().name() == tag;
    let tops = schema.root_element().children().filter(|node| named(node, "element"));
    tops.map(|top| {
        let mut element = Element { text: top.attribute("type").is_some(), ..Element::default() };
        for node in top.descendants() {
            let name = node.attribute("name").unwrap_or_default().to_owned();
            if named(&node, "attribute") {
                element.attributes.insert(name, node.attribute("use") == Some("required"));
            } else if let Some(other) = node.attribute("ref") {
                element.children.push(other.to_owned());
            }
            element.text |= node.attribute("mixed") == Some("true");
        }
        (top.attribute("name").expect("a name").to_owned(), element)
    })
    .collect()
}

/// Holds a report against the schema: every element and attribute is declared where it stands, what is required is
/// there, and text stands only where text may.
#[track_caller]
pub(crate) fn keeps_to_schema(report: &Document<'_>) {
    let text = schema("junit-10.xsd");
    let schema = Document::parse(&text).expect("XML");
    let elements = elements(&schema);
    assert_eq!(report.root_element().tag_name().name(), "testsuites");
    for node in report.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        let element = elements.get(name).unwrap_or_else(|| panic!("no element `{name}`"));
        for attribute in node.attributes() {
            assert!(element.attributes.contains_key(attribute.name()), "`{name}` has `{}`", attribute.name());
        }
        for (needed, _) in element.attributes.iter().filter(|(_, required)| **required) {
            assert!(node.has_attribute(needed.as_str()), "`{name}` lacks `{needed}`");
        }
        for child in node.children() {
            if child.is_element() {
                let inner = child.tag_name().name().to_owned();
                assert!(element.children.contains(&inner), "`{name}` holds `{inner}`");
            } else {
                assert!(
                    element.text || child.text().unwrap_or_default().trim().is_empty(),
                    "text in `{name}`"
                );
            }
        }
    }
}

#[test]
fn junit_reports_keep_to_the_schema_and_count_right() {
    let place =
        Place::with(&[(NAME, MIXED), ("other/main.rules", "rules 1\n\nfilter for calls\n  else accept\n")]);
    let run = snapshot!(place, ["check", "--format", "junit"]);
    assert_eq!(run.code, Some(1));
    let report = Document::parse(&run.out).expect("XML");
    keeps_to_schema(&report);
    let count = |tag: &str| report.descendants().filter(|node| node.has_tag_name(tag)).count().to_string();
    let root = report.root_element();
    assert_eq!(root.attribute("tests"), Some(count("testcase").as_str()));
    assert_eq!(root.attribute("failures"), Some(count("failure").as_str()));
    let message = report.descendants().find_map(|node| node.attribute("message"));
    assert!(message.is_some_and(|message| message.contains('`')));
    // What does not fail the run does not fail the report.
    let strict = place.rules(&["check", "--format", "junit", "--fail-on", "info"]).out;
    let strict = Document::parse(&strict).expect("XML");
    keeps_to_schema(&strict);
    let clean = strict.descendants().filter(|node| node.has_tag_name("testcase") && !node.has_children());
    assert_eq!(clean.count(), 1, "only the clean file passes");
}

#[test]
fn characters_that_xml_cannot_hold_do_not_break_a_report() {
    let place = Place::with(&[(
        "main.rules",
        "rules 1\n\nfilter for calls\n  accept when \u{1}site \u{b} is ]]> \"<\"\n",
    )]);
    let run = place.rules(&["check", "--format", "junit"]);
    keeps_to_schema(&Document::parse(&run.out).expect("XML"));
}
