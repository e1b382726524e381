//! What the month leaves behind, read off the calls: the rules once more, in the plain words of somebody who does by hand
//! what they say. No code of the server is asked.

use std::collections::BTreeMap;

use switchboard_emulator::{CallScript, Direction};

use super::super::server::{ANNA, OLGA};
use super::script::{Call, IVAN, KNOWN_SITE, Month, moment};

/// Users of RetailCRM.
const ANNA_IN_CRM: u64 = 27;
const IVAN_IN_CRM: u64 = 28;
const OLGA_IN_CRM: u64 = 29;

/// Moscow is three hours ahead of UTC, all year round.
const MOSCOW_S: i64 = 3 * 3600;
const DAY_S: i64 = 24 * 3600;
/// 1 January 1970 was a Thursday; days are counted from Monday.
const FIRST_WEEKDAY: i64 = 3;

#[derive(Debug)]
struct Client {
    name: String,
    manager: u64,
    site: String,
    campaign: Option<String>,
    found_by: Option<(String, i64)>,
}

#[derive(Debug)]
struct Task {
    client: Option<String>,
    phone: Option<String>,
    text: String,
    performer: u64,
    due: i64,
    cancels: bool,
    done: bool,
}

#[derive(Debug, Default)]
struct Account {
    clients: BTreeMap<String, Client>,
    tasks: Vec<Task>,
    lines: Vec<String>,
}

/// Every client, order, task, note and call that there should be, one line each.
pub(super) fn expected(month: &Month) -> Vec<String> {
    let mut account = Account::default();
    for known in &month.known {
        let client = Client {
            name: "Знакомый".to_owned(),
            manager: IVAN_IN_CRM,
            site: KNOWN_SITE.to_owned(),
            campaign: None,
            found_by: None,
        };
        account.clients.insert(known.phone.clone(), client);
    }
    for call in &month.calls {
        match call.script.direction {
            Direction::In => account.incoming(call),
            Direction::Out => account.outgoing(call),
        }
    }
    let clients = account.clients.iter().map(|(phone, client)| client.line(phone));
    let tasks = account.tasks.iter().map(Task::line);
    clients.chain(tasks).chain(account.lines.iter().cloned()).collect()
}

impl Account {
    fn incoming(&mut self, call: &Call) {
        let script = &call.script;
        if script.campaign.as_deref() == Some("Спам") || script.scenario.as_deref() == Some("Служебный")
        {
            return;
        }
        let manager = self.manager(script);
        let first = manager.is_none();
        let is_answered = script.answered_by.is_some();
        let answered_by = last_talker(script).and_then(user);
        if !is_answered {
            let phone = script.client.as_ref().map_or("?".to_owned(), |phone| format!("+{phone}"));
            let campaign = script.campaign.as_deref().unwrap_or("без кампании");
            let text = format!("Перезвонить {phone}: {campaign}");
            let performer = manager.unwrap_or_else(|| duty(script));
            self.task(script, script.client.clone(), text, performer, call.finished() + 2 * 3600, true);
        }
        // Nobody can be made a client without a number.
        if let Some(phone) = &script.client {
            if first {
                let manager = answered_by.unwrap_or_else(|| duty(script));
                self.client(call, phone, manager);
                self.order(call, phone, manager);
            } else if script.talk_s >= 30 {
                self.order(call, phone, manager.expect("a client who is known"));
            }
        }
        self.every_accepted(call);
    }

    fn outgoing(&mut self, call: &Call) {
        let script = &call.script;
        let first = self.manager(script).is_none();
        let caller = script.caller.and_then(user).unwrap_or(ANNA_IN_CRM);
        if first && script.talk_s == 0 {
            let phone = script.client.as_ref().map_or("?".to_owned(), |phone| format!("+{phone}"));
            let due = working_hours_after(call.finished(), 2);
            self.task(script, None, format!("Не дозвонились до {phone}"), caller, due, false);
        }
        if let Some(phone) = &script.client
            && first
            && script.talk_s >= 10
        {
            self.client(call, phone, caller);
        }
        self.every_accepted(call);
    }

    /// Whose client it is, if it is one.
    fn manager(&self, script: &CallScript) -> Option<u64> {
        self.clients.get(script.client.as_ref()?).map(|client| client.manager)
    }

    /// What happens whatever the tables say: the campaign in the card, tasks of whom was reached, the history.
    fn every_accepted(&mut self, call: &Call) {
        let script = &call.script;
        let Some(phone) = &script.client else { return };
        if let Some(client) = self.clients.get_mut(phone) {
            client.campaign = script.campaign.clone().or(client.campaign.take());
        }
        if script.talk_s > 0 {
            let of_client = self.tasks.iter_mut().filter(|task| task.phone.as_ref() == Some(phone));
            for task in of_client.filter(|task| task.cancels && call.started() <= task.due) {
                task.done = true;
            }
        }
        let (main, others) = recordings(call);
        if !others.is_empty() && self.clients.contains_key(phone) {
            self.lines.push(format!("note at +{phone}: {}", others.join(", ")));
        }
        let direction = if script.direction == Direction::In { "in" } else { "out" };
        let result = match script.finish_reason.as_deref() {
            _ if script.talk_s > 0 => "answered",
            Some("operator_busy") => "busy",
            _ => "no answer",
        };
        // Whose call it is in the history: who talked last, else who called.
        let talked = last_talker(script).and_then(user).or(script.caller.and_then(user));
        self.lines.push(format!(
            "call {} at {} with +{phone} by {}: {direction}, {result}, {} s after {} s, at {}, {}, record {}",
            call.session(),
            local(call.started(), "%F %T"),
            talked.map_or("no user".to_owned(), |user| user.to_string()),
            script.talk_s,
            script.wait_s,
            script.virtual_number,
            shop(script),
            main.unwrap_or_else(|| "none".to_owned()),
        ));
    }

    fn client(&mut self, call: &Call, phone: &str, manager: u64) {
        let script = &call.script;
        let client = Client {
            name: script.contact.as_ref().map_or_else(|| format!("+{phone}"), |(_, name)| name.clone()),
            manager,
            site: shop(script).to_owned(),
            campaign: None,
            found_by: Some((script.site.clone().unwrap_or("нет сайта".to_owned()), call.started())),
        };
        self.clients.insert(phone.to_owned(), client);
    }

    fn order(&mut self, call: &Call, phone: &str, manager: u64) {
        self.lines.push(format!(
            "order of +{phone}, manager {manager}, {}, talk {}, on {}, record {}",
            shop(&call.script),
            call.script.talk_s,
            local(call.started(), "%F"),
            recordings(call).0.unwrap_or_else(|| "none".to_owned()),
        ));
    }

    fn task(
        &mut self,
        script: &CallScript,
        client: Option<String>,
        text: String,
        performer: u64,
        due: i64,
        cancels: bool,
    ) {
        self.tasks.push(Task {
            client,
            phone: script.client.clone(),
            text,
            performer,
            due,
            cancels,
            done: false,
        });
    }
}

impl Client {
    fn line(&self, phone: &str) -> String {
        let (site, first) = match &self.found_by {
            Some((site, first)) => (site.as_str(), local(*first, "%F %T")),
            None => ("unknown", "unknown".to_owned()),
        };
        let campaign = self.campaign.as_deref().unwrap_or("unknown");
        format!(
            "client +{phone}, {}, manager {}, {}, campaign {campaign}, site {site}, first call {first}",
            self.name, self.manager, self.site
        )
    }
}

impl Task {
    fn line(&self) -> String {
        let plus = |phone: &Option<String>, none: &str| {
            phone.as_ref().map_or(none.to_owned(), |phone| format!("+{phone}"))
        };
        format!(
            "task for {} about {}, {}: {}, until {}, {}",
            self.performer,
            plus(&self.client, "nobody"),
            plus(&self.phone, "hidden"),
            self.text,
            local(self.due, "%F %R"),
            if self.done { "done" } else { "not done" },
        )
    }
}

/// Who talked last: the last to whom the call was transferred, else who answered or called.
fn last_talker(script: &CallScript) -> Option<u64> {
    let first = script.answered_by.or(script.caller.filter(|_| script.talk_s > 0));
    script.transfers.last().map(|transfer| transfer.to).or(first)
}

/// Which user of RetailCRM an employee is.
fn user(employee: u64) -> Option<u64> {
    match employee {
        ANNA => Some(ANNA_IN_CRM),
        IVAN => Some(IVAN_IN_CRM),
        OLGA => Some(OLGA_IN_CRM),
        _ => None,
    }
}

fn duty(script: &CallScript) -> u64 {
    if script.site.as_deref() == Some("opt.romashka.ru") {
        IVAN_IN_CRM
    } else if script.campaign.as_deref() == Some("VIP корпоративы") {
        OLGA_IN_CRM
    } else {
        ANNA_IN_CRM
    }
}

fn shop(script: &CallScript) -> &'static str {
    match script.virtual_number.as_str() {
        "74951234567" => "romashka-msk",
        "78121234567" => "romashka-spb",
        _ => "romashka-main",
    }
}

/// The recording for the history, and those that find no place there. The report has one of the whole call, which
/// stands for all; otherwise it is the longest, of equals the first.
fn recordings(call: &Call) -> (Option<String>, Vec<String>) {
    let script = &call.script;
    if script.talk_s == 0 {
        return (None, Vec::new());
    }
    let name = |n: u64| format!("{:x}", call.session().wrapping_mul(0x9e37_79b9).wrapping_add(n));
    let link = |n: usize| format!("https://media.uiscom.ru/{}/{}", call.session(), name(n as u64));
    if call.silent {
        return (Some(link(0)), Vec::new());
    }
    let ends = script.transfers.iter().map(|transfer| transfer.after_s).chain([script.talk_s]);
    let (mut from, mut longest, mut count) = (0, (0, 0), 0);
    for (n, till) in ends.enumerate() {
        if n == 0 || till - from > longest.1 {
            longest = (n, till - from);
        }
        (from, count) = (till, n + 1);
    }
    let others = (0..count).filter(|n| *n != longest.0).map(link).collect();
    (Some(link(longest.0)), others)
}

/// So many hours of work later, by the office's hours: Monday to Friday from 9 to 18, on Saturday from 10 to 14.
fn working_hours_after(second: i64, hours: i64) -> i64 {
    let mut left = hours * 3600;
    let mut now = second + MOSCOW_S;
    loop {
        let midnight = now.div_euclid(DAY_S) * DAY_S;
        let open = match (now.div_euclid(DAY_S) + FIRST_WEEKDAY).rem_euclid(7) {
            0..=4 => Some((9, 18)),
            5 => Some((10, 14)),
            _ => None,
        };
        if let Some((from, till)) = open {
            let begin = now.max(midnight + from * 3600);
            let worked = (midnight + till * 3600 - begin).max(0);
            if worked >= left {
                return begin + left - MOSCOW_S;
            }
            left -= worked;
        }
        now = midnight + DAY_S;
    }
}

/// How Moscow writes a moment.
fn local(second: i64, format: &str) -> String {
    moment(second + MOSCOW_S).strftime(format).to_string()
}
