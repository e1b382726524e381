//! Who writes to the shop in the quarter, and what must come of it.
//!
//! The model of `conversations`, over many days: each chat and request gives one order of its client as soon as there is a
//! contact, each lost chat a task. Added to it: clients that are merged in RetailCRM, after which both persons are one, and
//! orders that are deleted there.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::json;
use switchboard_emulator::{Crm, Emulator};

use crate::conversations::{Expected, Going, Person, Step, found, steps, take};
use crate::written::rows::{Chat, local, request};

/// Chats and requests of the quarter.
pub(super) struct Talk {
    dice: fastrand::Rng,
    pub(super) persons: Vec<Person>,
    /// With whom a person was merged.
    merged: BTreeMap<usize, usize>,
    going: Vec<Going>,
    requests: Vec<u64>,
    expected: Expected,
    /// The person of each communication.
    of: BTreeMap<u64, usize>,
    chats: u64,
    asked: u64,
}

impl Talk {
    pub(super) fn new(seed: u64, persons: usize) -> Self {
        Self {
            dice: fastrand::Rng::with_seed(seed),
            persons: (0..persons).map(Person::new).collect(),
            merged: BTreeMap::new(),
            going: Vec::new(),
            requests: Vec::new(),
            expected: Expected::default(),
            of: BTreeMap::new(),
            chats: 0,
            asked: 0,
        }
    }

    /// What begins on a day.
    pub(super) fn begin(&mut self, chats: usize, requests: usize) {
        for _ in 0..chats {
            self.chats += 1;
            let steps = steps(&mut self.dice);
            let person = self.dice.usize(..self.persons.len());
            if steps.contains(&Step::LeavesContact) {
                self.counts(person);
                self.expected.tasks += usize::from(steps.contains(&Step::Ends("lost")));
            }
            let chat = Chat::new(self.chats);
            self.of.insert(self.chats + 900_000, person);
            self.going.push(Going { chat, person, steps });
        }
        for _ in 0..requests {
            self.asked += 1;
            self.requests.push(2_000_000 + self.asked);
        }
    }

    fn counts(&mut self, person: usize) {
        let name = self.persons[person].name();
        *self.expected.orders.entry(name).or_default() += 1;
    }

    /// How much is left of the day.
    pub(super) fn left(&self) -> usize {
        self.going.iter().map(|one| one.steps.len()).sum::<usize>() + self.requests.len()
    }

    /// Takes one step of one of them.
    pub(super) fn step(&mut self, emulator: &Emulator, now: Timestamp) {
        let turn = self.dice.usize(..self.going.len() + self.requests.len().min(self.going.len() / 5 + 1));
        if let Some(one) = self.going.get_mut(turn) {
            let step = one.steps.pop().expect("a step is left");
            one.chat.at(now, step == Step::Opens);
            let person = self.persons[one.person].clone();
            take(step, one, &person, emulator);
            if one.steps.is_empty() {
                self.going.swap_remove(turn);
            }
        } else if let Some(id) = self.requests.pop() {
            let person = self.dice.usize(..self.persons.len());
            self.counts(person);
            self.of.insert(id, person);
            let person = &self.persons[person];
            let mut columns = person.columns();
            columns["visitor_email"] = json!(person.email);
            columns["date_time"] = json!(local(now));
            request(emulator, id, &columns);
        }
    }

    /// The person that stands for all with whom this one was merged.
    fn root(&self, person: usize) -> usize {
        let mut root = person;
        while let Some(into) = self.merged.get(&root) {
            root = *into;
        }
        root
    }

    /// Merges the clients of two persons, if both are there: one that is known by his phone alone into another with a phone.
    pub(super) fn merge(&mut self, crm: &Crm) -> bool {
        let count = self.persons.len();
        let pick = |dice: &mut fastrand::Rng, fits: &dyn Fn(&Person) -> bool| {
            let begin = dice.usize(..count);
            (0..count).map(|step| (begin + step) % count).find(|person| fits(&self.persons[*person]))
        };
        let gone = pick(&mut self.dice, &|person| person.email.is_none());
        let survivor = pick(&mut self.dice, &|person| person.phone.is_some());
        let (Some(gone), Some(survivor)) = (gone, survivor) else { return false };
        if self.root(gone) == self.root(survivor) || self.merged.contains_key(&gone) {
            return false;
        }
        let customers = crm.customers();
        let card = |person: usize| {
            let phone = self.persons[person].phone.as_deref().unwrap_or_default();
            customers.iter().find(|one| one.phones().contains(&phone)).map(|one| one.id)
        };
        let (Some(from), Some(into)) = (card(gone), card(survivor)) else { return false };
        if from == into {
            return false;
        }
        crm.merge_customers(from, into);
        // As in the script of orders, the orders that moved are changed by it.
        for order in crm.orders().iter().filter(|order| order.linked("customer") == Some(into)) {
            crm.edit_order(order.id, json!({"mark": self.dice.u32(1..1_000_000)}));
        }
        let root = self.root(survivor);
        self.merged.insert(gone, root);
        true
    }

    /// Takes note that an order was deleted that belongs to this client.
    pub(super) fn lost(&mut self, person: usize) {
        let name = self.persons[person].name();
        if let Some(orders) = self.expected.orders.get_mut(&name) {
            *orders = orders.saturating_sub(1);
        }
    }

    /// By what number of a phone or by which address a client is which person.
    pub(super) fn person(&self, phones: &[&str], email: Option<&str>) -> Option<usize> {
        self.persons.iter().position(|person| {
            person.phone.as_deref().is_some_and(|phone| phones.contains(&phone))
                || (email.is_some() && person.email.as_deref() == email)
        })
    }

    /// Holds RetailCRM against all of it.
    pub(super) fn held(&self, emulator: &Emulator) {
        let name = |person: usize| self.persons[self.root(person)].name();
        let mut orders: BTreeMap<String, usize> = BTreeMap::new();
        let mut clients = std::collections::BTreeSet::new();
        for (at, person) in self.persons.iter().enumerate() {
            if let Some(count) = self.expected.orders.get(&person.name()) {
                clients.insert(name(at));
                if *count > 0 {
                    *orders.entry(name(at)).or_default() += count;
                }
            }
        }
        let found = found(emulator, &self.persons, name, false);
        let differ: Vec<String> = orders
            .iter()
            .filter(|(name, count)| found.orders.get(*name) != Some(count))
            .map(|(name, count)| format!("{name}: {count} wanted, {:?} found", found.orders.get(name)))
            .collect();
        assert!(differ.is_empty(), "orders: {differ:#?}");
        assert_eq!(found.orders.len(), orders.len(), "orders of persons that wanted none");
        assert_eq!(found.clients, clients);
        assert_eq!(found.tasks, self.expected.tasks, "tasks");
    }

    /// Whether a communication was one of this person, or of whom he was merged with.
    pub(super) fn is_of(&self, communication: u64, person: usize) -> bool {
        self.of.get(&communication).is_some_and(|of| self.root(*of) == self.root(person))
    }

    /// Communications, for people.
    pub(super) fn count(&self) -> (u64, u64, usize) {
        (self.chats, self.asked, self.merged.len())
    }
}
