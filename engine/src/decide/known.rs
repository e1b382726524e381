//! Fields that the engine itself looks at, by number.

use std::sync::LazyLock;

use crate::catalog::schema;
use crate::schema::FieldId;

/// The numbers of fields that deciding looks at, whatever the rules say.
pub(super) struct Known {
    pub(super) missed: Option<FieldId>,
    pub(super) talk_time: Option<FieldId>,
    pub(super) started: Option<FieldId>,
    pub(super) finished: Option<FieldId>,
    pub(super) created: Option<FieldId>,
    pub(super) phone: Option<FieldId>,
    pub(super) email: Option<FieldId>,
    pub(super) stage: Option<FieldId>,
    pub(super) manager: Option<FieldId>,
    pub(super) total: Option<FieldId>,
    pub(super) total_with_delivery: Option<FieldId>,
    pub(super) delivery_cost: Option<FieldId>,
    pub(super) order_store: Option<FieldId>,
    pub(super) virtual_number: Option<FieldId>,
}

/// Looked up once.
pub(super) static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let field = |name| schema().field_id(name);
    Known {
        missed: field("missed"),
        talk_time: field("talk_time"),
        started: field("started"),
        finished: field("finished"),
        created: field("order.created"),
        phone: field("phone"),
        email: field("email"),
        stage: field("stage"),
        manager: field("client.manager"),
        total: field("order.total"),
        total_with_delivery: field("order.total_with_delivery"),
        delivery_cost: field("order.delivery_cost"),
        order_store: field("order.store"),
        virtual_number: field("virtual_number"),
    }
});

#[cfg(test)]
mod tests {
    use super::KNOWN;

    #[test]
    fn the_schema_has_all_of_them() {
        let known = &*KNOWN;
        let all = [
            known.missed,
            known.talk_time,
            known.started,
            known.finished,
            known.created,
            known.phone,
            known.email,
            known.stage,
            known.manager,
            known.total,
            known.total_with_delivery,
            known.delivery_cost,
            known.order_store,
            known.virtual_number,
        ];
        assert!(all.iter().all(Option::is_some), "{all:?}");
    }
}
