//! A day's work in a store: a call that was received, merged, decided and partly done, as workers leave it behind.

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::json;
use switchboard_engine::decide::Form;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_grammar::lang::Lang;
use switchboard_runtime::communication::{Call, Contact, KIND, Merged, event};
use switchboard_runtime::source::uis::{Decoded, Stored, decode};
use switchboard_runtime::store::record::{
    Change, Claim, EffectClass, EffectState, Json, Lease, NewDecision, NewEffect, Phase, Progress,
    PutCommunication, SessionKey,
};
use tower::ServiceExt as _;

use crate::fixtures;
use crate::house::{self, Answer, House, Plan};

/// Rules that let a call through for a reason and nearly for another.
const RULES: &str = r#"rules 1

## Which calls come in at all.
filter for incoming calls
  accept when scenario is "Опт"
  accept when scenario is "Продажи" and talk_time > 30 s
  else reject

table entities for incoming calls
  | contact | talk_time || create        |
  |---------|-----------||---------------|
  | repeat  | >= 30 s   || order         |
  | first   | -         || client, order |
"#;

/// When the workers come.
fn later() -> jiff::Timestamp {
    house::now() + Duration::from_secs(300)
}

/// A call that was received, merged, decided and partly done, as workers leave it behind.
pub(crate) struct Day {
    pub(crate) house: House,
}

impl Day {
    pub(crate) async fn new() -> Self {
        Self::of(Plan::default()).await
    }

    pub(crate) async fn of(plan: Plan) -> Self {
        let house = House::of(plan).await;
        let rules = house.folder.path().join("rules/romashka/main.rules");
        std::fs::write(rules, RULES).unwrap();
        house.rulebook.look("romashka", house::now());
        let status = house.rulebook.status("romashka").unwrap();
        assert!(
            !status.is_stale(),
            "{}",
            status.problems.iter().map(|problem| problem.text(Lang::En)).collect::<String>()
        );
        for name in [
            "call_end-answered",
            "ring",
            "record",
            "call_lost",
            "json-wrong-types",
            "not-utf8",
            "unknown-event",
            "json-deep",
            "xml",
        ] {
            assert_eq!(house.deliver(&fixtures::named(name)).await.status, StatusCode::OK);
        }
        let day = Self { house };
        day.work().await;
        day
    }

    /// Does what a worker does, by hand.
    async fn work(&self) {
        let store = &self.house.store;
        let now = later();
        let claim = Claim { owner: "test".into(), now, lease: Duration::from_secs(60), limit: 10 };
        for lease in store.claim_lanes(claim).await.unwrap().leases {
            let work = store.lane_work(&lease, now).await.unwrap();
            let mut changes = Vec::new();
            let mut calls: std::collections::BTreeMap<SessionKey, Call> = std::collections::BTreeMap::new();
            for event in &work.events {
                let delivery = Stored::unpack(&event.event, &event.content_type, event.body.as_bytes());
                let Decoded::Notification { notification, .. } = decode(&delivery) else {
                    panic!("unparsed")
                };
                let session = event.session.clone().unwrap();
                let call = calls.entry(session).or_insert_with(|| Call::new(notification.session));
                call.hear(*notification, event.received_at);
                changes.push(Change::EventDone { seq: event.seq });
            }
            for (key, call) in &calls {
                let talked = key.as_str() == "call:998700001";
                changes.push(Change::PutCommunication(PutCommunication {
                    key: key.clone(),
                    kind: KIND.into(),
                    data: Json::of(call).unwrap(),
                    phase: if talked { Phase::Decided } else { Phase::Ending },
                    due_at: Some(now + Duration::from_secs(600)),
                }));
                if talked {
                    changes.push(self.decision(key, call));
                }
            }
            store.commit(&lease, now, changes).await.unwrap();
            self.effects(&lease).await;
            store.release(lease, None).await.unwrap();
        }
    }

    fn decision(&self, key: &SessionKey, call: &Call) -> Change {
        let zone = jiff::tz::TimeZone::get("Europe/Moscow").unwrap();
        let merged = Merged::of(call, &zone).unwrap();
        let event = event(&merged, Contact::First, &|_, _| None).unwrap();
        let bundle = self.house.rulebook.in_force("romashka").expect("rules").bundle.clone();
        let decision =
            bundle.decide(&event, &Facts::none(), Moment::new(house::now(), jiff::tz::Offset::UTC));
        let mut kept = decision.to_json_as(Form::CURRENT);
        // What these rules do not ask for, so that a page has all of it to show.
        kept["tasks"] = json!([{"title": "Перезвонить +79000000010", "note": null, "assign": "anna@romashka.ru", "due": "2026-03-02T15:00:00+03:00"}]);
        kept["fields"]["client"] = json!({"crm_source": "Яндекс"});
        let effect = |key: &str, kind: &str, request: serde_json::Value| NewEffect {
            key: key.into(),
            kind: kind.into(),
            class: EffectClass::Probe,
            request: Json::of(&request).unwrap(),
            needs: Json::of(&json!([])).unwrap(),
            state: EffectState::Ready,
            next_at: house::now(),
        };
        Change::PutDecision {
            decision: NewDecision {
                communication: key.clone(),
                stage: "end".into(),
                bundle_digest: bundle.digest().into(),
                now: house::now(),
                event: Json::of(&event.to_json()).unwrap(),
                facts: Json::of(&json!({})).unwrap(),
                decision: Json::of(&kept).unwrap(),
            },
            effects: vec![
                effect(
                    "client:call:998700001",
                    "ensure_client",
                    json!({"phone": "+79000000010", "name": "Анна Петрова"}),
                ),
                effect("order:call:998700001", "ensure_order", json!({"external_id": "uis-1"})),
                effect("call:call:998700001", "upload_call", json!({"record": "https://media.uiscom.ru/1"})),
            ],
        }
    }

    /// One effect done, one given up, one unknown.
    async fn effects(&self, lease: &Lease) {
        let store = &self.house.store;
        let work = store.lane_work(lease, later()).await.unwrap();
        let states = [EffectState::Done, EffectState::Dead, EffectState::Unknown];
        let changes = work.effects.iter().zip(states).map(|(effect, state)| {
            Change::PutProgress(Progress {
                attempts: 3,
                remote_id: (state == EffectState::Done).then(|| "4770".into()),
                error: (state == EffectState::Dead)
                    .then(|| "field `number`: is taken by +79000000010".to_owned()),
                response: Some(
                    Json::of(&json!({"success": true, "id": 4770, "phone": "+79000000010"})).unwrap(),
                ),
                ..effect.progress(state)
            })
        });
        store.commit(lease, later(), changes.collect()).await.unwrap();
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path).header("host", "localhost:8081");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        house::read(self.house.console().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "localhost:8081");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(form.to_owned())).unwrap();
        house::read(self.house.console().oneshot(request).await.unwrap()).await
    }

    /// The token that a page of this process shows.
    pub(crate) async fn token(&self) -> String {
        let page = self.get("/", &[]).await.body;
        let (_, rest) = page.split_once("name=\"token\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }
}
