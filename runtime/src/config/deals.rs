//! `[account.deals]`: how orders of the CRM become deals in UIS, beyond what the rules say.
//!
//! Which orders, which funnel, which sum, which fields, what is won and lost stands in `transfer orders` of the rules;
//! without it nothing is passed on, whatever stands here.

use std::time::Duration;

use crate::config::error::both;
use crate::config::load::network;
use crate::config::network::Network;
use crate::config::reader::Reader;
use crate::config::settings::{FLAG, NETWORKS, Setting, TEXT, TIME, bounded_row, row};
use crate::config::value::{Count, Value as _};

/// The longest text of a setting here.
const MAX_TEXT: usize = 100;
/// What stands for the number of the order in the name of a deal.
pub const NUMBER: &str = "{number}";

/// How orders become deals.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Deals {
    /// Whether they do at all.
    pub active: bool,
    /// From where triggers may come; empty means from anywhere.
    pub trigger_from: Vec<Network>,
    /// What the stages of a funnel are made of.
    pub stages: StagesOf,
    /// What happens to the deal of an order that was deleted.
    pub deleted: Deleted,
    /// What happens to the deal of an order that `only when` does not fit any more.
    pub unmatched: Unmatched,
    /// What happens to a stage that no order of the CRM can reach any more.
    pub old_stages: OldStages,
    /// The name of a deal, with [`NUMBER`] in it.
    pub name: String,
    /// The name of the one funnel for all.
    pub funnel: String,
    /// The name of the stage of deals that are won.
    pub won_stage: String,
    /// The name of the stage of deals that are lost.
    pub lost_stage: String,
    /// Whether comments go along.
    pub comments: bool,
    /// How everything that we name in UIS begins.
    pub prefix: String,
    /// How long after a change to look at the order.
    pub settle: Duration,
    /// The time between two readings of the history.
    pub history_interval: Duration,
    /// How far back the very first reading looks.
    pub history_first: Duration,
    /// How long rows of the history that were read are looked at again, because an earlier one may show late.
    pub history_overlap: Duration,
    /// The most rows that are looked at again.
    pub history_overlap_rows: Count,
    /// For how many days what UIS has accepted of a closed deal is remembered.
    pub keep_closed_days: Count,
    /// The time between two looks at statuses and funnels.
    pub funnels_interval: Duration,
    /// The time between two questions whether UIS has processed what it took.
    pub processing_check: Duration,
    /// After how long it is said that it has not.
    pub processing_alarm: Duration,
    /// How often an order that is not there, or fails, is tried again.
    pub tries: Count,
    /// Orders of one turn.
    pub batch_orders: Count,
    /// Rows of one upload.
    pub batch_rows: Count,
}

/// What the stages of a funnel are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StagesOf {
    /// Groups of statuses.
    Groups,
    /// Statuses.
    Statuses,
}

/// What happens to the deal of an order that was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// It is deleted too.
    Delete,
    /// It stays as it was.
    Keep,
}

/// What happens to the deal of an order that `only when` does not fit any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmatched {
    /// It follows the order all the same.
    Follow,
    /// It stays as it was.
    Keep,
    /// It is deleted.
    Delete,
}

/// What happens to a stage that no order of the CRM can reach any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldStages {
    /// It is deleted once no deal stands there.
    Remove,
    /// It stays.
    Keep,
}

impl Default for Deals {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            active: true,
            trigger_from: Vec::new(),
            stages: StagesOf::Groups,
            deleted: Deleted::Delete,
            unmatched: Unmatched::Follow,
            old_stages: OldStages::Remove,
            name: format!("Заказ {NUMBER}"),
            funnel: "RetailCRM".to_owned(),
            won_stage: "Успешно".to_owned(),
            lost_stage: "Не реализовано".to_owned(),
            comments: true,
            prefix: String::new(),
            settle: seconds(3),
            history_interval: seconds(5 * 60),
            history_first: Duration::ZERO,
            history_overlap: seconds(10 * 60),
            history_overlap_rows: Count(1_000),
            keep_closed_days: Count(400),
            funnels_interval: seconds(15 * 60),
            processing_check: seconds(60),
            processing_alarm: seconds(60 * 60),
            tries: Count(6),
            batch_orders: Count(300),
            batch_rows: Count(1_000),
        }
    }
}

/// Key, default, bounds, and what it is for.
type Bounds<T> = (&'static str, T, T, &'static str, &'static str);

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const MS: Duration = Duration::from_millis(10);
const DAY: Duration = s(24 * 3600);

/// The least number of days that what is known of closed deals is kept: no order that is younger was ever forgotten.
pub(crate) const LEAST_KEEP_DAYS: Count = Count(30);

const TIMES: [Bounds<Duration>; 7] = [
    (
        "settle",
        Duration::ZERO,
        s(600),
        "How long after a change the order is looked at: a burst of changes is one look.",
        "Через сколько после изменения смотреть на заказ: серия изменений – один взгляд.",
    ),
    (
        "history_interval",
        MS,
        DAY,
        "The time between two readings of the history of orders, which finds what no trigger told.",
        "Время между чтениями истории заказов, где находится то, о чём не сообщил триггер.",
    ),
    (
        "history_first",
        Duration::ZERO,
        s(90 * 24 * 3600),
        "How far back the very first reading of the history looks; nothing before it is ever taken.",
        "Насколько назад смотрит самое первое чтение истории; более раннее не берётся никогда.",
    ),
    (
        "history_overlap",
        Duration::ZERO,
        s(3600),
        "How long rows of the history that were read are looked at again: a row may show later than those behind it.",
        "Сколько времени прочитанные строки истории просматриваются снова: строка может появиться позже следующих за ней.",
    ),
    (
        "funnels_interval",
        MS,
        DAY,
        "The time between two looks whether statuses, groups or shops have other names.",
        "Время между проверками, не переименованы ли статусы, группы и магазины.",
    ),
    (
        "processing_check",
        MS,
        DAY,
        "The time between two questions whether UIS has processed the deals that it took.",
        "Время между вопросами, обработала ли UIS принятые сделки.",
    ),
    (
        "processing_alarm",
        MS,
        s(7 * 24 * 3600),
        "After how long without an end to that the health page and the console say so.",
        "Через сколько времени без конца обработки об этом говорят страница здоровья и консоль.",
    ),
];

const COUNTS: [Bounds<Count>; 5] = [
    (
        "tries",
        Count(1),
        Count(20),
        "How often an order is tried again that RetailCRM does not have yet or UIS refuses for its time, with growing pauses, before it is put aside.",
        "Сколько раз повторить заказ, которого в RetailCRM ещё нет или время которого отвергла UIS, с растущими паузами, прежде чем отложить.",
    ),
    (
        "keep_closed_days",
        LEAST_KEEP_DAYS,
        Count(3_650),
        "For how many days it is remembered what UIS has accepted of orders that are won, lost, deleted or not passed on; open deals are never forgotten.",
        "Сколько дней помнить, что приняла UIS по заказам выигранным, проигранным, удалённым и непереданным; открытые сделки не забываются.",
    ),
    (
        "history_overlap_rows",
        Count(100),
        Count(1_500),
        "The most rows of the history that are looked at again; with more of them the time is shorter.",
        "Сколько строк истории просматривается снова, не больше; если их больше, время короче.",
    ),
    (
        "batch_orders",
        Count(1),
        Count(1_000),
        "Orders that are taken to UIS in one turn.",
        "Сколько заказов передаётся в UIS за один ход.",
    ),
    (
        "batch_rows",
        Count(1),
        Count(1_000),
        "Rows of one upload; UIS takes 1,000.",
        "Строк в одной передаче; UIS принимает 1000.",
    ),
];

const TEXTS: [(&str, &str, &str); 5] = [
    (
        "name",
        "The name of a deal; `{number}` is the number of the order.",
        "Название сделки; `{number}` – номер заказа.",
    ),
    (
        "funnel",
        "The name of the one funnel for all; the funnel of a shop has the name of the shop.",
        "Название единой воронки; воронка магазина называется как магазин.",
    ),
    ("won_stage", "The name of the stage of deals that are won.", "Название этапа выигранных сделок."),
    ("lost_stage", "The name of the stage of deals that are lost.", "Название этапа проигранных сделок."),
    (
        "prefix",
        "How the ids begin that this account gives to funnels, contacts, deals in UIS; needed when several CRM accounts fill one UIS account.",
        "С чего начинаются id воронок, контактов и сделок этого аккаунта в UIS; нужно, когда несколько CRM заполняют один аккаунт UIS.",
    ),
];

impl Deals {
    pub(super) fn read(reader: &mut Reader<'_, '_>) -> Self {
        let default = Self::default();
        let stages = reader.parsed("stages", |text| match text {
            "groups" => Ok(StagesOf::Groups),
            "statuses" => Ok(StagesOf::Statuses),
            _ => Err(both("expected `groups` or `statuses`", "ожидается `groups` или `statuses`")),
        });
        let deleted = reader.parsed("deleted", |text| match text {
            "delete" => Ok(Deleted::Delete),
            "keep" => Ok(Deleted::Keep),
            _ => Err(both("expected `delete` or `keep`", "ожидается `delete` или `keep`")),
        });
        let unmatched = reader.parsed("unmatched", |text| match text {
            "follow" => Ok(Unmatched::Follow),
            "keep" => Ok(Unmatched::Keep),
            "delete" => Ok(Unmatched::Delete),
            _ => {
                Err(both("expected `follow`, `keep` or `delete`", "ожидается `follow`, `keep` или `delete`"))
            }
        });
        let old_stages = reader.parsed("old_stages", |text| match text {
            "remove" => Ok(OldStages::Remove),
            "keep" => Ok(OldStages::Keep),
            _ => Err(both("expected `remove` or `keep`", "ожидается `remove` или `keep`")),
        });
        let mut text = |key, default: String, may_be_empty: bool| {
            let read = reader.parsed(key, |text| {
                let fits = text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control);
                match text.trim() {
                    text if fits && (may_be_empty || !text.is_empty()) => Ok(text.to_owned()),
                    _ => Err(both(
                        &format!("expected a line of at most {MAX_TEXT} characters"),
                        &format!("ожидается строка не длиннее {MAX_TEXT} символов"),
                    )),
                }
            });
            read.unwrap_or(default)
        };
        let (name, funnel) = (text("name", default.name, false), text("funnel", default.funnel, false));
        let won_stage = text("won_stage", default.won_stage, false);
        let lost_stage = text("lost_stage", default.lost_stage, false);
        let prefix = text("prefix", default.prefix, true);
        let mut time = |key: &'static str, default| {
            let bounds = TIMES.iter().find(|(name, ..)| *name == key);
            let (least, most) = bounds.map_or((MS, DAY), |(_, least, most, ..)| (*least, *most));
            reader.bounded(key, default, least, most)
        };
        let settle = time("settle", default.settle);
        let history_interval = time("history_interval", default.history_interval);
        let history_first = time("history_first", default.history_first);
        let history_overlap = time("history_overlap", default.history_overlap);
        let funnels_interval = time("funnels_interval", default.funnels_interval);
        let processing_check = time("processing_check", default.processing_check);
        let processing_alarm = time("processing_alarm", default.processing_alarm);
        let mut count = |key: &'static str, default| {
            let bounds = COUNTS.iter().find(|(name, ..)| *name == key);
            let (least, most) = bounds.map_or((Count(1), Count(1)), |(_, least, most, ..)| (*least, *most));
            reader.bounded(key, default, least, most)
        };
        let tries = count("tries", default.tries);
        let keep_closed_days = count("keep_closed_days", default.keep_closed_days);
        let history_overlap_rows = count("history_overlap_rows", default.history_overlap_rows);
        let batch_orders = count("batch_orders", default.batch_orders);
        let batch_rows = count("batch_rows", default.batch_rows);
        Self {
            active: reader.flag("active", default.active),
            trigger_from: reader.list("trigger_from", network).unwrap_or_default(),
            stages: stages.unwrap_or(default.stages),
            deleted: deleted.unwrap_or(default.deleted),
            unmatched: unmatched.unwrap_or(default.unmatched),
            old_stages: old_stages.unwrap_or(default.old_stages),
            name,
            funnel,
            won_stage,
            lost_stage,
            comments: reader.flag("comments", default.comments),
            prefix,
            settle,
            history_interval,
            history_first,
            history_overlap,
            history_overlap_rows,
            keep_closed_days,
            funnels_interval,
            processing_check,
            processing_alarm,
            tries,
            batch_orders,
            batch_rows,
        }
    }

    pub(super) fn settings() -> Vec<Setting> {
        let default = Self::default();
        let texts =
            [&default.name, &default.funnel, &default.won_stage, &default.lost_stage, &default.prefix];
        let times = [
            default.settle,
            default.history_interval,
            default.history_first,
            default.history_overlap,
            default.funnels_interval,
            default.processing_check,
            default.processing_alarm,
        ];
        let counts = [
            default.tries,
            default.keep_closed_days,
            default.history_overlap_rows,
            default.batch_orders,
            default.batch_rows,
        ];
        let mut rows = vec![
            row(
                "active",
                FLAG,
                Some("true"),
                "Whether orders become deals; needs `[account.uis]`, and `transfer orders` in the rules.",
                "Становятся ли заказы сделками; нужны `[account.uis]` и раздел `передача заказов` в правилах.",
            ),
            row(
                "trigger_from",
                NETWORKS,
                Some("[]"),
                "From where RetailCRM's triggers may come; empty means from anywhere.",
                "Откуда могут приходить триггеры RetailCRM; пусто значит отовсюду.",
            ),
            row(
                "stages",
                ("`\"groups\"` or `\"statuses\"`", "`\"groups\"` или `\"statuses\"`"),
                Some("\"groups\""),
                "Whether each group of statuses is a stage of the funnel, or each status.",
                "Что становится этапом воронки: каждая группа статусов или каждый статус.",
            ),
            row(
                "deleted",
                ("`\"delete\"` or `\"keep\"`", "`\"delete\"` или `\"keep\"`"),
                Some("\"delete\""),
                "What happens to the deal of an order that was deleted in RetailCRM or merged into another.",
                "Что делать со сделкой заказа, который удалён в RetailCRM или объединён с другим.",
            ),
            row(
                "unmatched",
                ("`\"follow\"`, `\"keep\"` or `\"delete\"`", "`\"follow\"`, `\"keep\"` или `\"delete\"`"),
                Some("\"follow\""),
                "What happens to the deal of an order that `only when` does not fit any more: it follows the order all the same, stays as it was, or is deleted.",
                "Что делать со сделкой заказа, который больше не подходит под `только когда`: вести её дальше вслед за заказом, оставить какой была или удалить.",
            ),
            row(
                "old_stages",
                ("`\"remove\"` or `\"keep\"`", "`\"remove\"` или `\"keep\"`"),
                Some("\"remove\""),
                "What happens to a stage that no order of RetailCRM can reach any more: it is removed from the funnel once no deal stands there, or stays.",
                "Что делать с этапом, на который не может попасть ни один заказ RetailCRM: убрать из воронки, когда на нём не останется сделок, или оставить.",
            ),
            row(
                "comments",
                FLAG,
                Some("true"),
                "Whether the comments of manager and client go along.",
                "Передавать ли комментарии менеджера и клиента.",
            ),
        ];
        for ((key, en, ru), default) in TEXTS.into_iter().zip(texts) {
            rows.push(row(key, TEXT, Some(&format!("\"{default}\"")), en, ru));
        }
        for ((key, least, most, en, ru), default) in TIMES.into_iter().zip(times) {
            rows.push(bounded_row(key, TIME, default.show(), (least.show(), most.show()), en, ru));
        }
        for ((key, least, most, en, ru), default) in COUNTS.into_iter().zip(counts) {
            let range = (least.show(), most.show());
            rows.push(bounded_row(key, Count::EXPECTED, default.show(), range, en, ru));
        }
        rows
    }
}
