//! What a UIS account holds at the start.

use std::collections::BTreeMap;

use serde_json::json;

use super::deals::Deals;
use super::state::{Campaign, Employee, Named, Row, Site, Token, UisState, VirtualNumber};
use crate::settings::{DEFAULT_TOKEN, Seed};

/// Numbers of sessions, contacts and everything else begin here.
const FIRST_ID: u64 = 998_700_000;

/// Secret that notifications carry as `key` until it is changed.
pub const DEFAULT_NOTIFICATION_KEY: &str = "emulator-notification-key";

impl UisState {
    /// The account that `seed` asks for.
    pub(crate) fn seeded(seed: Seed) -> Self {
        let mut state = Self {
            app_id: 4100,
            name: "Ромашка".to_owned(),
            zone: "Europe/Moscow".to_owned(),
            active: true,
            address_allowed: true,
            tokens: vec![Token { value: DEFAULT_TOKEN.to_owned(), expires: None, disabled: Vec::new() }],
            points: BTreeMap::new(),
            employees: Vec::new(),
            numbers: Vec::new(),
            scenarios: Vec::new(),
            sites: Vec::new(),
            campaigns: Vec::new(),
            tags: Vec::new(),
            rows: BTreeMap::new(),
            deals: Deals::default(),
            played: BTreeMap::new(),
            sent: Vec::new(),
            live: Vec::new(),
            notification_key: DEFAULT_NOTIFICATION_KEY.to_owned(),
            next_id: FIRST_ID,
        };
        if seed == Seed::Romashka {
            state.romashka();
        }
        state
    }

    fn romashka(&mut self) {
        let employee = |id: u64, last: &str, first: &str, email: &str, extension: &str| Employee {
            id,
            last_name: last.to_owned(),
            first_name: first.to_owned(),
            email: Some(email.to_owned()),
            phone_numbers: vec![format!("0160{extension}")],
            extension: Some(extension.to_owned()),
        };
        self.employees = vec![
            employee(323_400, "Лисина", "Анна", "anna@romashka.ru", "101"),
            employee(323_401, "Петров", "Иван", "ivan@romashka.ru", "102"),
            employee(323_402, "Белова", "Ольга", "olga@romashka.ru", "103"),
            employee(323_403, "Уволенный", "Пётр", "fired@romashka.ru", "104"),
        ];
        let named = |id: u64, name: &str| Named { id, name: name.to_owned() };
        self.scenarios = vec![named(77, "Продажи"), named(78, "Опт"), named(79, "Служебный")];
        self.tags = vec![named(88, "Целевой"), named(89, "спам")];
        let site = |id: u64, domain: &str| Site { id, domain: domain.to_owned(), name: domain.to_owned() };
        self.sites = vec![site(24, "romashka.ru"), site(25, "opt.romashka.ru"), site(26, "spb.romashka.ru")];
        let campaign = |id: u64, name: &str| Campaign { id, name: name.to_owned(), site: Some(24) };
        self.campaigns =
            vec![campaign(435, "Бренд"), campaign(436, "Лето"), campaign(437, "VIP корпоративы")];
        let number = |id: u64, number: &str, name: &str, kind: &str, scenario: u64| VirtualNumber {
            id,
            number: number.to_owned(),
            kind: kind.to_owned(),
            status: "active".to_owned(),
            name: name.to_owned(),
            scenario: Some(scenario),
            campaign: (kind != "va").then_some(435),
        };
        self.numbers = vec![
            number(5001, "74951234567", "Москва", "dynamic_call_tracking", 77),
            number(5002, "78121234567", "Петербург", "call_tracking", 77),
            number(5003, "78005550110", "Опт", "va", 78),
        ];
        let statuses = [
            (1, "Доступен", "available", true),
            (2, "Перерыв", "break", true),
            (3, "Не беспокоить", "do_not_disturb", true),
            (4, "Нет на месте", "not_at_workplace", true),
            (5, "Нет на работе", "not_at_work", false),
        ];
        let statuses = statuses.map(|(id, name, mnemonic, worktime)| {
            json!({"id": id, "name": name, "mnemonic": mnemonic, "is_worktime": worktime, "is_select_allowed": true})
        });
        self.put_rows("statuses", &statuses);
        let sources = [(1, "Яндекс.Директ", "paid"), (2, "Прямые заходы", "direct"), (3, "Спам", "referral")];
        let sources = sources.map(|(id, name, channel)| {
            json!({"id": id, "name": name, "group_id": id, "group_name": name, "channel_id": id, "channel_name": channel,
                "channel_mnemonic": channel, "state": "active", "is_custom": false})
        });
        self.put_rows("sources", &sources);
    }

    fn put_rows(&mut self, noun: &str, rows: &[serde_json::Value]) {
        let rows: Vec<Row> = rows.iter().filter_map(|row| row.as_object().cloned()).collect();
        self.rows.insert(noun.to_owned(), rows);
    }
}
