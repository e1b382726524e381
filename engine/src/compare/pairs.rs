//! Two decisions side by side.

use smol_str::SmolStr;

use super::change::{Change, Part};
use super::kind::Kind;
use super::said::{Said, SaidDeal, SaidTask};
use crate::decide::Forward;

/// What `new` says otherwise than `old`, in a fixed order; nothing exactly when both say the same.
///
/// When only one of them lets the event through, what is created, set, attached and put through is told with it, and not
/// whose it would be or what would be written: that follows. Of a task that only one of them sets nothing but the task is
/// told, and so with deals.
pub fn changes(old: &Said, new: &Said) -> Vec<Change> {
    let mut pairs = Pairs(Vec::new());
    if old == new {
        return pairs.0;
    }
    pairs.yes_no(Kind::Accepted, old.accepted, new.accepted);
    pairs.yes_no(Kind::Park, old.park, new.park);
    pairs.yes_no(Kind::Client, old.client, new.client);
    pairs.yes_no(Kind::Order, old.order, new.order);
    pairs.texts(Part::plain(Kind::AttachTo), old.attach_to.as_deref(), new.attach_to.as_deref());
    pairs.tasks(&old.tasks, &new.tasks);
    pairs.texts(Part::plain(Kind::ForwardTo), old.forward_to.as_deref(), new.forward_to.as_deref());
    pairs.deals(old.deal.as_ref(), new.deal.as_ref());
    if old.accepted == new.accepted {
        pairs.texts(Part::plain(Kind::Responsible), old.responsible.as_deref(), new.responsible.as_deref());
        pairs.texts(Part::plain(Kind::Store), old.store.as_deref(), new.store.as_deref());
        pairs.fields(old, new);
    }
    pairs.sorted()
}

/// The same of the fields alone: all that counts of a decision that is made once more when a recording is there.
pub fn field_changes(old: &Said, new: &Said) -> Vec<Change> {
    let mut pairs = Pairs(Vec::new());
    pairs.fields(old, new);
    pairs.sorted()
}

/// What differs in whom a ringing call is put through to.
pub fn forwarded(old: &Forward, new: &Forward) -> Option<Change> {
    let text = |to: &Forward| match to {
        Forward::Nobody => None,
        Forward::Employee(target) | Forward::Number(target) => Some(target.to_string()),
        Forward::Code(code) => Some(format!("#{code}")),
    };
    let mut pairs = Pairs(Vec::new());
    pairs.put(Part::plain(Kind::ForwardTo), text(old), text(new));
    pairs.0.pop()
}

/// The differences found so far.
struct Pairs(Vec<Change>);

/// Whether two tasks, each with its place, may be the same one.
type Alike<'a> = &'a dyn Fn((usize, &SaidTask), (usize, &SaidTask)) -> bool;

impl Pairs {
    fn sorted(mut self) -> Vec<Change> {
        self.0.sort_by(|one, other| one.part.cmp(&other.part));
        self.0
    }

    fn put(&mut self, part: Part, old: Option<String>, new: Option<String>) {
        if old != new {
            self.0.push(Change { part, old, new });
        }
    }

    fn texts(&mut self, part: Part, old: Option<&str>, new: Option<&str>) {
        if old != new {
            self.put(part, old.map(str::to_owned), new.map(str::to_owned));
        }
    }

    fn yes_no(&mut self, kind: Kind, old: bool, new: bool) {
        let side = |yes: bool| yes.then(|| kind.key().to_owned());
        if old != new {
            self.put(Part::plain(kind), side(old), side(new));
        }
    }

    fn fields(&mut self, old: &Said, new: &Said) {
        self.codes(Kind::ClientField, &old.client_fields, &new.client_fields);
        self.codes(Kind::OrderField, &old.order_fields, &new.order_fields);
    }

    fn codes(&mut self, kind: Kind, old: &[(SmolStr, String)], new: &[(SmolStr, String)]) {
        let find = |of: &[(SmolStr, String)], code: &SmolStr| {
            of.iter().find(|(known, _)| known == code).map(|(_, value)| value.clone())
        };
        for (code, value) in old {
            self.put(Part::of(kind, code.clone()), Some(value.clone()), find(new, code));
        }
        for (code, value) in new.iter().filter(|(code, _)| find(old, code).is_none()) {
            self.put(Part::of(kind, code.clone()), None, Some(value.clone()));
        }
    }

    fn tasks(&mut self, old: &[SaidTask], new: &[SaidTask]) {
        let mut left: Vec<Option<&SaidTask>> = new.iter().map(Some).collect();
        let mut alone = Vec::new();
        // By their names, then by what they say, then by their places: records of old have no names.
        let mut waiting: Vec<(usize, &SaidTask)> = old.iter().enumerate().collect();
        let same_name = |(_, old): (usize, &SaidTask), (_, new): (usize, &SaidTask)| {
            old.name.is_some() && old.name == new.name
        };
        let nameless = |old: &SaidTask, new: &SaidTask| old.name.is_none() || new.name.is_none();
        let same_title = |(_, old): (usize, &SaidTask), (_, new): (usize, &SaidTask)| {
            nameless(old, new) && old.title == new.title
        };
        let same_place = |(at, old): (usize, &SaidTask), (place, new): (usize, &SaidTask)| {
            nameless(old, new) && at == place
        };
        let ways: [Alike<'_>; 3] = [&same_name, &same_title, &same_place];
        for way in ways {
            for (at, task) in std::mem::take(&mut waiting) {
                let mut open = left.iter_mut().enumerate();
                let found = open.find(|(place, new)| new.is_some_and(|new| way((at, task), (*place, new))));
                match found.and_then(|(_, new)| new.take()) {
                    Some(new) => self.task(task, new),
                    None => waiting.push((at, task)),
                }
            }
        }
        alone.extend(waiting.into_iter().map(|(_, task)| (task, true)));
        alone.extend(left.into_iter().flatten().map(|task| (task, false)));
        for (task, was) in alone {
            let title = Some(task.title.clone());
            let (old, new) = if was { (title, None) } else { (None, title) };
            self.put(Part::of(Kind::Task, called(task, task)), old, new);
        }
    }

    fn task(&mut self, old: &SaidTask, new: &SaidTask) {
        let part = |kind| Part::of(kind, called(old, new));
        self.texts(part(Kind::TaskTitle), Some(&old.title), Some(&new.title));
        self.texts(part(Kind::TaskAssign), old.assign.as_deref(), new.assign.as_deref());
        self.texts(part(Kind::TaskNote), old.note.as_deref(), new.note.as_deref());
        let same = match (&old.due, &new.due) {
            (Some(old), Some(new)) => old.same(new),
            (old, new) => old == new,
        };
        if !same {
            let due = |task: &SaidTask| task.due.map(|due| due.to_string());
            self.put(part(Kind::TaskDue), due(old), due(new));
        }
        if let (Some(was), Some(is)) = (old.cancel, new.cancel)
            && was != is
        {
            let side = |yes: bool| yes.then(|| "cancel".to_owned());
            self.put(part(Kind::TaskCancel), side(was), side(is));
        }
    }

    fn deals(&mut self, old: Option<&SaidDeal>, new: Option<&SaidDeal>) {
        let (Some(old), Some(new)) = (old, new) else {
            return self.yes_no(Kind::Deal, old.is_some(), new.is_some());
        };
        self.texts(Part::plain(Kind::DealFunnel), Some(&old.funnel), Some(&new.funnel));
        self.texts(Part::plain(Kind::DealStore), old.store.as_deref(), new.store.as_deref());
        self.texts(Part::plain(Kind::DealAmount), old.amount.as_deref(), new.amount.as_deref());
        self.texts(Part::plain(Kind::DealOutcome), Some(&old.outcome), Some(&new.outcome));
        self.codes(Kind::DealField, &old.pass, &new.pass);
    }
}

/// What a task is called: by its name, or what it says when no side has one.
fn called(old: &SaidTask, new: &SaidTask) -> SmolStr {
    let name = new.name.as_ref().or(old.name.as_ref());
    name.cloned().unwrap_or_else(|| SmolStr::from(old.title.as_str()))
}
