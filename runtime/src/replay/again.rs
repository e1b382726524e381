//! Whether rules give again what was kept of them, byte for byte.
//!
//! A decision is written in the form in which it was kept, whatever has come to later forms, and compared with what the rules
//! said then: the kept decision without what the server put into it. The words of the trace are told apart, since a later
//! program may have better ones.

use serde_json::Value as Json;
use switchboard_engine::decide::{Decision, Form};

use super::circumstances::KEY;
use crate::worker::NO_MARKETING_DATA;

/// How much of a kept decision comes out again. Worse is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Again {
    /// The same bytes.
    Same,
    /// The same, and the trace tells it in other words.
    OtherWords,
    /// Something else.
    Otherwise,
}

/// What the rules said, as it was kept.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    form: Form,
    said: Json,
}

impl Kept {
    /// Takes out of a kept decision what the server put into it.
    pub(super) fn new(form: Form, mut told: Json) -> Kept {
        if let Some(object) = told.as_object_mut() {
            object.shift_remove(KEY);
        }
        if let Some(Json::Array(trace)) = told.get_mut("trace")
            && trace.first().is_some_and(|step| step.get("outcome").is_some_and(|of| of == NO_MARKETING_DATA))
        {
            trace.remove(0);
        }
        Kept { form, said: told }
    }

    /// What a decision is of it.
    pub(super) fn again(&self, decision: &Decision) -> Again {
        let (mut kept, mut made) = (self.said.clone(), decision.to_json_as(self.form));
        // The order of keys is a part of the bytes.
        let bytes = |json: &Json| json.to_string();
        if bytes(&kept) == bytes(&made) {
            return Again::Same;
        }
        forget_words(&mut kept);
        forget_words(&mut made);
        if bytes(&kept) == bytes(&made) { Again::OtherWords } else { Again::Otherwise }
    }
}

/// Takes the words out of a trace.
fn forget_words(decision: &mut Json) {
    let forget = |of: &mut Json| of.as_object_mut().and_then(|of| of.get_mut("why")).map(Json::take);
    for step in decision.get_mut("trace").and_then(Json::as_array_mut).into_iter().flatten() {
        forget(step);
        let near = step.get_mut("near").and_then(Json::as_array_mut).into_iter().flatten();
        near.for_each(|near| drop(forget(near)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
    use switchboard_engine::event::Event;
    use switchboard_engine::facts::Facts;

    use super::*;

    /// A decision of rules with a policy and a row that nearly matched.
    fn decision() -> Decision {
        let rules = "rules 1\n\ntable entities for calls\n  | contact | site || create |\n  | first | \"x.ru\" || client, order |\n  | else || client |\n\ntask for missed calls\n  title: \"T\"\n  assign: \"a@x.ru\"\n  due: 1 hour after finished\n\nscript \"p.rhai\"\n  policy task for missed calls\n";
        let mut source = BundleSource::single(rules);
        source
            .add("p.rhai", "fn task(event, proposal, facts) { proposal.title += \"!\"; proposal }")
            .expect("a name");
        let bundle = load(&source, &LoadOptions::default()).bundle.expect("good rules");
        let event = json!({
            "kind": "call", "direction": "incoming", "contact": "first", "missed": true,
            "finished": "2026-03-02T12:00:00+03:00",
        });
        let event = Event::from_json(&event).expect("an event");
        bundle.decide(&event, &Facts::none(), "2026-03-02T12:00:00+03:00".parse().expect("a moment"))
    }

    /// As the server keeps it, and through text and back as the store does.
    fn kept(form: Form, change: impl Fn(&mut Json)) -> Kept {
        let mut told = decision().to_json_as(form);
        let step = json!({"outcome": NO_MARKETING_DATA, "why": {"en": "x", "ru": "y"}, "near": []});
        told["trace"].as_array_mut().expect("a trace").insert(0, step);
        told[KEY] = json!({ "now": "2026-03-02T12:00:00+03:00" });
        change(&mut told);
        Kept::new(form, serde_json::from_str(&told.to_string()).expect("JSON"))
    }

    #[test]
    fn every_form_comes_out_again_byte_for_byte() {
        for form in Form::ALL {
            assert_eq!(kept(form, |_| {}).again(&decision()), Again::Same, "{form:?}");
        }
    }

    #[test]
    fn other_words_are_told_apart_from_another_decision() {
        let of = |change: &dyn Fn(&mut Json)| kept(Form::CURRENT, change).again(&decision());
        assert_eq!(of(&|told| told["trace"][1]["why"]["en"] = json!("told better")), Again::OtherWords);
        assert_eq!(of(&|told| told["tasks"][0]["title"] = json!("T")), Again::Otherwise);
        assert_eq!(of(&|told| told["trace"][1]["line"] = json!(99)), Again::Otherwise);
        let without_a_key = |told: &mut Json| {
            told.as_object_mut().expect("an object").shift_remove("store");
        };
        assert_eq!(of(&without_a_key), Again::Otherwise);
        assert!(Again::Same < Again::OtherWords && Again::OtherWords < Again::Otherwise);
    }

    #[test]
    fn what_a_form_does_not_tell_may_differ() {
        let other = kept(Form::Second, |told| told["tasks"][0]["name"] = json!("another"));
        assert_eq!(other.again(&decision()), Again::Otherwise);
        let first = kept(Form::First, |_| {});
        assert_eq!(first.again(&Decision { park: true, ..decision() }), Again::Same);
    }
}
