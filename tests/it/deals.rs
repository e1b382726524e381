//! Orders of RetailCRM become deals of UIS: from a trigger or the history to funnel, contact, stages and sums.

use serde_json::{Value, json};
use switchboard_emulator::{CallScript, CustomField, Emulator, ReferenceRow};
use switchboard_runtime::deals::{Memory, Reason};
use switchboard_runtime::store::record::{Deal, DealState, Page};

use super::server::{ANNA, Place, SECRET, Server, Tuning, until};

/// The rules of most tests here.
pub(crate) const RULES: &str = r#"rules 1

transfer orders
  only when order.total_with_delivery > 0
  funnel: default
  amount: total_with_delivery
  pass: uis_source, uis_topics, uis_talk_time
  won: order.status_group is "complete"
  lost: order.status_group is "cancel"
"#;

/// The shop of most orders.
pub(crate) const SHOP: &str = "romashka-main";

/// Quick; `more` are further lines of `[account.deals]`.
pub(crate) fn tuning(more: &str) -> Tuning {
    let usual = Tuning::default();
    let has = |key: &str| more.contains(key);
    let mut deals = String::from("[account.deals]\n");
    for (key, value) in [
        ("settle", "\"10 ms\""),
        ("history_interval", "\"50 ms\""),
        ("funnels_interval", "\"1 h\""),
        ("processing_check", "\"50 ms\""),
    ] {
        if !has(key) {
            deals.push_str(&format!("{key} = {value}\n"));
        }
    }
    Tuning {
        limits: format!("{}uis_rate = 100\n", usual.limits),
        uis: format!("{}\n{deals}{more}\n", usual.uis),
        ..usual
    }
}

/// A place whose UIS has points enough for a test.
pub(crate) async fn place(rules: &str, more: &str) -> Place {
    let place = Place::new(rules, &tuning(more)).await;
    place.emulator.set_switches(|switches| {
        switches.points_per_minute = 1_000_000;
        switches.points_per_day = 10_000_000;
    });
    place
}

/// An order of one good that costs so much.
pub(crate) fn order(price: u32, more: Value) -> Value {
    let mut order = json!({"firstName": "Анна", "phone": "+7 (900) 000-00-10", "managerId": 27,
        "items": [{"productName": "Ромашка", "quantity": 1, "initialPrice": price}]});
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        order[name] = value;
    }
    order
}

impl Server {
    /// Where triggers go.
    pub(crate) fn trigger_url(&self) -> String {
        format!("http://{}/hooks/romashka/{SECRET}/retailcrm/order", self.running.addresses().hooks)
    }

    /// RetailCRM tells of every change of an order from now on.
    pub(crate) fn with_triggers(&self) {
        self.place.emulator.crm().set_triggers(vec![self.trigger_url()]);
    }

    pub(crate) async fn deals_kept(&self) -> Vec<Deal> {
        let page = Page { account: None, after: None, limit: 500 };
        self.store().deals().list_deals(page, false).await.expect("the store answers").rows
    }

    pub(crate) async fn deal_kept(&self, order: u64) -> Option<Deal> {
        self.deals_kept().await.into_iter().find(|deal| deal.order == order)
    }

    /// Waits until an order stands somewhere and nothing is left to do about it.
    pub(crate) async fn stands(&self, order: u64, state: DealState) -> Deal {
        until(&format!("order {order} is {state:?}"), async || {
            self.deal_kept(order).await.is_some_and(|deal| deal.state == state && deal.due_at.is_none())
        })
        .await;
        self.deal_kept(order).await.expect("it is there")
    }
}

/// The rows of a deal in UIS, oldest first.
pub(crate) fn rows(emulator: &Emulator, order: u64) -> Vec<Value> {
    let ext_id = json!(order.to_string());
    emulator.uis().deals().into_iter().filter(|row| row["ext_id"] == ext_id).collect()
}

/// The stages of a deal in UIS, those that UIS made up left out.
pub(crate) fn stages(emulator: &Emulator, order: u64) -> Vec<String> {
    let rows = rows(emulator, order);
    let own = rows.iter().filter(|row| row["is_generated"] == json!(false));
    own.map(|row| row["stage_ext_id"].as_str().unwrap_or_default().to_owned()).collect()
}

fn reason(deal: &Deal) -> Option<Reason> {
    deal.reason.as_ref().and_then(|reason| reason.read().ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trigger_makes_a_deal_with_everything_in_its_place() {
    let server = place(RULES, "history_interval = \"1 h\"").await.serve().await;
    let emulator = &server.place.emulator;
    let client = emulator.crm().put_customer(
        SHOP,
        json!({"firstName": "Анна", "lastName": "Петрова", "email": "Anna@Example.com",
            "phones": [{"number": "8 900 000-00-10"}, {"number": "+79000000011"}, {"number": "нет"}]}),
    );
    server.with_triggers();
    let id = emulator.crm().put_order(
        SHOP,
        order(
            4250,
            json!({"customer": {"id": client}, "delivery": {"cost": 350}, "phone": "+79000000012",
                "email": "anna@example.com", "managerComment": "Перезвонить", "number": "10457",
                "source": {"source": "yandex", "medium": "cpc", "campaign": "vesna"},
                "customFields": {"uis_source": "Яндекс", "uis_topics": ["price", "delivery"], "uis_talk_time": 42}}),
        ),
    );
    let kept = server.stands(id, DealState::Done).await;
    assert_eq!(Memory::of(kept.memory.as_ref()).number.as_deref(), Some("10457"));
    let rows = rows(emulator, id);
    assert_eq!(rows.len(), 1, "{rows:?}");
    let row = &rows[0];
    let own = format!("order-{id}");
    for (name, wanted) in [
        ("name", json!("Заказ 10457")),
        ("stage_ext_id", json!("group:new")),
        ("sales_funnel_ext_id", json!("retailcrm")),
        ("revenue", json!(4600)),
        ("employee_ext_id", json!("27")),
        ("main_contact_ext_id", json!(client.to_string())),
        ("contact_ext_ids", json!([client.to_string(), own])),
        ("comments", json!("Перезвонить")),
        ("source", json!("yandex / cpc / vesna")),
        ("closed_date_time", Value::Null),
    ] {
        assert_eq!(row.get(name).cloned().unwrap_or_default(), wanted, "{name}");
    }
    let fields = json!([{"ext_id": "uis_source", "value": "Яндекс"}, {"ext_id": "uis_topics", "value": "Цена, Доставка"},
        {"ext_id": "uis_talk_time", "value": "42"}, {"ext_id": "retailcrm_shop", "value": "Ромашка"}]);
    assert_eq!(row["user_fields"], fields);
    assert_eq!(
        emulator.uis().deal_fields()["uis_talk_time"],
        ("Время разговора".to_owned(), "numeric".to_owned())
    );
    assert_eq!(emulator.uis().deal_employees()["27"], "Лисина Анна");
    let contacts = emulator.uis().deal_contacts();
    let of = |ext_id: &str| {
        contacts.iter().find(|one| one["ext_id"] == json!(ext_id)).cloned().expect("a contact")
    };
    let card = of(&client.to_string());
    assert_eq!(card["phone_numbers"], json!(["79000000010", "79000000011"]));
    assert_eq!((&card["name"], &card["emails"]), (&json!("Петрова Анна"), &json!(["anna@example.com"])));
    assert_eq!(of(&own)["phone_numbers"], json!(["79000000012"]));

    let funnel = &emulator.uis().funnels()[0];
    let stages: Vec<(&str, &str)> = funnel["stages"]
        .as_array()
        .expect("stages")
        .iter()
        .map(|stage| (stage["ext_id"].as_str().unwrap(), stage["status"].as_str().unwrap()))
        .collect();
    let open =
        ["group:new", "group:approval", "group:assembling", "group:delivery"].map(|id| (id, "in_process"));
    assert_eq!(stages, [&open[..], &[("won", "success"), ("lost", "failed")]].concat());

    // Won: closed when it was, and what was jumped over is UIS's affair.
    emulator.crm().edit_order(id, json!({"status": "complete"}));
    until("it is won", async || self::stages(emulator, id).last().is_some_and(|stage| stage == "won")).await;
    let rows = self::rows(emulator, id);
    let last = rows.last().expect("a row");
    assert_eq!(last["closed_date_time"], last["modified_stage_date_time"]);
    // Nothing of it is told again: nothing has changed.
    server.stands(id, DealState::Done).await;
    emulator.crm().edit_order(id, json!({"weight": 5}));
    server.stands(id, DealState::Done).await;
    let before = server.deal_kept(id).await.expect("it is there").updated_at;
    emulator.crm().edit_order(id, json!({"weight": 6}));
    until("it was looked at", async || {
        server
            .deal_kept(id)
            .await
            .is_some_and(|deal| deal.updated_at > before && deal.state == DealState::Done)
    })
    .await;
    assert_eq!(self::rows(emulator, id).len(), rows.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_triggers_in_every_shape_is_one_look_an_order() {
    let server = place(RULES, "history_interval = \"1 h\"\nsettle = \"300 ms\"").await.serve().await;
    let emulator = &server.place.emulator;
    let orders: Vec<u64> =
        (0..10).map(|n| emulator.crm().put_order(SHOP, order(100 + n, json!({})))).collect();
    let hooks = server.running.addresses().hooks;
    let path = format!("/hooks/romashka/{SECRET}/retailcrm/order");
    let form = "application/x-www-form-urlencoded";
    for n in 0..100 {
        let id = orders[n % orders.len()];
        let (query, kind, body) = match n % 5 {
            0 => (format!("?orderId={id}"), "", String::new()),
            1 => (format!("?order_id={id}"), "", String::new()),
            2 => (String::new(), form, format!("orderId={id}")),
            3 => (String::new(), "application/json", format!("{{\"id\": {id}}}")),
            _ => (String::new(), form, format!("{{\"orderId\": \"{id}\"}}")),
        };
        let method = if body.is_empty() { "GET" } else { "POST" };
        let (status, said) = super::http::say(hooks, method, &format!("{path}{query}"), kind, &body).await;
        assert_eq!((status, said.as_str()), (200, "kept\n"), "{n}");
    }
    for id in &orders {
        server.stands(*id, DealState::Done).await;
        assert_eq!(rows(emulator, *id).len(), 1);
    }
    let reads = emulator.journal().of("/api/v5/orders");
    let reads = reads.iter().filter(|entry| entry.path.ends_with("/orders")).count();
    assert!(reads < 20, "{reads} reads of orders for 100 triggers");
    let wrong = format!("/hooks/romashka/{}x/retailcrm/order?orderId=1", &SECRET[..SECRET.len() - 1]);
    assert_eq!(super::http::say(hooks, "GET", &wrong, "", "").await.0, 404);
    let (status, said) = super::http::say(hooks, "GET", &format!("{path}?orderId=abc"), "", "").await;
    assert_eq!(status, 200);
    assert!(said.starts_with("unparsed: no order is named"), "{said}");
    let page = Page { account: None, after: None, limit: 10 };
    assert_eq!(server.store().unparsed(page).await.expect("the store answers").rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_finds_what_no_trigger_told_and_each_stage_in_its_order() {
    let place = place(RULES, "history_interval = \"300 ms\"").await;
    let before = place.emulator.crm().put_order(SHOP, order(1, json!({})));
    // The history is told to the second.
    let made = place.emulator.crm().orders()[0].created_at.as_second();
    until("the second is over", async || jiff::Timestamp::now().as_second() > made).await;
    let server = place.serve().await;
    let emulator = &server.place.emulator;
    until("the history is read", async || !emulator.journal().of("/api/v5/orders/history").is_empty()).await;
    let id = emulator.crm().put_order(SHOP, order(4250, json!({})));
    for status in ["client-confirmed", "send-to-assembling", "delivering"] {
        emulator.crm().edit_order(id, json!({"status": status}));
    }
    server.stands(id, DealState::Done).await;
    assert_eq!(stages(emulator, id), ["group:new", "group:approval", "group:assembling", "group:delivery"]);
    // A second status of the same group is the same stage.
    emulator.crm().edit_order(id, json!({"status": "no-product"}));
    emulator.crm().edit_order(id, json!({"status": "cancel-other"}));
    until("it is lost", async || stages(emulator, id).last().is_some_and(|stage| stage == "lost")).await;
    server.stands(id, DealState::Done).await;
    assert_eq!(stages(emulator, id).len(), 5);
    assert!(server.deal_kept(before).await.is_none(), "what was before the first start is nobody's business");
}

#[tokio::test(flavor = "multi_thread")]
async fn zones_three_hours_apart_put_nothing_into_the_future() {
    let place = place(RULES, "").await;
    place.emulator.crm().set_time_zone("Asia/Omsk");
    let server = place.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    let id = emulator.crm().put_order(SHOP, order(100, json!({})));
    server.stands(id, DealState::Done).await;
    let row = rows(emulator, id).remove(0);
    let created = emulator.crm().orders()[0].created_at;
    let moscow = jiff::tz::TimeZone::get("Europe/Moscow").unwrap();
    let wanted = created.to_zoned_datetime(moscow).strftime("%Y-%m-%d %H:%M:%S").to_string();
    assert_eq!(row["created_date_time"], json!(wanted));
    // Somebody has put an order into tomorrow: it is told as of now.
    let tomorrow = "2126-03-02 12:00:00";
    let id = emulator
        .crm()
        .put_order(SHOP, order(100, json!({"createdAt": tomorrow, "statusUpdatedAt": tomorrow})));
    server.stands(id, DealState::Done).await;
    assert_eq!(rows(emulator, id).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reopened_order_is_reopened_later_than_it_was_closed() {
    let server = place(RULES, "").await.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    let id = emulator.crm().put_order(SHOP, order(100, json!({})));
    for status in ["cancel-other", "client-confirmed", "complete"] {
        emulator.crm().edit_order(id, json!({"status": status}));
    }
    until("it is won", async || stages(emulator, id).last().is_some_and(|stage| stage == "won")).await;
    let deal = server.stands(id, DealState::Done).await;
    assert_eq!(reason(&deal), None);
    let rows = rows(emulator, id);
    let own: Vec<&Value> = rows.iter().filter(|row| row["is_generated"] == json!(false)).collect();
    let at = |row: &Value| row["modified_stage_date_time"].as_str().unwrap().to_owned();
    assert!(own.windows(2).all(|pair| at(pair[0]) <= at(pair[1])), "{own:?}");
    for pair in own.windows(2) {
        if pair[0]["stage_ext_id"] == json!("lost") {
            assert!(at(pair[0]) < at(pair[1]), "{pair:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_of_a_company_is_the_contact_and_the_company_a_field() {
    let server = place(RULES, "").await.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    let person = emulator.crm().put_customer(
        SHOP,
        json!({"firstName": "Олег", "phones": [{"number": "+79000000020"}], "isContact": true}),
    );
    let company = emulator.crm().put_company(SHOP, json!({"nickName": "ООО Василёк"}));
    let id = emulator.crm().put_order(
        SHOP,
        order(100, json!({"phone": null, "customer": {"type": "customer_corporate", "id": company}, "contact": {"id": person},
            "company": {"id": 1, "name": "ООО «Василёк»"}, "orderType": "eshop-legal"})),
    );
    server.stands(id, DealState::Done).await;
    let row = rows(emulator, id).remove(0);
    assert_eq!(row["contact_ext_ids"], json!([person.to_string()]));
    let company = json!({"ext_id": "retailcrm_company", "value": "ООО «Василёк»"});
    assert!(row["user_fields"].as_array().unwrap().contains(&company), "{row}");
    assert!(emulator.uis().deal_contacts().iter().all(|one| one["name"] == json!("Олег")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_a_call_made_names_the_call() {
    let rules = format!("{}{}", super::server::RULES, RULES.trim_start_matches("rules 1\n"))
        .replace("order.total_with_delivery > 0", "order.status is present");
    let server = place(&rules, "").await.serve().await;
    server.with_triggers();
    let call = CallScript {
        client: Some("79000000021".to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![ANNA],
        answered_by: Some(ANNA),
        wait_s: 3,
        talk_s: 30,
        ..CallScript::default()
    };
    let session = server.call(&call).await;
    server.settled(std::slice::from_ref(&session)).await;
    let emulator = &server.place.emulator;
    let id = emulator.crm().orders()[0].id;
    server.stands(id, DealState::Done).await;
    let number: u64 = session.as_str().strip_prefix("call:").unwrap().parse().unwrap();
    for row in rows(emulator, id) {
        assert_eq!((&row["communication_id"], &row["communication_type"]), (&json!(number), &json!("call")));
    }
    // A call that UIS does not know any more is no reason to lose the deal.
    emulator.set_switches(|switches| switches.deals_check_communications = true);
    emulator.uis().remove_row("calls", number);
    emulator.crm().edit_order(id, json!({"status": "complete"}));
    until("it is won", async || stages(emulator, id).last().is_some_and(|stage| stage == "won")).await;
    assert_eq!(rows(emulator, id).last().expect("a row").get("communication_id"), None);
    // An order of somebody else is found by its contact.
    let other = emulator.crm().put_order(SHOP, order(100, json!({})));
    server.stands(other, DealState::Done).await;
    assert_eq!(rows(emulator, other)[0].get("communication_id"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn funnels_follow_shops_and_renamed_groups() {
    let rules = RULES
        .replace("funnel: default", "funnel: per_store")
        .replace("total_with_delivery\n  pass", "total_without_delivery\n  pass");
    let server = place(&rules, "funnels_interval = \"100 ms\"").await.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    let crm = emulator.crm();
    let ids = ["romashka-msk", "romashka-spb"]
        .map(|shop| crm.put_order(shop, order(100, json!({"delivery": {"cost": 50}}))));
    for id in ids {
        server.stands(id, DealState::Done).await;
    }
    assert_eq!(rows(emulator, ids[0])[0]["sales_funnel_ext_id"], json!("retailcrm:romashka-msk"));
    assert_eq!(rows(emulator, ids[1])[0]["revenue"], json!(100));
    let names = |emulator: &Emulator| -> Vec<String> {
        emulator.uis().funnels().iter().map(|funnel| funnel["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(emulator), ["Ромашка Москва", "Ромашка Петербург"]);
    let row = |code: &str, name: &str, more: Value| ReferenceRow {
        code: code.to_owned(),
        name: name.to_owned(),
        active: true,
        more: more.as_object().cloned().unwrap(),
    };
    crm.put_reference("statusGroups", row("approval", "Согласуем", json!({"ordering": 20})));
    crm.put_reference("statusGroups", row("dispute", "Спор", json!({"ordering": 25})));
    crm.put_reference("statuses", row("in-dispute", "Спорный", json!({"ordering": 26, "group": "dispute"})));
    let stage = |name: &str| {
        let funnel = emulator.uis().funnels().remove(0);
        let stages = funnel["stages"].as_array().cloned().unwrap();
        stages.iter().position(|stage| stage["name"] == json!(name))
    };
    until("the group has its new name in UIS", async || {
        stage("Согласуем").is_some() && stage("Согласование").is_none()
    })
    .await;
    until("the new group is a stage in its place", async || stage("Спор") == Some(2)).await;
    crm.edit_order(ids[0], json!({"status": "in-dispute"}));
    until("an order stands there", async || {
        stages(emulator, ids[0]).last().is_some_and(|stage| stage == "group:dispute")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn statuses_can_be_the_stages_and_rules_keep_orders_out() {
    let server = place(RULES, "stages = \"statuses\"\nprefix = \"shop-\"").await.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    let free = emulator.crm().put_order(SHOP, order(0, json!({})));
    let paid = emulator.crm().put_order(SHOP, order(10, json!({"status": "client-confirmed"})));
    server.stands(free, DealState::NotPassed).await;
    server.stands(paid, DealState::Done).await;
    let rows = emulator.uis().deals();
    let own: Vec<&Value> = rows.iter().filter(|row| row["is_generated"] == json!(false)).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["ext_id"], json!(format!("shop-{paid}")));
    assert_eq!(own[0]["stage_ext_id"], json!("status:client-confirmed"));
    assert_eq!(own[0]["sales_funnel_ext_id"], json!("shop-retailcrm"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_transfer_orders_nothing_is_asked_of_anybody() {
    let server = place(super::server::RULES, "").await.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    let id = emulator.crm().put_order(SHOP, order(10, json!({})));
    let deal = server.stands(id, DealState::NotPassed).await;
    assert_eq!(reason(&deal), Some(Reason::NoTransfer));
    assert!(emulator.journal().of("/api/v5/orders").is_empty());
    assert!(emulator.uis().funnels().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_of_the_crm_that_is_new_is_made_in_uis_too() {
    let rules = RULES.replace("uis_talk_time", "uis_talk_time, color");
    let place = place(&rules, "").await;
    let field = |kind: &str| CustomField {
        entity: "order".to_owned(),
        code: "color".to_owned(),
        name: "Цвет".to_owned(),
        kind: kind.to_owned(),
        dictionary: None,
        required: false,
    };
    place.emulator.crm().put_custom_field(field("string"));
    let server = place.serve().await;
    server.with_triggers();
    let emulator = &server.place.emulator;
    let id = emulator.crm().put_order(SHOP, order(10, json!({"customFields": {"color": "белый"}})));
    server.stands(id, DealState::Done).await;
    assert_eq!(emulator.uis().deal_fields()["color"], ("Цвет".to_owned(), "string".to_owned()));
}
