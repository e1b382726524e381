//! The words of the page of deals.

/// Name, English, Russian.
pub(super) const TABLE: &[(&str, &str, &str)] = &[
    ("deals", "Deals", "Сделки"),
    (
        "deals_about",
        "Orders of RetailCRM as deals of UIS: what UIS has of each, and why one waits or was put aside.",
        "Заказы RetailCRM как сделки UIS: что из них есть в UIS и почему какой-то ждёт или отложен.",
    ),
    ("deals_none", "No account has a key of UIS.", "Ни у одного аккаунта нет ключа UIS."),
    ("deals_history", "History of orders is read up to", "История заказов прочитана до"),
    ("deals_funnels", "Funnels", "Воронки"),
    ("deals_processing", "Being processed by UIS", "Обрабатывает UIS"),
    (
        "deals_slow",
        "UIS does not come to an end with deals that it took.",
        "UIS не заканчивает обработку принятых сделок.",
    ),
    ("deals_trouble", "Deals have to wait", "Сделки ждут"),
    ("deals_order", "Order", "Заказ"),
    ("deals_stage", "Stage in UIS", "Этап в UIS"),
    ("deals_retry_all", "Try all again", "Повторить все"),
    ("deals_all", "All", "Все"),
    ("deals_parked", "Put aside only", "Только отложенные"),
    ("deals_waiting", "Orders waiting", "Заказов ждёт"),
    ("deals_done", "Orders that are in UIS", "Заказов в UIS"),
    ("deals_not_passed", "Orders not passed on", "Заказов не передаётся"),
    ("deals_put_aside", "Orders put aside", "Заказов отложено"),
    ("deals_gone", "Orders deleted", "Заказов удалено"),
    ("deal_stage_won", "won", "успешно"),
    ("deal_stage_lost", "lost", "не состоялась"),
    ("deal_waiting", "waiting", "ждёт"),
    ("deal_done", "in UIS", "в UIS"),
    ("deal_not_passed", "not passed on", "не передаётся"),
    ("deal_parked", "put aside", "отложен"),
    ("deal_gone", "deleted", "удалён"),
];
