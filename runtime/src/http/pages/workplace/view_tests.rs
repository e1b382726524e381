//! Pieces of the panel as a browser gets them.

use jiff::Timestamp;
use serde_json::json;

use super::*;
use crate::crm::Customer;
use crate::http::pages::render::plain;
use crate::store::record::{
    AccountId, DecisionId, EffectClass, EffectId, EffectKey, Json, LaneKey, NewDecision, SessionKey,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn moscow() -> TimeZone {
    TimeZone::get("Europe/Moscow").unwrap()
}

fn brief(key: &str, name: Option<&str>, contacts: &[&str]) -> Brief {
    Brief {
        key: SessionKey::from(key),
        employees: vec![323_400],
        started: at("2026-03-02T09:00:05Z"),
        updated: at("2026-03-02T09:00:30Z"),
        contacts: contacts.iter().map(|&contact| contact.to_owned()).collect(),
        name: name.map(str::to_owned),
        direction: Some(Direction::In),
        ended: false,
        missed: true,
        talked: false,
    }
}

fn effect(id: i64, kind: &str, state: EffectState, remote: Option<&str>, error: Option<&str>) -> Effect {
    Effect {
        id: EffectId(id),
        account: AccountId::from("romashka"),
        lane: LaneKey::phone("+79000000010"),
        communication: Some(SessionKey::from("call:1")),
        decision: Some(DecisionId(1)),
        ordinal: 0,
        key: EffectKey::from(kind),
        kind: kind.into(),
        class: EffectClass::Probe,
        request: Json::of(&json!({})).unwrap(),
        needs: Json::of(&json!([])).unwrap(),
        state,
        attempts: 1,
        next_at: at("2026-03-02T09:01:00Z"),
        epoch: None,
        remote_id: remote.map(Into::into),
        error: error.map(str::to_owned),
        response: None,
        created_at: at("2026-03-02T09:00:30Z"),
        updated_at: at("2026-03-02T09:00:31Z"),
    }
}

fn timeline() -> Timeline {
    let decision = json!({
        "accepted": true, "create": ["client", "order"], "responsible": "anna@romashka.ru", "store": "romashka-main",
        "tasks": [{"title": "Перезвонить <Анне>", "assign": "olga@romashka.ru", "due": "2026-03-02T11:00:00Z"}],
        "fields": {"client": {"uis_campaign": "Лето & зима"}, "order": {}},
        "trace": [{"section": "table entities", "file": "main.rules", "line": 3, "row": 1,
            "why": {"en": "row 1: contact is first", "ru": "строка 1: контакт первый"}}],
    });
    let made = NewDecision {
        communication: SessionKey::from("call:1"),
        stage: "end".into(),
        bundle_digest: "0".repeat(64).into(),
        now: at("2026-03-02T09:00:29Z"),
        event: Json::of(&json!({})).unwrap(),
        facts: Json::of(&json!({})).unwrap(),
        decision: Json::of(&decision).unwrap(),
    };
    let account = AccountId::from("romashka");
    let decision = Decision { id: DecisionId(1), account, created_at: at("2026-03-02T09:00:30Z"), made };
    Timeline {
        session: SessionKey::from("call:1"),
        communication: None,
        events: Vec::new(),
        decisions: vec![decision],
        effects: vec![
            effect(1, "ensure_client", EffectState::Done, Some("4770"), Some("too late")),
            effect(2, "ensure_order", EffectState::Done, Some("6722"), None),
            effect(3, "upload_call", EffectState::Dead, None, Some("RetailCRM is out of order (502)")),
        ],
    }
}

fn card() -> Card {
    let client = Customer {
        id: 4770,
        first_name: Some("Анна".to_owned()),
        last_name: Some("Ким <b>".to_owned()),
        email: Some("anna@client.example".to_owned()),
        phones: vec!["+7 900 000-00-10".to_owned()],
        orders_count: 25,
        ..Customer::default()
    };
    let order = |id: u64, number: &str, status: Option<&str>, sum: u64, is_paid: bool| {
        let order = Sale {
            id,
            number: Some(number.to_owned()),
            total_with_delivery: Some(sum.into()),
            created_at: Some("2026-03-02 12:00:30".to_owned()),
            is_paid,
            ..Sale::default()
        };
        OrderOf { order, status: status.map(str::to_owned) }
    };
    let orders = vec![order(6722, "6722A", Some("Новый"), 0, false), order(6001, "6001A", None, 1200, true)];
    Card { client: Some(client), manager: Some("Лисина Анна".to_owned()), orders }
}

/// A piece as a browser gets it, without lines that are blank.
fn shown<T: Serialize>(template: &str, lang: Lang, own: T) -> String {
    let axum::response::Html(page) = plain(template, lang, own).unwrap();
    let lines = page.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

const CRM: &str = "https://romashka.retailcrm.ru";

#[test]
fn an_operator_reads_the_pieces_in_both_languages() {
    let zone = moscow();
    for lang in [Lang::Ru, Lang::En] {
        let call = brief("call:1", Some("Анна Ким"), &["+79000000010"]);
        let chat =
            Brief { direction: None, ended: true, missed: true, talked: false, ..brief("chat:2", None, &[]) };
        let pieces = [
            shown("workplace_list.html", lang, list(&[call.clone(), chat.clone()], &zone, lang)),
            shown("workplace_list.html", lang, list(&[], &zone, lang)),
            shown(
                "workplace_client.html",
                lang,
                client(&call, &timeline(), Some((card(), true)), (&zone, CRM), lang),
            ),
            shown("workplace_client.html", lang, client(&chat, &timeline(), None, (&zone, CRM), lang)),
            shown(
                "workplace_client.html",
                lang,
                client(&chat, &timeline(), Some((Card::default(), true)), (&zone, CRM), lang),
            ),
            shown("workplace_rules.html", lang, rules(&timeline(), (&zone, CRM), lang)),
        ];
        insta::assert_snapshot!(format!("pieces_{}", lang.code()), pieces.join("\n----\n"));
    }
}

#[test]
fn moments_of_the_crm_are_cut_to_the_minute() {
    assert_eq!(minute("2026-03-02 11:59:58", Lang::Ru), "02.03.2026 11:59");
    assert_eq!(minute("2026-03-02 11:59:58", Lang::En), "2026-03-02 11:59");
    assert_eq!(minute("yesterday", Lang::En), "yesterday");
}
