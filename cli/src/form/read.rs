//! From JSON to the form: every member by its name, every mistake by its path.

mod pieces;

use switchboard_engine::json::json_error;
use switchboard_grammar::diagnostic::Text;

use super::condition::Parameter;
use super::json::Node;
use super::kind::Kind;
use super::model::{
    CallFilter, CallResponsible, CallTasks, Chat, ClickToCall, Deals, Funnel, Incoming, NumberStores,
    Settings, SiteStores, Telephony, VERSION, Written, WrittenFilter,
};
use super::reader::{Place, Problem, Reader};
use super::value;

/// Reads a file of settings.
///
/// # Errors
/// Every mistake in it, in the order of the file's parts.
pub(crate) fn read(text: &str) -> Result<Settings, Vec<Problem>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let node: Node = serde_json::from_str(text).map_err(|error| {
        let why = json_error(&error);
        vec![Problem {
            path: String::new(),
            text: Text::new(format!("this is no JSON: {}", why.en), format!("это не JSON: {}", why.ru)),
        }]
    })?;
    let mut reader = Reader::default();
    let settings = reader.settings(&Place { node: &node, path: String::new() });
    if reader.problems.is_empty() { Ok(settings) } else { Err(reader.problems) }
}

impl Reader {
    fn settings(&mut self, place: &Place<'_>) -> Settings {
        let form = self.members(place, Some(&["version", "telephony", "requests", "chats", "deals"]));
        if let Some(version) = self.required(&form, "version")
            && *version.node != Node::Whole(u64::from(VERSION))
        {
            self.problem(
                &version.path,
                format!("only version {VERSION} is known"),
                format!("известна только версия {VERSION}"),
            );
        }
        Settings {
            telephony: form.get("telephony").map(|place| self.telephony(&place)),
            requests: form.get("requests").map(|place| self.written(&place, Kind::Requests)),
            chats: form.get("chats").map(|place| self.written(&place, Kind::Chats)),
            deals: form.get("deals").map(|place| self.deals(&place)),
        }
    }

    fn telephony(&mut self, place: &Place<'_>) -> Telephony {
        const MEMBERS: [&str; 8] =
            ["filter", "click_to_call", "incoming", "outgoing", "tasks", "stores", "responsible", "fields"];
        let part = self.members(place, Some(&MEMBERS));
        let filter = part.get("filter").map(|place| {
            let filter = self.members(&place, Some(&["incoming", "outgoing"]));
            CallFilter {
                incoming: filter.get("incoming").and_then(|place| self.condition(&place, Kind::Incoming, 0)),
                outgoing: filter.get("outgoing").and_then(|place| self.condition(&place, Kind::Outgoing, 0)),
            }
        });
        let click_to_call = part.get("click_to_call").map(|place| {
            let click = self.members(&place, Some(&["number", "always_show"]));
            ClickToCall {
                number: self.required(&click, "number").and_then(|at| self.phone(&at)).unwrap_or_default(),
                always_show: click.get("always_show").is_some_and(|place| self.yes_no(&place)),
            }
        });
        let incoming = self.required(&part, "incoming").map(|place| {
            let incoming = self.members(&place, Some(&["first", "repeat", "forward_to_manager"]));
            Incoming {
                entities: self.entities(&incoming, Kind::Incoming),
                forward_to_manager: incoming
                    .get("forward_to_manager")
                    .is_some_and(|place| self.yes_no(&place)),
            }
        });
        let outgoing = self.required(&part, "outgoing").map(|place| {
            let outgoing = self.members(&place, Some(&["first", "repeat"]));
            self.entities(&outgoing, Kind::Outgoing)
        });
        let responsible = part.get("responsible").map(|place| {
            let responsible = self.members(&place, Some(&["incoming", "outgoing"]));
            CallResponsible {
                incoming: self.responsible(responsible.get("incoming"), Kind::Incoming),
                outgoing: self.responsible(responsible.get("outgoing"), Kind::Outgoing),
            }
        });
        let responsible = responsible.unwrap_or_default();
        let tasks = part.get("tasks").map(|place| {
            let tasks = self.members(&place, Some(&["missed_incoming", "failed_outgoing"]));
            CallTasks {
                missed_incoming: self.task(&tasks, "missed_incoming", Kind::Incoming, &responsible.incoming),
                failed_outgoing: self.task(&tasks, "failed_outgoing", Kind::Outgoing, &responsible.outgoing),
            }
        });
        let stores = part.get("stores").map(|place| {
            let (default, rows) = self.stores(&place, "by_virtual_number", Parameter::VirtualNumber);
            NumberStores { default, by_virtual_number: rows }
        });
        Telephony {
            filter,
            click_to_call,
            incoming: incoming.unwrap_or_default(),
            outgoing: outgoing.unwrap_or_default(),
            tasks: tasks.unwrap_or_default(),
            stores: stores.unwrap_or_default(),
            responsible,
            fields: self.fields(part.get("fields"), Kind::Incoming),
        }
    }

    fn written(&mut self, place: &Place<'_>, kind: Kind) -> Written {
        const MEMBERS: [&str; 9] = [
            "filter",
            "first",
            "repeat",
            "stores",
            "responsible",
            "fields",
            "create_at",
            "without_contacts",
            "missed_task",
        ];
        let allowed = if kind == Kind::Chats { &MEMBERS[..] } else { MEMBERS.get(..6).unwrap_or_default() };
        let part = self.members(place, Some(allowed));
        let filter = part.get("filter").map(|place| match place.node {
            Node::Object(members) if members.is_empty() => WrittenFilter(None),
            _ => WrittenFilter(self.condition(&place, kind, 0)),
        });
        let responsible = self.responsible(part.get("responsible"), kind);
        let stores = part.get("stores").map(|place| {
            let (default, rows) = self.stores(&place, "by_site", Parameter::Site);
            SiteStores { default, by_site: rows }
        });
        let chat = (kind == Kind::Chats).then(|| {
            const STAGES: [&str; 5] = ["started", "first_message", "accepted", "contact_left", "finished"];
            let stages = STAGES.map(|stage| (stage, stage));
            let stage = part.get("create_at").and_then(|place| self.word(&place, &stages));
            let built_in = Chat::default();
            Chat {
                create_at: stage.map_or(built_in.create_at, str::to_owned),
                without_contacts: part.get("without_contacts").is_some_and(|place| self.yes_no(&place)),
                missed_task: self.task(&part, "missed_task", kind, &responsible),
            }
        });
        Written {
            filter,
            entities: self.entities(&part, kind),
            chat,
            stores: stores.unwrap_or_default(),
            responsible,
            fields: self.fields(part.get("fields"), kind),
        }
    }

    fn deals(&mut self, place: &Place<'_>) -> Deals {
        let part = self.members(place, Some(&["fields", "funnel", "with_delivery"]));
        let mut fields: Vec<String> = Vec::new();
        for place in part.get("fields").map(|place| self.list(&place)).unwrap_or_default() {
            let Some(code) = self.code(&place) else { continue };
            if fields.contains(&code) {
                self.problem(&place.path, "stands here twice", "указано дважды");
            } else if let Err(wrong) = value::accepted(&format!("transfer orders\n  pass: {code}\n")) {
                self.problem(&place.path, wrong.en, wrong.ru);
            } else {
                fields.push(code);
            }
        }
        let funnels = [("single", Funnel::Single), ("per_store", Funnel::PerStore)];
        let funnel = self.required(&part, "funnel").and_then(|place| self.word(&place, &funnels));
        let with_delivery = self.required(&part, "with_delivery").is_some_and(|place| self.yes_no(&place));
        Deals { fields, funnel: funnel.unwrap_or(Funnel::Single), with_delivery }
    }
}
