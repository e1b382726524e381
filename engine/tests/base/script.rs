//! Scripts: what they can do, and that nothing they do gets past the limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use switchboard_engine::catalog::enums::CREATE;
use switchboard_engine::decimal;
use switchboard_engine::moment::Seconds;
use switchboard_engine::phone::Phone;
use switchboard_engine::script::{
    Deadline, HELPERS, Limit, Script, ScriptFailure, ScriptHost, ScriptLimits, Signature, SignatureProblem,
    Timer,
};
use switchboard_engine::ty::{Scalar, Type};
use switchboard_engine::value::Value;
use switchboard_grammar::diagnostic::Diagnostic;
use switchboard_grammar::source::FileId;

const TEXT: Type = Type::of(Scalar::Text);
const NUMBER: Type = Type::of(Scalar::Number);

fn number(text: &str) -> Value {
    Value::Number(decimal::parse(text).unwrap())
}

#[track_caller]
fn compile(source: &str) -> Script {
    ScriptHost::default().compile(FileId(0), source).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

#[track_caller]
fn errors(source: &str) -> Vec<Diagnostic> {
    ScriptHost::default().compile(FileId(0), source).expect_err("must not compile")
}

/// Calls `f` with arguments.
#[track_caller]
fn call(source: &str, gives: Type, arguments: &[Value]) -> Result<Value, ScriptFailure> {
    let script = compile(source);
    let signature = Signature {
        name: "f".into(),
        parameters: (0..arguments.len()).map(|at| (format!("p{at}").into(), TEXT.optional())).collect(),
        gives,
    };
    script.check(&signature).unwrap();
    ScriptHost::default().call(&script, &signature, arguments)
}

#[track_caller]
fn gives(source: &str, gives: Type, arguments: &[Value], expected: &Value) {
    assert_eq!(call(source, gives, arguments).as_ref(), Ok(expected), "{source}");
}

#[test]
fn a_function_of_the_design() {
    let source = r#"
        fn marketing_label(source, medium) {
            if source.is_missing() { return "прямой / " + medium; }
            `${source} / ${medium}`
        }
        fn f(a, b) { marketing_label(a, b) }
    "#;
    gives(source, TEXT, &[Value::text("yandex"), Value::text("cpc")], &Value::text("yandex / cpc"));
    gives(source, TEXT, &[Value::Missing, Value::text("нет")], &Value::text("прямой / нет"));
}

#[test]
fn values_go_in_and_come_back() {
    let phone = Value::Phone(Phone::parse("84951234567").unwrap());
    let moment = Value::Moment("2026-03-02T09:05:07+03:00".parse().unwrap());
    let date = Value::Date("2026-03-02".parse().unwrap());
    let time = Value::Time("09:05:00".parse().unwrap());
    let client = Value::Enum(CREATE.by_en("client").unwrap());
    for (scalar, value) in [
        (Scalar::Text, Value::text("Бренд")),
        (Scalar::Number, number("12.5")),
        (Scalar::Number, number("3")),
        (Scalar::YesNo, Value::Bool(true)),
        (Scalar::Phone, phone),
        (Scalar::Duration, Value::Duration(Seconds(42))),
        (Scalar::Moment, moment),
        (Scalar::Date, date),
        (Scalar::Time, time),
        (Scalar::Enum(&CREATE), client),
        (Scalar::Any, Value::text("gold")),
        (Scalar::Any, number("3")),
    ] {
        gives("fn f(x) { x }", Type::of(scalar), std::slice::from_ref(&value), &value);
        let list = Value::list([value.clone(), value]);
        gives("fn f(x) { x }", Type::list_of(scalar), std::slice::from_ref(&list), &list);
    }
    for nothing in ["()", "\"  \"", "\"{{x}}\""] {
        gives(&format!("fn f() {{ {nothing} }}"), TEXT.optional(), &[], &Value::Missing);
    }
    gives("fn f() { [] }", Type::list_of(Scalar::Text).optional(), &[], &Value::Missing);
    gives("fn f() { [(), \"a\"] }", Type::list_of(Scalar::Text), &[], &Value::list([Value::text("a")]));
}

#[test]
fn numbers_are_decimal_whatever_their_digits() {
    gives("fn f(n) { n / 2 }", NUMBER, &[number("3")], &number("1.5"));
    gives("fn f(n) { n / 2 }", NUMBER, &[number("4")], &number("2"));
    gives("fn f() { 0.1 + 0.2 }", NUMBER, &[], &number("0.3"));
    gives("fn f(n) { n == 3 && n > 2.5 }", Type::of(Scalar::YesNo), &[number("3")], &Value::Bool(true));
}

#[test]
fn what_comes_back_has_to_be_of_the_type() {
    for (source, gives, found) in [
        ("fn f() { 5 }", TEXT, "i64"),
        ("fn f() { \"5\" }", NUMBER, "string"),
        ("fn f() { () }", TEXT, "()"),
        ("fn f() { \"x\" }", Type::list_of(Scalar::Text), "string"),
        ("fn f() { \"third\" }", Type::of(Scalar::Enum(&CREATE)), "string"),
        ("fn f() { \"102\" }", Type::of(Scalar::Phone), "string"),
        ("fn f() { 1.5 }", Type::of(Scalar::Duration), "decimal"),
        ("fn f() { #{a: 1} }", Type::of(Scalar::Any), "map"),
    ] {
        match call(source, gives, &[]) {
            Err(ScriptFailure::WrongType { found: actual, .. }) => assert_eq!(actual, found, "{source}"),
            other => panic!("{source}: {other:?}"),
        }
    }
}

#[test]
fn helpers() {
    let yes = Value::Bool(true);
    for source in [
        r#"fn f() { is_missing(()) && is_missing("  ") && !is_missing("x") && !is_missing(0) }"#,
        r#"fn f() { is_present("x") && or_else((), 5) == 5 && or_else("a", "b") == "a" }"#,
        r#"fn f() { same(" БРЕНД ", "бренд") && !same("", "") && "Бренд".same("бренд") }"#,
        r#"fn f() { like("VIP клиент", "vip*") && !like("x", "vip*") && !like("x", "") }"#,
        r#"fn f() { fold("  А  Б ") == "а б" }"#,
        r#"fn f() { phone("8 (495) 123-45-67") == "+74951234567" && phone("102") == () }"#,
        r#"fn f() { number_of("1 234,5") == 1234.5 && number_of("x") == () && 2.345.round_to(2) == 2.35 && 3.round_to(1) == 3 }"#,
        r#"fn f() { phone_display("84951234567") == "+7 495 123-45-67" && phone_display("x") == () }"#,
    ] {
        gives(source, Type::of(Scalar::YesNo), &[], &yes);
    }
    assert_eq!(HELPERS.len(), 20);
    for helper in &HELPERS {
        assert!(!helper.doc.en.is_empty() && !helper.doc.ru.is_empty());
        // A helper that is not there would be an unknown function.
        let source = format!("fn f() {{ if false {{ {}() }} }}", helper.name);
        compile(&source);
    }
}

#[test]
fn parts_of_moments() {
    let moment = Value::Moment("2026-03-02T09:05:07+03:00".parse().unwrap());
    let source = r#"fn f(m) {
        [m.year, m.month, m.day, m.hour, m.minute, m.weekday]
    }"#;
    let parts = Value::list(["2026", "3", "2", "9", "5", "1"].map(number));
    gives(source, Type::list_of(Scalar::Number), std::slice::from_ref(&moment), &parts);
    let later = Value::Moment("2026-03-02T09:05:08+03:00".parse().unwrap());
    let source = "fn f(a, b) { a < b && b > a && a != b && a == a && a <= a && b >= a }";
    gives(source, Type::of(Scalar::YesNo), &[moment.clone(), later], &Value::Bool(true));
    gives("fn f(m) { m.to_string() }", TEXT, &[moment], &Value::text("2026-03-02T09:05:07+03:00"));
}

#[test]
fn sorting_with_any_comparison() {
    let words = Value::list(["б", "а", "в"].map(Value::text));
    let sorted = Value::list(["а", "б", "в"].map(Value::text));
    let texts = Type::list_of(Scalar::Text);
    for comparison in ["|a, b| a < b", "|a, b| if a < b { -1 } else if a > b { 1 } else { 0 }"] {
        let source = format!("fn f(x) {{ x.sort({comparison}); x }}");
        gives(&source, texts, std::slice::from_ref(&words), &sorted);
    }
    gives("fn f(x) { x.sort(); x }", texts, std::slice::from_ref(&words), &sorted);
    // Equal elements keep their places; a comparison that contradicts itself gives some order and no panic.
    gives("fn f(x) { x.sort(|a, b| 0); x }", texts, std::slice::from_ref(&words), &words);
    let source = "fn f() { let x = []; for i in 0..300 { x.push(i * 7919 % 300); } x.sort(|a, b| (a * 31 + b * 17) % 3 - 1); x.len() }";
    gives(source, NUMBER, &[], &number("300"));
    let failed = call("fn f() { let x = [2, 1]; x.sort(|a, b| throw \"no\"); x.len() }", NUMBER, &[]);
    assert!(matches!(failed, Err(ScriptFailure::Error { .. })), "{failed:?}");
    let failed = call("fn f() { let x = [2, 1]; x.sort(|a, b| \"x\"); x.len() }", NUMBER, &[]);
    assert!(matches!(failed, Err(ScriptFailure::Error { .. })), "{failed:?}");
}

#[test]
fn one_call_leaves_nothing_to_the_next() {
    let source = "fn f(x) { x += \"!\"; x }";
    let script = compile(source);
    let signature = Signature { name: "f".into(), parameters: vec![("x".into(), TEXT)], gives: TEXT };
    let host = ScriptHost::default();
    for _ in 0..3 {
        assert_eq!(host.call(&script, &signature, &[Value::text("a")]), Ok(Value::text("a!")));
    }
}

#[test]
fn declarations_are_held_against_the_file() {
    let script = compile("fn label(a, b) { a + b }\nprivate fn other() { 1 }\n");
    let signature = |name: &str, count: usize| Signature {
        name: name.into(),
        parameters: vec![("p".into(), TEXT); count],
        gives: TEXT,
    };
    assert_eq!(script.check(&signature("label", 2)), Ok(()));
    let missing = script.check(&signature("lable", 2));
    assert_eq!(missing, Err(SignatureProblem::Missing { suggestion: Some("label".to_owned()) }));
    match script.check(&signature("label", 1)) {
        Err(SignatureProblem::Parameters { found: 2, span }) => assert_eq!((span.start, span.end), (3, 8)),
        other => panic!("{other:?}"),
    }
    assert_eq!(
        script.functions().map(|(name, count, _)| (name.to_owned(), count)).collect::<Vec<_>>().len(),
        2
    );
}

#[test]
fn several_mistakes_of_one_file() {
    let source = "fn a(x) { x + }\n\nfn good() { 1 }\n\nfn b() {\n  let y = zz;\n}\nfn c() { lenn(\"x\") }\nfn d() { good() + bad_one() }\n";
    let found = errors(source);
    let found: Vec<_> =
        found.iter().map(|error| (error.code.name, error.primary.span.text(source))).collect();
    assert_eq!(
        found,
        [
            ("script-error", "}"),
            ("script-error", "zz"),
            ("script-error", "lenn"),
            ("script-error", "bad_one"),
        ]
    );
}

#[test]
fn an_error_has_a_place_and_words_in_both_languages() {
    let source = "fn f() {\n  // приветствие\n  let x = \"я\" + неизвестно;\n}\n";
    let found = errors(source);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].primary.span.text(source), "неизвестно");
    assert_eq!(found[0].message.en, "there is no variable `неизвестно`");
    assert_eq!(found[0].message.ru, "переменной `неизвестно` нет");
    let near = errors("fn f() { phone_dispaly(\"x\") }");
    assert_eq!(near[0].notes[0].en, "did you mean `phone_display`?");
}

#[test]
fn nothing_reaches_outside() {
    for source in [
        "fn f() { eval(\"1\") }",
        "export x;",
        "import \"x\" as y;",
        "fn f() { sleep(10) }",
        "fn f() { timestamp() }",
        "fn f() { exit(1) }",
        "fn f() { x::y() }",
        "fn f(x) { x.sleep() }",
    ] {
        let found = errors(source);
        assert!(found.iter().any(|error| error.code.name == "impure-call"), "{source}: {found:?}");
    }
    // A name put together at run time finds nothing either.
    for name in ["sleep", "timestamp", "eval", "exit", "parse_json"] {
        let (head, tail) = name.split_at(2);
        let failed = call(&format!("fn f() {{ call(Fn(\"{head}\" + \"{tail}\"), 1) }}"), NUMBER, &[]);
        assert!(
            matches!(failed, Err(ScriptFailure::Error { .. } | ScriptFailure::Refused { .. })),
            "{name}: {failed:?}"
        );
    }
}

#[test]
fn a_script_holds_functions_only() {
    let found = errors("let x = 1;\nfn f() { 1 }\n");
    assert_eq!(found[0].message.en, "a script holds functions only");
    compile("// nothing but a comment\n");
    compile("");
}

/// A closure that captures a value it is stored in would never be freed, so captures do not compile.
#[test]
fn anonymous_functions_capture_nothing() {
    for source in [
        "fn f() { let m = #{}; m.me = || m; m.len() }",
        "fn f() { let a = []; let g = |x| a.push(x); g.call(1); a }",
        "fn f(limit) { [1, 2].filter(|x| x > limit) }",
    ] {
        let found = errors(source);
        assert!(found[0].message.en.contains("cannot use"), "{source}: {found:?}");
    }
    gives("fn f() { [1, 2, 3].filter(|x| x > 1).len() }", NUMBER, &[], &number("2"));
    let curried =
        "fn above(limit, x) { x > limit } fn f(limit) { [1, 2, 3].filter(Fn(\"above\").curry(limit)).len() }";
    gives(curried, NUMBER, &[number("2")], &number("1"));
}

/// Scripts that try to run for ever or to eat everything, and the limit that ends each.
const HOSTILE: [(&str, &str, Limit); 18] = [
    ("endless loop", "fn f() { loop {} }", Limit::Operations),
    ("endless while", "fn f() { let x = 0; while true { x += 1; } x }", Limit::Operations),
    ("string bomb", "fn f() { let s = \"x\"; loop { s += s; } }", Limit::Size),
    (
        "string bomb by interpolation",
        "fn f() { let s = \"x\"; loop { s = `${s}${s}${s}${s}`; } }",
        Limit::Size,
    ),
    ("array bomb", "fn f() { let a = [1]; loop { a += a; } }", Limit::Size),
    ("array of arrays", "fn f() { let a = [1]; loop { a = [a, a]; } }", Limit::Size),
    ("map bomb", "fn f() { let m = #{}; for i in 0..100000 { m[i.to_string()] = i; } }", Limit::Operations),
    ("map in map", "fn f() { let m = #{a: 1}; loop { m = #{a: m, b: m}; } }", Limit::Size),
    ("deep recursion", "fn f() { f() }", Limit::Calls),
    ("two that call each other", "fn f() { g() } fn g() { f() }", Limit::Calls),
    ("recursion by pointer", "fn f() { call(Fn(\"f\")) }", Limit::Calls),
    (
        "fibonacci",
        "fn fib(n) { if n < 2 { 1 } else { fib(n - 1) + fib(n - 2) } } fn f() { fib(22) + fib(22) + fib(22) }",
        Limit::Operations,
    ),
    (
        "sort that never ends",
        "fn f() { let a = []; for i in 0..500 { a.push(i); } a.sort(|x, y| { loop {} }); a.len() }",
        Limit::Operations,
    ),
    (
        "sort that is the last thing",
        "fn f() { let a = []; for i in 0..500 { a.push(i); } a.sort(|x, y| { loop {} }) }",
        Limit::Operations,
    ),
    (
        "map over map over map",
        "fn g(x) { let a = []; for i in 0..100 { a.push(i); } a.map(|y| { let b = 0; for j in 0..1000 { b += j; } b }).len() } fn f() { let a = []; for i in 0..100 { a.push(i); } a.map(|x| g(x)).len() }",
        Limit::Operations,
    ),
    ("padding", "fn f() { let s = \"x\"; s.pad(1000000000, 'y'); s }", Limit::Size),
    ("array padding", "fn f() { let a = []; a.pad(1000000000, 1); a }", Limit::Size),
    ("caught and tried again", "fn f() { loop { try { loop {} } catch { } } }", Limit::Operations),
];

#[test]
fn hostile_scripts_end_within_their_limits() {
    for (what, source, expected) in HOSTILE {
        let started = Instant::now();
        match call(source, NUMBER, &[]) {
            Err(ScriptFailure::Limit { limit, .. }) => assert_eq!(limit, expected, "{what}"),
            other => panic!("{what}: {other:?}"),
        }
        let took = started.elapsed();
        assert!(took.as_secs() < 10, "{what} took {took:?}");
    }
}

#[test]
fn variables_and_nesting_are_limited() {
    let many: String = (0..100).map(|at| format!("let v{at} = {at}; ")).collect();
    let failed = call(&format!("fn f() {{ {many} 1 }}"), NUMBER, &[]);
    assert!(matches!(failed, Err(ScriptFailure::Limit { limit: Limit::Variables, .. })), "{failed:?}");
    let deep = format!("fn f() {{ {}1{} }}", "(".repeat(500), ")".repeat(500));
    assert_eq!(errors(&deep)[0].message.en, "expressions are nested too deep");
    let functions: String = (0..300).map(|at| format!("fn g{at}() {{ {at} }}\n")).collect();
    assert_eq!(errors(&functions)[0].message.en, "the script has too many functions");
    let large = format!("// {}\n", "x".repeat(ScriptLimits::DEFAULT.source_bytes));
    assert_eq!(errors(&large)[0].code.name, "too-large");
    let text = Value::text("я".repeat(10_000));
    gives("fn f(x) { x + \"!\" }", TEXT, std::slice::from_ref(&text), &Value::text("я".repeat(10_000) + "!"));
    let literal = format!("fn f() {{ \"{}\" }}", "x".repeat(20_000));
    assert_eq!(errors(&literal)[0].code.name, "script-error");
}

/// What the size limits do not add up: many values in many containers in one variable.
const FILLING: [(&str, &str); 4] = [
    ("strings in a map", "let s = big(); let m = #{}; for i in 0..1000000 { m[i.to_string()] = s + i; }"),
    (
        "strings in arrays",
        "let s = big(); let a = []; for i in 0..500 { a.push([]); } for i in 0..1000000 { a[i % 500].push(s + i); }",
    ),
    (
        "maps in a map",
        "let n = #{}; for i in 0..127 { n[i.to_string()] = i; } let m = #{}; for i in 0..1000000 { m[i.to_string()] = n + #{x: i}; }",
    ),
    (
        "arrays in a map",
        "let n = []; n.pad(500, 1); let m = #{}; for i in 0..1000000 { m[i.to_string()] = n + [i]; }",
    ),
];

/// Set for the process that measures.
const ALONE: &str = "SWITCHBOARD_TEST_ALONE";

#[test]
fn memory_of_a_call_is_bounded() {
    // Resident memory is that of the whole process, so it is measured in one where no other test runs.
    if std::env::var_os(ALONE).is_none() {
        let run = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "script::memory_of_a_call_is_bounded", "--nocapture"])
            .env(ALONE, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        let why = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success() && said.contains("1 passed"), "{said}{why}");
        return;
    }
    for (what, body) in FILLING {
        let source = format!(
            "fn big() {{ let s = \"x\"; while s.len() < 4000 {{ s += s; }} s }} fn f() {{ {body} 1 }}"
        );
        let before = highest_resident_kib();
        let failed = call(&source, NUMBER, &[]).unwrap_err();
        // The kernel sums this up from counters of its own, and may say a little less than before.
        let grown = highest_resident_kib().saturating_sub(before) / 1_024;
        assert!(matches!(failed, ScriptFailure::Limit { .. }), "{what}: {failed:?}");
        assert!(grown < 200, "{what}: {grown} MiB");
    }
}

/// Resident memory of this process at its highest, in KiB; 0 where the system does not tell.
fn highest_resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}

#[derive(Debug)]
struct Countdown(u64);

struct Looks {
    left: AtomicU64,
}

impl Timer for Countdown {
    fn start(&self) -> Box<dyn Deadline> {
        Box::new(Looks { left: AtomicU64::new(self.0) })
    }
}

impl Deadline for Looks {
    fn is_over(&self) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err()
    }
}

#[test]
fn a_deadline_ends_what_operations_do_not() {
    let script = compile("fn f() { let x = 0; for i in 0..10000 { x += i; } x }");
    let signature = Signature { name: "f".into(), parameters: Vec::new(), gives: NUMBER };
    let host = |looks: u64| ScriptHost::new(ScriptLimits::DEFAULT, Some(Arc::new(Countdown(looks))));
    let late = host(10).call(&script, &signature, &[]).unwrap_err();
    assert!(matches!(late, ScriptFailure::Limit { limit: Limit::Time, .. }), "{late:?}");
    assert_eq!(host(100_000).call(&script, &signature, &[]), Ok(number("49995000")));
}

#[test]
fn limits_can_be_set_lower() {
    let mut limits = ScriptLimits::DEFAULT;
    limits.operations = 10;
    let host = ScriptHost::new(limits, None);
    let script = host.compile(FileId(0), "fn f() { for i in 0..100 {} 1 }").unwrap();
    let signature = Signature { name: "f".into(), parameters: Vec::new(), gives: NUMBER };
    let failed = host.call(&script, &signature, &[]).unwrap_err();
    assert!(matches!(failed, ScriptFailure::Limit { limit: Limit::Operations, .. }));
}

#[test]
fn failures_say_what_and_where() {
    let failed = call("fn f() {\n  let a = [1];\n  a[5]\n}", NUMBER, &[]).unwrap_err();
    assert!(matches!(&failed, ScriptFailure::Refused { line: Some(3), .. }), "{failed:?}");
    assert_eq!(failed.text().ru, "скрипт `f` завершился ошибкой, строка 3: в списке нет [5], длина его 1");
    let thrown = call("fn f() {\n  throw \"нет менеджера\";\n}", NUMBER, &[]).unwrap_err();
    assert_eq!(thrown.to_string(), "script `f` failed in line 2: нет менеджера");
    assert_eq!(thrown.text().ru, "скрипт `f` завершился ошибкой, строка 2: нет менеджера");
    let long =
        call("fn f() { let s = \"x\"; while s.len() < 5000 { s += s; } throw s; }", NUMBER, &[]).unwrap_err();
    assert!(long.to_string().len() < 300);
    let same = call("fn f() { f() }", NUMBER, &[]).unwrap_err();
    assert_eq!(call("fn f() { f() }", NUMBER, &[]).unwrap_err(), same, "failures replay");
}

#[test]
fn calls_run_side_by_side() {
    let script = compile("fn f(x) { let n = 0; for i in 0..1000 { n += i; } x + n }");
    let signature = Signature { name: "f".into(), parameters: vec![("x".into(), TEXT)], gives: TEXT };
    let host = ScriptHost::default();
    std::thread::scope(|threads| {
        let workers: Vec<_> = (0..4)
            .map(|at| {
                threads.spawn({
                    let (host, script, signature) = (&host, &script, &signature);
                    move || host.call(script, signature, &[Value::text(format!("{at}:"))])
                })
            })
            .collect();
        for (at, worker) in workers.into_iter().enumerate() {
            assert_eq!(worker.join().unwrap(), Ok(Value::text(format!("{at}:499500"))));
        }
    });
}
