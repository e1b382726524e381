//! The form from its parts: what both directions of calls share in the form has to be the same in both.

use std::collections::BTreeMap;

use super::parts::{Part, Parts, Passed};
use super::place::At;
use crate::form::condition::Condition;
use crate::form::kind::Kind;
use crate::form::model::{
    CallFilter, CallResponsible, CallTasks, Chat, ClickToCall, Field, Fields, Incoming, NumberStores,
    Responsible, Settings, SiteStores, Telephony, Written, WrittenFilter,
};

impl<'s> Parts<'s> {
    /// The form. What cannot be put together is noted.
    pub(super) fn assemble(&mut self) -> Settings {
        Settings {
            telephony: self.telephony(),
            requests: self.written(Kind::Requests),
            chats: self.written(Kind::Chats),
            deals: self.deals.take(),
        }
    }

    fn telephony(&mut self) -> Option<Telephony> {
        let (incoming, outgoing) = (self.part(Kind::Incoming).clone(), self.part(Kind::Outgoing).clone());
        if [&incoming, &outgoing].iter().all(|part| part.is_off()) {
            return None;
        }
        let filter = (incoming.filter.is_some() || outgoing.filter.is_some())
            .then(|| CallFilter { incoming: self.passed(&incoming), outgoing: self.passed(&outgoing) });
        let default_store = self.common_store(&incoming, &outgoing);
        let by_virtual_number = self.common_stores(&incoming, &outgoing);
        let fields = Fields {
            client: self.common_fields(&incoming.client_fields, &outgoing.client_fields),
            order: self.common_fields(&incoming.order_fields, &outgoing.order_fields),
        };
        let click_to_call = self.click_to_call(&incoming, &outgoing);
        if let (None, Some(at)) = (incoming.settings.forward_to_manager, outgoing.settings.forward_to_manager)
        {
            self.obstacle(
                at,
                "the form forwards incoming calls only",
                "форма переводит на менеджера только входящие звонки",
            );
        }
        Some(Telephony {
            filter,
            click_to_call,
            responsible: CallResponsible {
                incoming: incoming.responsible(),
                outgoing: outgoing.responsible(),
            },
            incoming: Incoming {
                entities: incoming.entities.unwrap_or_default(),
                forward_to_manager: incoming.settings.forward_to_manager.is_some(),
            },
            outgoing: outgoing.entities.unwrap_or_default(),
            tasks: CallTasks { missed_incoming: incoming.task, failed_outgoing: outgoing.task },
            stores: NumberStores { default: default_store, by_virtual_number },
            fields,
        })
    }

    fn written(&mut self, kind: Kind) -> Option<Written> {
        let part = self.part(kind).clone();
        if !part.seen {
            return None;
        }
        let filter = part.filter.is_some().then(|| WrittenFilter(self.passed(&part)));
        let chat = (kind == Kind::Chats).then(|| Chat {
            create_at: part.settings.create_at.clone().unwrap_or_else(|| Chat::default().create_at),
            without_contacts: part.settings.without_contacts,
            missed_task: part.task.clone(),
        });
        let plain = |fields: &[(Field, At<'_>)]| fields.iter().map(|(field, _)| field.clone()).collect();
        Some(Written {
            filter,
            chat,
            stores: SiteStores {
                default: part.settings.default_store.as_ref().map(|(store, _)| store.clone()),
                by_site: part.stores.as_ref().map(|(rows, _)| rows.clone()).unwrap_or_default(),
            },
            responsible: part.responsible(),
            fields: Fields { client: plain(&part.client_fields), order: plain(&part.order_fields) },
            entities: part.entities.unwrap_or_default(),
        })
    }

    /// Clicks make outgoing calls, so their settings count; those of incoming calls may only say the same.
    fn click_to_call(&mut self, incoming: &Part<'s>, outgoing: &Part<'s>) -> Option<ClickToCall> {
        let number =
            |part: &Part<'s>| part.settings.click_to_call_number.as_ref().map(|(number, _)| number.clone());
        if let Some((here, at)) = &incoming.settings.click_to_call_number
            && number(outgoing).as_ref() != Some(here)
        {
            self.one_for_both(*at);
        }
        let always_show = outgoing.settings.always_show_number;
        let click = number(outgoing).map(|number| ClickToCall { number, always_show: always_show.is_some() });
        let idle = incoming.settings.always_show_number.filter(|_| always_show.is_none());
        if let Some(at) = idle.or(always_show.filter(|_| click.is_none())) {
            self.obstacle(
                at,
                "the form always shows the number of clicks, when it has one",
                "всегда показывать номер форма может для звонков по клику, когда он указан",
            );
        }
        click
    }

    fn passed(&mut self, part: &Part<'s>) -> Option<Condition> {
        match &part.filter {
            Some((Passed::When(condition), _)) => Some(condition.clone()),
            Some((Passed::Nothing, at)) => {
                self.obstacle(
                    *at,
                    "the form cannot turn everything away; it can switch telephony off as a whole",
                    "форма не может отклонять всё; она может отключить телефонию целиком",
                );
                None
            }
            Some((Passed::Everything, _)) | None => None,
        }
    }

    fn common_store(&mut self, incoming: &Part<'s>, outgoing: &Part<'s>) -> Option<String> {
        let name = |part: &Part<'s>| part.settings.default_store.as_ref().map(|(store, _)| store.clone());
        let store = name(incoming);
        if store != name(outgoing) {
            let there = [incoming, outgoing].map(|part| part.settings.default_store.as_ref());
            there.into_iter().flatten().for_each(|(_, at)| self.one_for_both(*at));
        }
        store
    }

    fn common_stores(&mut self, incoming: &Part<'s>, outgoing: &Part<'s>) -> BTreeMap<String, String> {
        let rows = |part: &Part<'s>| part.stores.as_ref().map(|(rows, _)| rows.clone()).unwrap_or_default();
        if rows(incoming) != rows(outgoing) {
            let there = [incoming, outgoing].map(|part| part.stores.as_ref());
            there.into_iter().flatten().for_each(|(_, at)| self.one_for_both(*at));
        }
        rows(incoming)
    }

    fn common_fields(&mut self, incoming: &[(Field, At<'s>)], outgoing: &[(Field, At<'s>)]) -> Vec<Field> {
        for (here, there) in [(incoming, outgoing), (outgoing, incoming)] {
            let alone = here.iter().filter(|(field, _)| !there.iter().any(|(other, _)| other == field));
            alone.for_each(|(_, at)| self.one_for_both(*at));
        }
        incoming.iter().map(|(field, _)| field.clone()).collect()
    }

    fn one_for_both(&mut self, at: At<'s>) {
        self.obstacle(
            at,
            "the form has this once, for incoming and outgoing calls together",
            "в форме это одно на входящие и исходящие звонки",
        );
    }
}

impl Part<'_> {
    /// Whether these calls are turned away, and nothing else is said of them.
    fn is_off(&self) -> bool {
        !self.is_used && matches!(self.filter, Some((Passed::Nothing, _)))
    }

    fn responsible(&self) -> Responsible {
        Responsible {
            filters: self.responsible.as_ref().map(|table| table.filters.clone()).unwrap_or_default(),
            default: self.settings.default_responsible.clone(),
        }
    }
}
