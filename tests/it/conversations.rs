//! Weeks of chats and requests end in what the rules say of them, and in nothing else.
//!
//! Many visitors write at once: some leave a phone, some an e-mail, some both, some nothing until the chat is over, some
//! nothing at all. Chats are opened, answered or not, closed, and completed late; readings of the reports fall between any
//! two of these steps. Both sides fail now and then, answers of RetailCRM are lost after it has done what was asked, and
//! the server restarts twice in the middle. The model counts what must be there, without looking at any of it.
//! `IT_CONVERSATIONS=5000` has more of them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};
use switchboard_emulator::{Emulator, Fault};
use switchboard_runtime::reports::WrittenProgress;
use switchboard_runtime::store::record::SessionKey;

use super::server::{ANNA, Server, Tuning, is_settled, until};
use super::written::rows::{Chat, request};

/// Chats, and as many requests, of a normal run.
const EACH: usize = 60;

pub(crate) const RULES: &str = r#"rules 1

settings for chats
  create_at: contact_left

table entities for chats, requests
  | contact || create        | responsible                            |
  |---------||---------------|----------------------------------------|
  | first   || client, order | answered_by else "anna@romashka.ru"    |
  | repeat  || order         | client.manager else "anna@romashka.ru" |

task for missed chats
  title:  "Ответить: {{ name else phone else email else "гость" }}"
  assign: "olga@romashka.ru"
  due:    1 hour after finished

fields of order for chats, requests
  uis_campaign from campaign
"#;

/// A person, and by what the shop can know him.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) phone: Option<String>,
    pub(crate) email: Option<String>,
}

/// One chat on its way.
#[derive(Debug)]
pub(crate) struct Going {
    pub(crate) chat: Chat,
    pub(crate) person: usize,
    /// Steps that are left, the last one first.
    pub(crate) steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Opens,
    Writes,
    Taken,
    Answers,
    LeavesContact,
    Ends(&'static str),
}

/// What must be there in the end.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) clients: BTreeSet<String>,
    /// Orders by client.
    pub(crate) orders: BTreeMap<String, usize>,
    pub(crate) tasks: usize,
}

impl Person {
    pub(crate) fn new(number: usize) -> Self {
        let phone = (number % 3 != 1).then(|| format!("+7900{:07}", 1_000_000 + number));
        let email = (!number.is_multiple_of(3)).then(|| format!("person{number}@client.example"));
        Self { phone, email }
    }

    /// What a card of his is told by.
    pub(crate) fn name(&self) -> String {
        self.phone.clone().or_else(|| self.email.clone()).expect("one of them")
    }

    pub(crate) fn columns(&self) -> Value {
        json!({"visitor_phone_number": self.phone.as_ref().map(|phone| phone.trim_start_matches('+'))})
    }

    fn leave(&self, emulator: &Emulator, chat: &mut Chat) {
        let phones: Vec<&str> = self.phone.iter().map(|phone| phone.trim_start_matches('+')).collect();
        let emails: Vec<&str> = self.email.iter().map(String::as_str).collect();
        chat.visitor(emulator, "Гость", &phones, &emails);
        // The visitor is asked about when the row has changed.
        chat.becomes(emulator, self.columns());
        chat.becomes(emulator, json!({"utm_content": "contact"}));
    }
}

/// The steps of a chat, some of thousands of ways.
pub(crate) fn steps(dice: &mut fastrand::Rng) -> Vec<Step> {
    let taken = dice.f32() < 0.7;
    let mut steps = vec![Step::Opens, Step::Writes];
    if taken {
        steps.push(Step::Taken);
        steps.push(Step::Answers);
    }
    steps.push(Step::Ends(match (taken, dice.bool()) {
        (false, _) => "lost",
        (true, true) => "succeed",
        (true, false) => "refused",
    }));
    // Before anybody writes, in between, or when it is all over; one in ten never.
    if dice.f32() < 0.9 {
        steps.insert(dice.usize(1..=steps.len()), Step::LeavesContact);
    }
    steps.reverse();
    steps
}

pub(crate) fn take(step: Step, going: &mut Going, person: &Person, emulator: &Emulator) {
    let chat = &mut going.chat;
    match step {
        Step::Opens => chat.show(emulator),
        Step::Writes => chat.says(emulator, "visitor", "Здравствуйте"),
        Step::Taken => chat.taken(emulator, ANNA),
        Step::Answers => chat.says(emulator, "operator", "Добрый день"),
        Step::LeavesContact => person.leave(emulator, chat),
        Step::Ends(status) => chat.ends(emulator, status),
    }
}

/// What RetailCRM holds of these persons; records of anybody else are left out when others are there, too.
pub(crate) fn found(
    emulator: &Emulator,
    persons: &[Person],
    name_of_person: impl Fn(usize) -> String,
    are_alone: bool,
) -> Expected {
    let crm = emulator.crm();
    let by_phone: BTreeMap<&str, usize> =
        persons.iter().enumerate().filter_map(|(at, person)| Some((person.phone.as_deref()?, at))).collect();
    let by_email: BTreeMap<&str, usize> =
        persons.iter().enumerate().filter_map(|(at, person)| Some((person.email.as_deref()?, at))).collect();
    let mut found = Expected::default();
    let mut names: BTreeMap<u64, String> = BTreeMap::new();
    for client in crm.customers() {
        let person = client.phones().iter().find_map(|phone| by_phone.get(phone)).copied();
        let person = person.or_else(|| by_email.get(client.text("email")?).copied());
        let name = match person {
            Some(person) => name_of_person(person),
            None if are_alone => format!("stranger {}", client.id),
            None => continue,
        };
        assert!(found.clients.insert(name.clone()), "two clients for {name}");
        names.insert(client.id, name);
    }
    for order in crm.orders() {
        let client = order.linked("customer");
        assert!(client.is_some() || !are_alone, "an order of a client");
        if let Some(name) = client.and_then(|client| names.get(&client)) {
            *found.orders.entry(name.clone()).or_default() += 1;
        }
    }
    found.tasks = crm.tasks().len();
    found
}

pub(crate) fn trouble(emulator: &Emulator) {
    let faults = emulator.faults();
    faults.add(Fault::status(500).on("get.chats_report").chance(0.02));
    faults.add(Fault::status(500).on("get.communications_report").chance(0.02));
    for path in ["/api/v5/customers/create", "/api/v5/orders/create", "/api/v5/tasks/create"] {
        faults.add(Fault::reset().after_commit().on(path).chance(0.05));
        faults.add(Fault::status(503).on(path).chance(0.05));
    }
}

/// Up to where the reports were read.
async fn read_until(server: &Server) -> Option<jiff::Timestamp> {
    let kept = WrittenProgress::kept(&**server.store(), &server.place.account).await;
    kept.expect("the store answers").map(|progress| progress.until)
}

async fn settle(server: &Server, sessions: &[SessionKey]) {
    let patience = Duration::from_secs(60 + sessions.len() as u64);
    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    let mut open: Vec<&SessionKey> = sessions.iter().collect();
    let looked = async {
        while !open.is_empty() {
            ticks.tick().await;
            let mut left = Vec::new();
            for session in open {
                let timeline =
                    server.store().timeline(&server.place.account, session).await.expect("the store answers");
                if !timeline.is_some_and(|timeline| is_settled(&timeline)) {
                    left.push(session);
                }
            }
            open = left;
        }
    };
    assert!(tokio::time::timeout(patience, looked).await.is_ok(), "not all of them came to rest");
}

#[tokio::test(flavor = "multi_thread")]
async fn weeks_of_chats_and_requests_end_as_the_rules_say() {
    let each = std::env::var("IT_CONVERSATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(EACH);
    let mut dice = fastrand::Rng::with_seed(4);
    let uis = "find_missed = false\nfailed_deliveries = false\nmarketing_wait = \"0 s\"\nmarketing_pause = \"10 ms\"\n\
               written_interval = \"100 ms\"\nreports_first = \"1 h\"\nwritten_overlap = \"10 h\"\nvisitor_pause = \"0 s\"\n";
    let usual = Tuning::default();
    let limits = format!("{}uis_rate = 100\n", usual.limits);
    let tuning = Tuning { uis: uis.to_owned(), limits, ..usual };
    let mut server = Server::new(RULES, &tuning).await;
    let emulator = std::sync::Arc::clone(&server.place.emulator);
    trouble(&emulator);
    emulator.set_switches(|switches| {
        // A day's points are for a day, not for weeks in a few minutes.
        (switches.points_per_minute, switches.points_per_day) = (1_000_000, 10_000_000);
    });

    let persons: Vec<Person> = (0..each.div_ceil(2)).map(Person::new).collect();
    let mut expected = Expected::default();
    let mut counts = |person: &Person| {
        expected.clients.insert(person.name());
        *expected.orders.entry(person.name()).or_default() += 1;
    };
    let mut going: Vec<Going> = Vec::new();
    let mut lost = 0;
    for number in 0..each {
        let person = dice.usize(..persons.len());
        let steps = steps(&mut dice);
        if steps.contains(&Step::LeavesContact) {
            counts(&persons[person]);
            lost += usize::from(steps.contains(&Step::Ends("lost")));
        }
        going.push(Going { chat: Chat::new(number as u64 + 1), person, steps });
    }
    let mut sessions: Vec<SessionKey> = going.iter().map(|one| one.chat.session()).collect();
    let mut requests: Vec<(u64, usize)> =
        (0..each).map(|number| (2_000_000 + number as u64, dice.usize(..persons.len()))).collect();
    requests.iter().for_each(|(_, person)| counts(&persons[*person]));
    expected.tasks = lost;

    let all = going.iter().map(|one| one.steps.len()).sum::<usize>() + requests.len();
    let mut done = 0;
    while !going.is_empty() || !requests.is_empty() {
        for _ in 0..(each / 15).max(1) {
            let turn = dice.usize(..going.len() + requests.len().min(going.len() / 5 + 1));
            if let Some(one) = going.get_mut(turn) {
                let step = one.steps.pop().expect("a step is left");
                let person = persons[one.person].clone();
                take(step, one, &person, &emulator);
                if one.steps.is_empty() {
                    going.swap_remove(turn);
                }
            } else if let Some((id, person)) = requests.pop() {
                let person = &persons[person];
                let mut columns = person.columns();
                columns["visitor_email"] = json!(person.email);
                sessions.push(request(&emulator, id, &columns));
            }
            done += 1;
            if done == all / 3 || done == all * 2 / 3 {
                server = server.stop().await.serve().await;
            }
            if going.is_empty() && requests.is_empty() {
                break;
            }
        }
        if dice.f32() < 0.4 {
            // A reading falls in between.
            let before = read_until(&server).await;
            until("the reports are read", async || read_until(&server).await > before).await;
        }
    }
    settle(&server, &sessions).await;
    let found = found(&emulator, &persons, |person| persons[person].name(), true);
    assert_eq!(found.clients, expected.clients);
    assert_eq!(found.orders, expected.orders);
    assert_eq!(found.tasks, expected.tasks);
}
