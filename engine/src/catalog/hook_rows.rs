//! The rows of the hooks: the properties and methods of every `proposal` with their types.

use super::enums;
use super::hooks::{Act, Hook, HookSpec, Method, Property};
use super::row::{EMPLOYEE, MOMENT, NUMBER, TEXT, YES_NO, reference};
use crate::program::{Slot, Slots};
use crate::schema::Docs;
use crate::ty::{ReferenceKind, Scalar, Type};

const COMMUNICATIONS: Slots = Slots::CALLS.or(Slots::one(Slot::Chat)).or(Slots::one(Slot::Request));

const fn read(name: &'static str, ru: &'static str, ty: Type, doc: Docs) -> Property {
    Property { name, ru, ty, writable: false, doc }
}

const fn write(name: &'static str, ru: &'static str, ty: Type, doc: Docs) -> Property {
    Property { name, ru, ty, writable: true, doc }
}

const fn act(name: &'static str, parameters: &'static [(&'static str, Type)], act: Act, doc: Docs) -> Method {
    Method { name, parameters, act, doc }
}

const fn docs(en: &'static str, ru: &'static str) -> Docs {
    Docs { en, ru }
}

const FIELD_METHODS: &[Method] = &[
    act(
        "set",
        &[("code", TEXT), ("value", Type::of(Scalar::Any).optional())],
        Act::SetField,
        docs(
            "gives a field a value, written while its client or order is being created",
            "даёт полю значение; оно записывается, пока создаётся клиент или заказ",
        ),
    ),
    act(
        "set_always",
        &[("code", TEXT), ("value", Type::of(Scalar::Any).optional())],
        Act::SetFieldAlways,
        docs(
            "gives a field a value, written to an existing client or order too",
            "даёт полю значение; оно записывается и в уже существующего клиента или заказ",
        ),
    ),
    act("drop", &[("code", TEXT)], Act::DropField, docs("leaves a field alone", "не записывает поле")),
];

const RESPONSIBLE: Property = write(
    "responsible",
    "ответственный",
    EMPLOYEE.optional(),
    docs("employee who becomes responsible, by e-mail", "почта сотрудника, который станет ответственным"),
);

const KEEP_MANAGER: Method = act(
    "keep_manager",
    &[],
    Act::KeepManager,
    docs(
        "the client's manager becomes responsible; nothing changes when there is none",
        "ответственным становится менеджер клиента; если его нет, ничего не меняется",
    ),
);

/// Every hook, in the order in which a decision is made.
pub static HOOKS: [HookSpec; 8] = [
    HookSpec {
        hook: Hook::Entities,
        name: "entities",
        ru: "сущностей",
        ru_forms: &["сущности"],
        function: "entities",
        type_name: "EntitiesProposal",
        slots: COMMUNICATIONS,
        outcomes: false,
        codes: false,
        properties: &[
            write(
                "creates_client",
                "создаёт_клиента",
                YES_NO,
                docs("whether a client is created", "создаётся ли клиент"),
            ),
            write(
                "creates_order",
                "создаёт_заказ",
                YES_NO,
                docs("whether an order is created", "создаётся ли заказ"),
            ),
            read(
                "attached_to",
                "привязка_к_заказу",
                TEXT.optional(),
                docs(
                    "number of the order that the communication is attached to",
                    "номер заказа, к которому привязано обращение",
                ),
            ),
            RESPONSIBLE,
        ],
        methods: &[
            act(
                "create_client",
                &[],
                Act::CreateClient,
                docs("a client is created too", "создаётся и клиент"),
            ),
            act(
                "create_order",
                &[],
                Act::CreateOrder,
                docs(
                    "an order is created too; takes back attach_to",
                    "создаётся и заказ; отменяет attach_to",
                ),
            ),
            act(
                "create_nothing",
                &[],
                Act::CreateNothing,
                docs("nothing is created; takes back attach_to", "ничего не создаётся; отменяет attach_to"),
            ),
            act(
                "attach_to",
                &[("number", TEXT)],
                Act::AttachTo,
                docs(
                    "the communication goes to the order of this number, and no order is created",
                    "обращение привязывается к заказу с этим номером, новый заказ не создаётся",
                ),
            ),
            KEEP_MANAGER,
        ],
        doc: docs(
            "what a communication creates, and whose it is",
            "что создаётся по обращению и кто отвечает",
        ),
    },
    HookSpec {
        hook: Hook::Responsible,
        name: "responsible",
        ru: "ответственного",
        ru_forms: &["ответственный"],
        function: "responsible",
        type_name: "ResponsibleProposal",
        slots: COMMUNICATIONS,
        outcomes: false,
        codes: false,
        properties: &[RESPONSIBLE],
        methods: &[KEEP_MANAGER],
        doc: docs("who is responsible", "кто отвечает"),
    },
    HookSpec {
        hook: Hook::Store,
        name: "store",
        ru: "магазина",
        ru_forms: &["магазин"],
        function: "store",
        type_name: "StoreProposal",
        slots: COMMUNICATIONS,
        outcomes: false,
        codes: false,
        properties: &[write(
            "store",
            "магазин",
            reference(ReferenceKind::Store).optional(),
            docs("code of the store", "код магазина"),
        )],
        methods: &[],
        doc: docs("the store that the communication belongs to", "магазин, к которому относится обращение"),
    },
    HookSpec {
        hook: Hook::ClientFields,
        name: "fields of client",
        ru: "полей клиента",
        ru_forms: &["поля клиента"],
        function: "client_fields",
        type_name: "ClientFieldsProposal",
        slots: COMMUNICATIONS,
        outcomes: false,
        codes: true,
        properties: &[],
        methods: FIELD_METHODS,
        doc: docs("what is written to fields of the client", "что записывается в поля клиента"),
    },
    HookSpec {
        hook: Hook::OrderFields,
        name: "fields of order",
        ru: "полей заказа",
        ru_forms: &["поля заказа"],
        function: "order_fields",
        type_name: "OrderFieldsProposal",
        slots: COMMUNICATIONS,
        outcomes: false,
        codes: true,
        properties: &[],
        methods: FIELD_METHODS,
        doc: docs("what is written to fields of the order", "что записывается в поля заказа"),
    },
    HookSpec {
        hook: Hook::Task,
        name: "task",
        ru: "задачи",
        ru_forms: &["задача", "задач"],
        function: "task",
        type_name: "TaskProposal",
        slots: COMMUNICATIONS,
        outcomes: true,
        codes: false,
        properties: &[
            read(
                "name",
                "имя",
                TEXT,
                docs(
                    "the task's name: the header of its section in English",
                    "имя задачи: заголовок её раздела по-английски",
                ),
            ),
            write("title", "заголовок", TEXT, docs("its title", "её заголовок")),
            write("note", "заметка", TEXT.optional(), docs("its long text", "её длинный текст")),
            write(
                "assign",
                "исполнитель",
                EMPLOYEE.optional(),
                docs("whose task it is, by e-mail", "почта исполнителя"),
            ),
            write("due", "срок", MOMENT.optional(), docs("when it is due", "срок")),
            read("skipped", "отменена", YES_NO, docs("whether it falls away", "отменена ли она")),
        ],
        methods: &[act("skip", &[], Act::Skip, docs("the task is not set", "задача не ставится"))],
        doc: docs("each task that the rules set", "каждая задача, которую ставят правила"),
    },
    HookSpec {
        hook: Hook::Deal,
        name: "deal",
        ru: "сделки",
        ru_forms: &["сделка", "сделок"],
        function: "deal",
        type_name: "DealProposal",
        slots: Slots::ORDERS,
        outcomes: false,
        codes: true,
        properties: &[
            write("amount", "сумма", NUMBER.optional(), docs("its sum", "её сумма")),
            write(
                "stage",
                "этап",
                Type::of(Scalar::Enum(&enums::OUTCOME)),
                docs("open, won or lost", "open — в работе, won — выиграна, lost — проиграна"),
            ),
            read("skipped", "отменена", YES_NO, docs("whether it falls away", "отменена ли она")),
        ],
        methods: &[
            act(
                "set",
                &[("code", TEXT), ("value", Type::of(Scalar::Any).optional())],
                Act::SetField,
                docs("passes a value under the code of a field", "передаёт значение под кодом поля"),
            ),
            act("drop", &[("code", TEXT)], Act::DropField, docs("does not pass a field", "не передаёт поле")),
            act("skip", &[], Act::Skip, docs("the order is not passed on", "заказ не передаётся")),
        ],
        doc: docs("the deal that an order becomes in UIS", "сделка, которой заказ становится в UIS"),
    },
    HookSpec {
        hook: Hook::Forward,
        name: "forward",
        ru: "переадресации",
        ru_forms: &["переадресация"],
        function: "forward",
        type_name: "ForwardProposal",
        slots: Slots::one(Slot::IncomingCall),
        outcomes: false,
        codes: false,
        properties: &[
            read(
                "employee",
                "сотрудник",
                EMPLOYEE.optional(),
                docs("the employee, by e-mail", "почта сотрудника"),
            ),
            read("number", "номер", TEXT.optional(), docs("the number", "номер")),
            read("branch", "ветка", NUMBER.optional(), docs("the branch of the scenario", "ветка сценария")),
        ],
        methods: &[
            act(
                "to_employee",
                &[("email", EMPLOYEE)],
                Act::ToEmployee,
                docs("the call goes to an employee", "звонок идёт сотруднику"),
            ),
            act(
                "to_number",
                &[("number", TEXT)],
                Act::ToNumber,
                docs("the call goes to a number", "звонок идёт на номер"),
            ),
            act(
                "to_branch",
                &[("branch", NUMBER)],
                Act::ToBranch,
                docs("the scenario goes on by a branch", "сценарий идёт по ветке"),
            ),
            act(
                "to_manager",
                &[],
                Act::ToManager,
                docs(
                    "the call goes to the client's manager; to nobody when there is none",
                    "звонок идёт менеджеру клиента; если его нет — никому",
                ),
            ),
            act(
                "to_nobody",
                &[],
                Act::ToNobody,
                docs("the call goes on in its scenario", "звонок идёт дальше по сценарию"),
            ),
        ],
        doc: docs("whom an incoming call is put through to", "кому переводится входящий звонок"),
    },
];
