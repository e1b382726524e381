//! Makes scripts by dice: mostly well formed, all of them up to no good.
//!
//! The same seed gives the same script. Each function begins with variables of every kind, so that whatever comes after may
//! name them.

use std::fmt::Write as _;

/// A script and what its function is called with.
pub(crate) struct Made {
    pub(crate) source: String,
    pub(crate) text: String,
}

/// The script of a seed.
pub(crate) fn script(seed: u64) -> Made {
    let mut maker = Maker { dice: fastrand::Rng::with_seed(seed), out: String::new(), budget: 0 };
    let functions = maker.dice.usize(..5);
    maker.function("f", 3);
    for at in 0..5 {
        if at < functions {
            maker.function(&format!("g{at}"), at % 3);
        } else {
            let _ = writeln!(maker.out, "fn g{at}({}) {{ {at} }}", PARAMETERS[..at % 3].join(", "));
        }
    }
    if maker.dice.usize(..6) == 0 {
        // In the place of a function of Rhai's, or of ours.
        let name = maker.one(&["len", "phone", "like", "replace", "push", "is_missing", "to_string", "sort"]);
        maker.function(name, 1);
    }
    let text = match maker.dice.usize(..4) {
        0 => "я".repeat(maker.dice.usize(..40_000)),
        1 => "a".repeat(maker.dice.usize(..40_000)),
        2 => "x,".repeat(20),
        _ => String::from("кампания"),
    };
    let source = match maker.dice.usize(..8) {
        0 => maker.spoilt(),
        _ => maker.out,
    };
    Made { source, text }
}

const PARAMETERS: [&str; 3] = ["a", "b", "c"];
/// By kind: numbers, texts, lists, dictionaries, functions.
const VARIABLES: [&str; 10] = ["n0", "n1", "s0", "s1", "l0", "l1", "m0", "m1", "p0", "p1"];

struct Maker {
    dice: fastrand::Rng,
    out: String,
    /// Statements that may still be written into this function.
    budget: usize,
}

impl Maker {
    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.dice.usize(..of.len())]
    }

    fn variable(&mut self) -> &'static str {
        self.one(&VARIABLES)
    }

    fn function(&mut self, name: &str, parameters: usize) {
        let _ = writeln!(self.out, "fn {name}({}) {{", PARAMETERS[..parameters].join(", "));
        for name in PARAMETERS.iter().skip(parameters) {
            let _ = writeln!(self.out, "  let {name} = 1;");
        }
        self.out.push_str(
            "  let n0 = 0; let n1 = 7; let s0 = \"x\"; let s1 = `${a}`; let l0 = []; let l1 = [1, \"б\", []];\n  \
             let m0 = #{}; let m1 = #{k: 1, \"ключ\": []}; let p0 = Fn(\"g0\"); let p1 = Fn(\"g1\").curry(n0);\n",
        );
        self.budget = 4 + self.dice.usize(..24);
        while self.budget > 0 {
            // Most statements go wrong sooner or later; caught, they leave the rest to the others.
            if self.dice.usize(..10) < 7 {
                self.out.push_str("try { ");
                self.statement(1);
                self.out.push_str("} catch { } ");
            } else {
                self.statement(1);
            }
        }
        let result = self.variable();
        let _ = writeln!(self.out, "  {result}\n}}");
    }

    fn block(&mut self, depth: usize) {
        self.out.push_str("{ ");
        for _ in 0..1 + self.dice.usize(..3) {
            self.statement(depth + 1);
        }
        self.out.push_str("} ");
    }

    fn statement(&mut self, depth: usize) {
        self.budget = self.budget.saturating_sub(1);
        let kind = if depth > 3 || self.budget == 0 { self.dice.usize(..8) } else { self.dice.usize(..20) };
        match kind {
            0 => {
                let (to, value) = (self.variable(), self.expression(0));
                let _ = write!(self.out, "{to} = {value}; ");
            }
            1 | 2 => {
                let (to, value) = (self.one(&["n0", "s0", "s1", "l0", "l1", "m0"]), self.expression(0));
                let sign = self.one(&["+=", "+=", "+=", "-=", "*="]);
                let _ = write!(self.out, "{to} {sign} {value}; ");
            }
            3 => {
                let (map, key, value) = (self.one(&["m0", "m1"]), self.expression(1), self.expression(1));
                let _ = write!(self.out, "{map}[`${{{key}}}`] = {value}; ");
            }
            4 => {
                let (list, value) = (self.one(&["l0", "l1"]), self.expression(1));
                let act = self.one(&["push", "push", "append", "insert(0, ", "l0[0]"]);
                let _ = match act {
                    "insert(0, " => write!(self.out, "{list}.insert(0, {value}); "),
                    "l0[0]" => write!(self.out, "if {list}.len() > 0 {{ {list}[0] = {value}; }} "),
                    act => write!(self.out, "{list}.{act}({value}); "),
                };
            }
            5 => {
                let (text, value) = (self.one(&["s0", "s1"]), self.expression(1));
                let act = match self.dice.usize(..5) {
                    0 => format!("pad({}, 'y')", self.dice.usize(..20_000)),
                    1 => format!("replace(\"x\", `${{{value}}}`)"),
                    2 => String::from("replace('a', \"aaaaaaaa\")"),
                    3 => String::from("make_upper()"),
                    _ => String::from("crop(1)"),
                };
                let _ = write!(self.out, "{text}.{act}; ");
            }
            6 => {
                let (to, value) = (self.one(&["p0", "p1"]), self.expression(1));
                let _ = write!(self.out, "{to} = {to}.curry({value}); ");
            }
            7 => {
                let value = self.expression(0);
                let act = self.one(&["let x =", "let x =", "print", "debug", "log"]);
                let _ = write!(self.out, "{act} ({value}); ");
            }
            8 => {
                let condition = self.condition();
                let _ = write!(self.out, "while {condition} ");
                self.block(depth);
            }
            9 => {
                self.out.push_str("loop ");
                self.block(depth);
            }
            10..=12 => {
                let range = match self.dice.usize(..4) {
                    0 => format!("0..{}", [3, 300, 100_000, i64::MAX][self.dice.usize(..4)]),
                    1 => String::from("l0"),
                    2 => String::from("s0.to_chars()"),
                    _ => format!("range(0, {}, 3)", self.dice.usize(..1_000)),
                };
                let _ = write!(self.out, "for i in {range} ");
                self.block(depth);
            }
            13 => {
                self.out.push_str("try ");
                self.block(depth);
                self.out.push_str("catch (e) ");
                self.block(depth);
            }
            14 => {
                let value = self.expression(1);
                let _ = write!(self.out, "if n0 > 3 {{ throw {value}; }} ");
            }
            15 => {
                let condition = self.condition();
                let _ = write!(self.out, "if {condition} ");
                self.block(depth);
                self.out.push_str("else ");
                self.block(depth);
            }
            16 => {
                let value = self.expression(1);
                let _ = write!(self.out, "switch {value} {{ 0 => {{ ");
                self.statement(depth + 1);
                self.out.push_str("}, \"x\" => { ");
                self.statement(depth + 1);
                self.out.push_str("}, _ => { ");
                self.statement(depth + 1);
                self.out.push_str("} } ");
            }
            17 => {
                let list = self.one(&["l0", "l1"]);
                let act = self
                    .one(&["map", "filter", "for_each", "reduce", "sort", "find", "retain", "all", "dedup"]);
                let two = matches!(act, "reduce" | "sort" | "dedup");
                let body = self.one(&[
                    "loop {}",
                    "x",
                    "[x, x]",
                    "`${x}${x}`",
                    "g1(x)",
                    "throw x",
                    "let s = \"y\"; s.pad(5000, 'z'); s",
                ]);
                let parameters = if two {
                    "|x, y|"
                } else if act == "for_each" {
                    "||"
                } else {
                    "|x|"
                };
                let body = if act == "for_each" { "this = [this, this];" } else { body };
                let _ = write!(self.out, "{list}.{act}({parameters} {{ {body} }}); ");
            }
            18 => {
                let name = self.one(&[
                    "f(a, b, c)",
                    "g0()",
                    "g1(l0)",
                    "g2(m0, s0)",
                    "g3()",
                    "g4(l1)",
                    "p0.call()",
                    "p1.call(s0)",
                ]);
                let to = self.variable();
                let _ = write!(self.out, "{to} = {name}; ");
            }
            _ => {
                let word =
                    if depth > 1 { self.one(&["continue; ", "break; ", "n0 += 1; "]) } else { "n0 += 1; " };
                // Outside a loop it is a mistake, which the file is refused for; most of the time it is inside.
                let _ = match word {
                    "n0 += 1; " => write!(self.out, "{word}"),
                    word => write!(self.out, "loop {{ {word} }} ").map(|()| ()),
                };
            }
        }
    }

    fn condition(&mut self) -> String {
        match self.dice.usize(..5) {
            0 => String::from("true"),
            1 => format!("s0.len() < {}", self.dice.usize(..20_000)),
            2 => format!("l0.len() < {}", self.dice.usize(..1_000)),
            3 => String::from("n0 % 3 != 1"),
            _ => String::from("is_missing(s0) || m0.len() < 200"),
        }
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth > 2 {
            return self.variable().to_owned();
        }
        match self.dice.usize(..20) {
            0..=3 => self.variable().to_owned(),
            4 => self.dice.i64(..).to_string(),
            5 => format!("\"{}\"", "ж".repeat(self.dice.usize(..2_000))),
            6 => {
                let (left, right) = (self.expression(depth + 1), self.expression(depth + 1));
                let sign = self.one(&["+", "+", "+", "-", "*", "/", "%", "<<", "**", "==", "in", "??"]);
                format!("({left} {sign} {right})")
            }
            7 => {
                let (one, other) = (self.expression(depth + 1), self.expression(depth + 1));
                format!("[{one}, {other}, {one}]")
            }
            8 => {
                let (one, other) = (self.expression(depth + 1), self.expression(depth + 1));
                format!("#{{x: {one}, y: {other}}}")
            }
            9 => {
                let (one, other) = (self.expression(depth + 1), self.expression(depth + 1));
                format!("`${{{one}}}-${{{other}}}`")
            }
            10 => format!("s1.split(\"{}\")", self.one(&["", ",", "a"])),
            11 => format!("{}.to_string()", self.variable()),
            12 => {
                let deep = if self.dice.usize(..40) == 0 { 40 } else { 2 };
                format!("{}{}{}", "(".repeat(deep), self.variable(), ")".repeat(deep))
            }
            13 => format!("[{}]", "s0, ".repeat(self.dice.usize(..400))),
            14 => format!("g1({})", self.expression(depth + 1)),
            15 => format!("g2({}, {})", self.expression(depth + 1), self.variable()),
            16 => {
                let variable = self.variable();
                let act = self.one(&[
                    "len()",
                    "to_debug()",
                    "is_missing()",
                    "to_upper()",
                    "keys()",
                    "values()",
                    "to_json()",
                    "to_chars()",
                ]);
                format!("{variable}.{act}")
            }
            17 => format!(
                "call(Fn(\"{}\" + \"{}\"), s0)",
                self.one(&["g", "le", "ev", "f", "sle"]),
                self.one(&["1", "n", "al", "", "ep"])
            ),
            18 => format!("like(s0, \"{}\")", self.one(&["*x*x*x*", "?*?*?", "*"])),
            _ => format!("or_else(phone(s0), {})", self.variable()),
        }
    }

    /// The script with some of it gone or doubled.
    fn spoilt(mut self) -> String {
        let mut chars: Vec<char> = self.out.chars().collect();
        for _ in 0..1 + self.dice.usize(..3) {
            if chars.is_empty() {
                break;
            }
            let from = self.dice.usize(..chars.len());
            let to = (from + self.dice.usize(..40)).min(chars.len());
            if self.dice.bool() {
                chars.drain(from..to);
            } else {
                let piece: Vec<char> = chars[from..to].to_vec();
                let at = self.dice.usize(..=chars.len());
                chars.splice(at..at, piece);
            }
        }
        chars.into_iter().collect()
    }
}
