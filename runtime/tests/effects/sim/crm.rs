//! A RetailCRM that keeps what it is told and answers, fails, lies late, or says nothing.
//!
//! Requests are carried out by a task of their own, so that one whose sender is gone is carried out all the same, now or
//! later. What is random follows from the seed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use serde_json::{Value, json};
use switchboard_runtime::outbound::{NotSent, Outcome, Transport, Unanswered};
use tokio::time::Instant;

/// How much goes wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weather {
    /// Share of requests that go wrong, in percent.
    pub(crate) faults: u32,
    /// Whether a second record with the same external id is refused, and in words that tell it.
    pub(crate) unique: Uniqueness,
    /// How long a new record may be missing from lists and reads.
    pub(crate) index_delay: Duration,
    /// How long a request may be carried out after its sender gave up.
    pub(crate) lateness: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Uniqueness {
    /// Refused, and it says so.
    Told,
    /// Refused without a word about why.
    Opaque,
    /// Not refused: a second record is made.
    None,
}

/// A record.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: u64,
    pub(crate) content: Value,
    pub(crate) created: Instant,
}

impl Row {
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.content.get(name).and_then(Value::as_str)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) customers: Vec<Row>,
    pub(crate) orders: Vec<Row>,
    pub(crate) tasks: Vec<Row>,
    pub(crate) calls: BTreeMap<String, Value>,
    /// When requests arrived: telephony, and all others.
    pub(crate) arrivals: [Vec<Instant>; 2],
    /// Every change, in order: path and content.
    pub(crate) changes: Vec<(String, Value)>,
    pub(crate) faults: u64,
    pub(crate) late: u64,
    pub(crate) lockouts: u64,
    /// While this has not passed, the key is refused.
    locked_until: Option<Instant>,
    next_id: u64,
}

/// The CRM; clones are one.
#[derive(Debug, Clone)]
pub(crate) struct SimCrm {
    held: Arc<Mutex<Held>>,
    dice: Arc<Mutex<fastrand::Rng>>,
    weather: Weather,
    fair: Arc<std::sync::atomic::AtomicBool>,
}

enum Fate {
    Well,
    NotSent,
    Busy,
    Broken { after: bool },
    Lost { after: bool },
    Late,
    Page { after: bool },
    Half { after: bool },
    Locked,
}

impl SimCrm {
    pub(crate) fn new(seed: u64, weather: Weather) -> Self {
        let held = Held { next_id: 1000, ..Held::default() };
        Self {
            held: Arc::new(Mutex::new(held)),
            dice: Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))),
            weather,
            fair: Arc::default(),
        }
    }

    pub(crate) fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().expect("nobody panics while holding it")
    }

    /// From now on nothing goes wrong.
    pub(crate) fn clear_up(&self) {
        self.fair.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    fn roll(&self, below: u64) -> u64 {
        self.dice.lock().expect("nobody panics while holding it").u64(0..below.max(1))
    }

    fn fate(&self, path: &str) -> Fate {
        let fair = self.fair.load(std::sync::atomic::Ordering::Relaxed);
        if !fair && self.held().locked_until.is_some_and(|until| until > Instant::now()) {
            return Fate::Locked;
        }
        if fair || self.roll(100) >= u64::from(self.weather.faults) {
            return Fate::Well;
        }
        self.held().faults += 1;
        let after = self.roll(2) == 0;
        match self.roll(16) {
            0 | 1 => Fate::NotSent,
            2..=4 => Fate::Busy,
            5 | 6 => Fate::Broken { after },
            7..=9 => Fate::Lost { after },
            10 | 11 if path.contains("/create") => Fate::Late,
            10 | 11 => Fate::Lost { after },
            12 => Fate::Page { after },
            13 | 14 => Fate::Half { after },
            _ => {
                let seconds = 1 + self.roll(300);
                let mut held = self.held();
                held.locked_until = Some(Instant::now() + Duration::from_secs(seconds));
                held.lockouts += 1;
                Fate::Locked
            }
        }
    }

    async fn exchange(self, request: Request<Bytes>) -> Outcome {
        let path = request.uri().path().to_owned();
        let bucket = usize::from(!path.starts_with("/api/v5/telephony"));
        let fate = self.fate(&path);
        if matches!(fate, Fate::NotSent) {
            return Outcome::NotSent(NotSent::Unconnected);
        }
        self.held().arrivals[bucket].push(Instant::now());
        let (before, back) = (self.roll(150), self.roll(100));
        tokio::time::sleep(Duration::from_millis(before)).await;
        let outcome = match fate {
            Fate::Well => self.carry_out(&request),
            Fate::NotSent => unreachable!("returned above"),
            Fate::Busy => answer(503, json!({"success": false, "errorMsg": "Rate limit exceeded"})),
            Fate::Locked => answer(403, json!({"success": false, "errorMsg": "Wrong \"apiKey\" value."})),
            Fate::Broken { after } => {
                self.carry_out_if(after, &request);
                plain(500, "oops")
            }
            Fate::Page { after } => {
                self.carry_out_if(after, &request);
                plain(200, "<html>maintenance</html>")
            }
            Fate::Half { after } => {
                self.carry_out_if(after, &request);
                plain(200, "{\"success\":tr")
            }
            Fate::Lost { after } => {
                self.carry_out_if(after, &request);
                return std::future::pending().await;
            }
            Fate::Late => {
                self.held().late += 1;
                let most = u64::try_from(self.weather.lateness.as_millis()).expect("short");
                let wait = self.roll(most);
                tokio::time::sleep(Duration::from_millis(wait)).await;
                self.carry_out(&request);
                return std::future::pending().await;
            }
        };
        tokio::time::sleep(Duration::from_millis(back)).await;
        outcome
    }

    fn carry_out_if(&self, really: bool, request: &Request<Bytes>) {
        if really {
            drop(self.carry_out(request));
        }
    }

    fn carry_out(&self, request: &Request<Bytes>) -> Outcome {
        let pairs =
            |text: &[u8]| form_urlencoded::parse(text).into_owned().collect::<BTreeMap<String, String>>();
        let query = pairs(request.uri().query().unwrap_or_default().as_bytes());
        let form = pairs(request.body());
        let part = |name: &str| form.get(name).map(|text| serde_json::from_str::<Value>(text).expect("JSON"));
        let path = request.uri().path().to_owned();
        let mut held = self.held();
        let held = &mut *held;
        let visible = |row: &&Row| row.created.elapsed() >= self.weather.index_delay;
        if let Some(entity) = part("customer").or(part("order")).or(part("task")).or(part("calls")) {
            held.changes.push((path.clone(), entity));
        }
        match path.strip_prefix("/api/").expect("a path of the API") {
            "credentials" => yes(json!({"scopes": []})),
            "v5/settings" => yes(json!({"settings": {"timezone": {"value": "Europe/Moscow"}}})),
            "v5/users" => yes(json!({"users": [
                {"id": 27, "email": "anna@romashka.ru", "active": true},
                {"id": 28, "email": "olga@romashka.ru", "active": true}]})),
            "v5/reference/sites" => yes(json!({"sites": {"main": {"code": "main", "name": "Main"}}})),
            "v5/custom-fields" => yes(json!({"customFields": [
                {"entity": "customer", "code": "uis_campaign", "type": "string"},
                {"entity": "order", "code": "uis_record", "type": "string"}]})),
            "v5/custom-fields/dictionaries" => yes(json!({"customDictionaries": []})),
            "v5/customers" => {
                let wanted: String = query
                    .get("filter[name]")
                    .expect("a search")
                    .chars()
                    .filter(char::is_ascii_digit)
                    .collect();
                let tail = wanted.get(wanted.len() - 7..).expect("a phone").to_owned();
                let found = held
                    .customers
                    .iter()
                    .filter(visible)
                    .filter(|row| row.content.to_string().contains(&tail));
                yes(json!({"customers": found.map(with_id).collect::<Vec<_>>()}))
            }
            "v5/customers/create" => {
                let entity = part("customer").expect("the part");
                self.create(&mut held.customers, &mut held.next_id, entity)
            }
            "v5/orders/create" => {
                let entity = part("order").expect("the part");
                let customer = entity.pointer("/customer/id").and_then(Value::as_u64);
                assert!(
                    held.customers.iter().any(|row| Some(row.id) == customer),
                    "an order of nobody: {entity}"
                );
                self.create(&mut held.orders, &mut held.next_id, entity)
            }
            "v5/tasks/create" => {
                held.next_id += 1;
                let content = part("task").expect("the part");
                held.tasks.push(Row { id: held.next_id, content, created: Instant::now() });
                yes(json!({"id": held.next_id}))
            }
            "v5/tasks" => {
                let performer: u64 =
                    query.get("filter[performers][]").expect("a filter").parse().expect("a number");
                let mine = |row: &&Row| row.content["performerId"] == performer;
                let found = held.tasks.iter().filter(visible).filter(mine);
                yes(json!({"tasks": found.map(with_id).collect::<Vec<_>>()}))
            }
            "v5/telephony/calls/upload" => {
                let calls = part("calls").expect("the part");
                let mut duplicates = Vec::new();
                for call in calls.as_array().expect("a list") {
                    let id = call["externalId"].as_str().expect("an id").to_owned();
                    match held.calls.entry(id) {
                        Entry::Occupied(known) => duplicates.push(known.key().clone()),
                        Entry::Vacant(free) => {
                            free.insert(call.clone());
                        }
                    }
                }
                yes(json!({"processedCallsCount": 1 - duplicates.len(), "duplicateCalls": duplicates}))
            }
            other => {
                let by_id = query.get("by").or(form.get("by")).is_some_and(|by| by == "id");
                let (kind, rest) =
                    other.strip_prefix("v5/").and_then(|rest| rest.split_once('/')).expect(other);
                let (x, edit) = rest.strip_suffix("/edit").map_or((rest, false), |x| (x, true));
                let (rows, name) = match kind {
                    "customers" => (&mut held.customers, "customer"),
                    "orders" => (&mut held.orders, "order"),
                    _ => panic!("no such method: {other}"),
                };
                let row = rows.iter_mut().find(|row| {
                    if by_id { row.id.to_string() == x } else { row.text("externalId") == Some(x) }
                });
                match row {
                    // Reads by an external id lag behind, too.
                    Some(row) if by_id || row.created.elapsed() >= self.weather.index_delay => {
                        if edit {
                            let fields = part(name).expect("the part")["customFields"].clone();
                            row.content["customFields"] = fields;
                            return yes(json!({"id": row.id}));
                        }
                        yes(json!({ name: with_id(row) }))
                    }
                    _ => answer(404, json!({"success": false, "errorMsg": "Not found"})),
                }
            }
        }
    }

    fn create(&self, rows: &mut Vec<Row>, next_id: &mut u64, content: Value) -> Outcome {
        let external = content["externalId"].as_str().expect("an external id").to_owned();
        if rows.iter().any(|row| row.text("externalId") == Some(&external)) {
            match self.weather.unique {
                Uniqueness::Told => {
                    let text = format!("Order with externalId={external} already exists.");
                    return answer(400, json!({"success": false, "errorMsg": text}));
                }
                Uniqueness::Opaque => {
                    return answer(400, json!({"success": false, "errorMsg": "Errors in the entity format"}));
                }
                Uniqueness::None => {}
            }
        }
        *next_id += 1;
        rows.push(Row { id: *next_id, content, created: Instant::now() });
        yes(json!({"id": *next_id}))
    }
}

impl Transport for SimCrm {
    fn send(&self, request: Request<Bytes>, deadline: Duration) -> BoxFuture<'_, Outcome> {
        let work = tokio::spawn(self.clone().exchange(request));
        Box::pin(async move {
            match tokio::time::timeout(deadline, work).await {
                Ok(outcome) => outcome.expect("the simulated CRM does not panic"),
                Err(_) => Outcome::Unanswered(Unanswered::TimedOut),
            }
        })
    }
}

fn with_id(row: &Row) -> Value {
    let mut content = row.content.clone();
    content["id"] = json!(row.id);
    content
}

fn yes(mut body: Value) -> Outcome {
    body["success"] = json!(true);
    answer(200, body)
}

fn answer(status: u16, body: Value) -> Outcome {
    plain(status, &body.to_string())
}

fn plain(status: u16, body: &str) -> Outcome {
    let mut response = Response::new(Bytes::from(body.to_owned()));
    *response.status_mut() = status.try_into().expect("a status");
    Outcome::Answered(response)
}
