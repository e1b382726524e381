//! Hostile scripts that somebody thought of: what each is after, and the limits that may end it.

use switchboard_engine::script::Limit;

/// A text, a list and a dictionary as large as they may be, for others to make more of.
const TOOLS: &str = "
    fn text() { let s = \"x\"; while s.len() < 4000 { s += s; } s }
    fn items() { let a = []; a.pad(500, 1); a }
    fn entries() { let m = #{}; for i in 0..120 { m[i.to_string()] = i; } m }
    fn names() { let k = text(); let m = #{}; for i in 0..120 { m[k + i] = i; } m }
";

/// Scripts that run into a limit whatever their argument.
pub(crate) fn scripts() -> Vec<(&'static str, String, Vec<Limit>)> {
    use Limit::{Calls, Memory, Operations, Size};
    let grow = || vec![Memory, Size, Operations];
    let bodies: Vec<(&'static str, &str, Vec<Limit>)> = vec![
        ("an endless loop", "loop {}", vec![Operations]),
        ("an endless loop in a catch", "loop { try { loop {} } catch { loop {} } }", vec![Operations]),
        (
            "throwing in a catch",
            "loop { try { throw 1 } catch (e) { try { throw e } catch { } } }",
            vec![Operations],
        ),
        (
            "texts in a dictionary",
            "let s = text() + a; let m = #{}; for i in 0..1000000 { m[i.to_string()] = s + i; }",
            grow(),
        ),
        (
            "texts in lists of a list",
            "let s = text() + a; let l = []; for i in 0..500 { l.push([]); } for i in 0..1000000 { l[i % 500].push(s + i); }",
            grow(),
        ),
        (
            "lists in a dictionary",
            "let n = items(); let m = #{}; for i in 0..1000000 { m[i.to_string()] = n + [i]; }",
            grow(),
        ),
        (
            "dictionaries in a dictionary",
            "let n = entries(); let m = #{}; for i in 0..1000000 { m[i.to_string()] = n + #{x: i}; }",
            grow(),
        ),
        ("long names of entries", "let n = names(); let l = []; loop { l.push(n); }", grow()),
        (
            "copies of long names in every variable of every call",
            "fill(names(), 0)",
            vec![Memory, Size, Operations, Calls, Limit::Variables],
        ),
        (
            "what is tied to functions",
            "let g = Fn(\"text\"); let s = text() + a; for i in 0..1000000 { g = g.curry(s + i); }",
            grow(),
        ),
        (
            "functions tied to functions",
            "let g = Fn(\"text\"); let s = text() + a; for i in 0..1000000 { let h = Fn(\"text\").curry(g); g = h.curry(s + i); }",
            grow(),
        ),
        (
            "a text replaced by itself",
            "let s = text() + a; loop { s.replace(\"x\", s); s.replace(\"я\", s); }",
            grow(),
        ),
        (
            "a text cut into letters",
            "let s = text() + a; let l = []; loop { l.push(s.split(\"\")); }",
            grow(),
        ),
        ("a text of many letters", "let s = text() + a; let l = []; loop { l.push(s.to_chars()); }", grow()),
        (
            "arguments that are copies",
            "let n = names(); loop { many(n,n,n,n,n,n,n,n,n,n,n,n,n,n,n,n,n,n,n,n); }",
            grow(),
        ),
        (
            "a list of copies",
            "let n = names(); loop { let l = [n,n,n,n,n,n,n,n,n,n,n,n,n,n,n,n,n,n,n,n]; }",
            grow(),
        ),
        ("sorting without end", "let l = items(); l.sort(|x, y| { loop {} }); l.len()", vec![Operations]),
        (
            "sorting by growing",
            "let l = items(); l.sort(|x, y| { let s = text(); s.pad(1000000, 'x'); 0 }); l.len()",
            grow(),
        ),
        (
            "folding into a text",
            "let l = items(); l.reduce(|sum, x| { if sum == () { text() } else { sum + sum } })",
            grow(),
        ),
        ("a list in itself", "let l = [1]; loop { l.push(l); }", grow()),
        ("a dictionary in itself", "let m = #{}; loop { m[m.len().to_string()] = m; }", grow()),
        ("padding", "let s = \"x\"; s.pad(1000000000, 'y'); s", grow()),
        ("padding a list", "let l = []; l.pad(1000000000, text()); l", grow()),
        ("calling itself", "f(a, b, c)", vec![Calls]),
        ("calling itself by name", "call(Fn(\"f\"), a, b, c)", vec![Calls]),
        ("calling itself twice", "twice(0)", vec![Operations, Calls]),
        (
            "a search in a long text",
            "let s = text() + a; loop { s.contains(s); s.index_of(s + \"y\"); }",
            vec![Operations],
        ),
        (
            "a pattern against a long text",
            "let s = text() + a; loop { like(s, \"*x*x*x*x*x*x*x*y\"); like(s, \"?*?*?*?*?*?*z\"); }",
            vec![Operations],
        ),
        (
            "a phone in a long text",
            "let s = text() + a; loop { phone(s); phone_display(s); }",
            vec![Operations],
        ),
        (
            "folding a long text",
            "let s = text() + a; loop { fold(s); same(s, s + \" \"); }",
            vec![Operations],
        ),
        (
            "dictionaries as texts",
            "let m = names(); loop { m.to_string(); m.to_debug(); m.to_json(); }",
            grow(),
        ),
    ];
    let helpers = format!(
        "{TOOLS}
        fn many(a1,a2,a3,a4,a5,a6,a7,a8,a9,b1,b2,b3,b4,b5,b6,b7,b8,b9,c1,c2) {{ 1 }}
        fn twice(n) {{ if n > 20 {{ 1 }} else {{ twice(n + 1) + twice(n + 1) }} }}
        fn fill(n, depth) {{ {} fill(n, depth + 1) }}
        ",
        (0..50).map(|at| format!("let v{at} = n; ")).collect::<String>()
    );
    bodies
        .into_iter()
        .map(|(what, body, limits)| (what, format!("fn f(a, b, c) {{ {body} }}\n{helpers}"), limits))
        .collect()
}

/// Texts that are hard to read rather than to run.
pub(crate) fn texts() -> Vec<(&'static str, String)> {
    let wide = "a + ".repeat(60_000);
    let commented = format!("/* {} */", "x".repeat(200_000));
    vec![
        ("brackets", format!("fn f(a, b, c) {{ {}1{} }}", "(".repeat(100_000), ")".repeat(100_000))),
        ("blocks", format!("fn f(a, b, c) {{ {}1{} }}", "{".repeat(100_000), "}".repeat(100_000))),
        ("lists in lists", format!("fn f(a, b, c) {{ {}1{} }}", "[".repeat(100_000), "]".repeat(100_000))),
        ("a long list", format!("fn f(a, b, c) {{ [{}] }}", "1,".repeat(120_000))),
        ("a long dictionary", {
            let entries: String = (0..20_000).map(|at| format!("k{at}:1,")).collect();
            format!("fn f(a, b, c) {{ #{{{entries}}} }}")
        }),
        ("a long sum", format!("fn f(a, b, c) {{ {wide}1 }}")),
        ("signs", format!("fn f(a, b, c) {{ {}1 }}", "-".repeat(200_000))),
        ("negations", format!("fn f(a, b, c) {{ {}true }}", "!".repeat(200_000))),
        ("else if", format!("fn f(a, b, c) {{ if a {{ 1 }} {} }}", "else if b { 2 } ".repeat(15_000))),
        ("comments in comments", "/*".repeat(120_000)),
        ("a long comment", commented),
        ("texts in texts", format!("fn f(a, b, c) {{ {}1{} }}", "`${".repeat(50_000), "}`".repeat(50_000))),
        ("a text that does not end", format!("fn f(a, b, c) {{ \"{} }}", "x".repeat(200_000))),
        ("many functions", (0..10_000).map(|at| format!("fn g{at}() {{ {at} }}\n")).collect()),
        ("broken functions", (0..8_000).map(|at| format!("fn g{at}( {{ {at} }}\n")).collect()),
        ("a long name", format!("fn {}(a) {{ 1 }}", "n".repeat(200_000))),
        ("dots", format!("fn f(a, b, c) {{ a{} }}", ".b".repeat(100_000))),
        ("indexes", format!("fn f(a, b, c) {{ a{} }}", "[0]".repeat(80_000))),
        ("a switch of many cases", {
            let cases: String = (0..15_000).map(|at| format!("{at} => {at},")).collect();
            format!("fn f(a, b, c) {{ switch a {{ {cases} _ => 0 }} }}")
        }),
        ("a number without end", format!("fn f(a, b, c) {{ {} }}", "9".repeat(200_000))),
        ("functions in functions", "|a| ".repeat(60_000)),
        ("semicolons", format!("fn f(a, b, c) {{ {} 1 }}", ";".repeat(200_000))),
        ("no text at all", "\u{0}\u{feff}\u{202e}".repeat(20_000)),
    ]
}
