//! Calls one after the other on one host: what an engine did before shows in nothing that it does next.

use switchboard_engine::script::{Limit, Script, ScriptFailure, ScriptHost, ScriptLimits, Signature};
use switchboard_engine::ty::{Scalar, Type};
use switchboard_engine::value::Value;
use switchboard_grammar::source::FileId;

const NUMBER: Type = Type::of(Scalar::Number);

fn compile(host: &ScriptHost, source: &str) -> Script {
    host.compile(FileId(0), source).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn call(host: &ScriptHost, script: &Script, name: &str, n: i64) -> Result<Value, ScriptFailure> {
    let signature = Signature { name: name.into(), parameters: vec![("n".into(), NUMBER)], gives: NUMBER };
    host.call(script, &signature, &[number(n)])
}

fn number(n: i64) -> Value {
    Value::Number(n.into())
}

#[test]
fn an_engine_that_was_used_before_counts_the_same() {
    let source =
        "fn f(n) { let s = []; for i in 0..9 { s.push(`x${i}`.len() + n); } s.sort(|a, b| a < b); g(s) }
        fn g(s) { s.len() }
        fn fails(n) { throw \"no\" }
        fn never(n) { loop {} }";
    let with = |operations| {
        let mut limits = ScriptLimits::DEFAULT;
        limits.operations = operations;
        ScriptHost::new(limits, None)
    };
    let script = compile(&with(1), source);
    let (mut stopped, mut done) = (0, 0);
    for operations in 1..400 {
        let fresh = call(&with(operations), &script, "f", 2);
        let used = with(operations);
        for before in ["f", "fails", "f", "never"] {
            let _ = call(&used, &script, before, 3);
        }
        assert_eq!(call(&used, &script, "f", 2), fresh, "{operations}");
        *(if fresh.is_ok() { &mut done } else { &mut stopped }) += 1;
    }
    assert!(stopped > 100 && done > 50, "{stopped} and {done}");
}

#[test]
fn calls_are_nested_as_deep_as_the_limit_says() {
    let host = ScriptHost::default();
    let script = compile(&host, "fn f(n) { if n == 0 { 0 } else { f(n - 1) } }");
    let most = i64::try_from(ScriptLimits::DEFAULT.call_levels).unwrap();
    for _ in 0..3 {
        assert_eq!(call(&host, &script, "f", most), Ok(number(0)));
        let failed = call(&host, &script, "f", most + 1).unwrap_err();
        assert!(matches!(failed, ScriptFailure::Limit { limit: Limit::Calls, .. }), "{failed:?}");
    }
}

#[test]
fn scripts_of_one_host_do_not_take_functions_for_those_of_another() {
    let host = ScriptHost::default();
    let one = compile(&host, "fn f(n) { helper(n) } fn helper(n) { n + 1 }");
    let two = compile(&host, "fn f(n) { helper(n) } fn helper(n) { n + 2 } fn len(n) { 5 }");
    let three = compile(&host, "fn f(n) { [n].len() }");
    for _ in 0..4 {
        assert_eq!(call(&host, &one, "f", 1), Ok(number(2)));
        assert_eq!(call(&host, &two, "f", 1), Ok(number(3)));
        assert_eq!(call(&host, &three, "f", 7), Ok(number(1)));
    }
}

#[test]
fn names_that_are_made_up_are_not_remembered_for_ever() {
    let host = ScriptHost::default();
    let source = "fn f(n) { let found = 0; for i in 0..2000 { if is_def_fn(`g${i % 1000}`, 0) { found += 1; } } found } fn g7() { 1 }";
    let script = compile(&host, source);
    for _ in 0..3 {
        assert_eq!(call(&host, &script, "f", 0), Ok(number(2)));
    }
}
