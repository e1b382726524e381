//! Employees and time zones: who is matched with whom, and what stands in the way.

use super::finding::{Level, Report};
use crate::config::Account;
use crate::directory::{Chosen, CrmPart, Problem, Snapshot, UisPart};

pub(super) fn check(account: &Account, crm: &CrmPart, uis: Option<&UisPart>, report: &mut Report) {
    let chosen = Chosen::new(
        account.employees.iter().map(String::as_str),
        account.employee_groups.iter().map(String::as_str),
    );
    let fixed = (account.timezone.as_ref(), account.retailcrm.timezone.as_ref());
    let snapshot = Snapshot::of_chosen(crm, uis, fixed, &chosen);
    let zone = |zone: &jiff::tz::TimeZone| zone.iana_name().unwrap_or("UTC").to_owned();
    let (uis_zone, crm_zone) = (zone(&snapshot.zones().uis), zone(&snapshot.zones().crm));
    report.fine(
        "zones",
        format!("time zones: UIS {uis_zone}, RetailCRM {crm_zone}"),
        format!("часовые пояса: UIS {uis_zone}, RetailCRM {crm_zone}"),
    );
    if let Some(uis) = uis {
        let taking_part = uis.employees.iter().filter(|employee| chosen.has(employee)).count();
        let matched = snapshot.synchronised().count();
        report.fine(
            "employees",
            format!("{matched} of {taking_part} employees of UIS are users of RetailCRM"),
            format!("пользователи RetailCRM – {matched} из {taking_part} сотрудников UIS"),
        );
    }
    // UIS did not answer, which has been said; that it named no zone follows from it.
    let is_silent = account.uis.is_some() && uis.is_none();
    let follows = |problem: &&Problem| {
        is_silent && matches!(problem, Problem::ZoneUnknown { side, .. } if side == "UIS")
    };
    for problem in snapshot.problems().iter().filter(|problem| !follows(problem)) {
        let (code, todo) = what_to_do(problem);
        report.add(Level::Warning, code, problem.text(), todo);
    }
}

fn what_to_do(problem: &Problem) -> (&'static str, (&'static str, &'static str)) {
    match problem {
        Problem::UsersShareEmail { .. } => (
            "employees-duplicate-users",
            (
                "Give each user of RetailCRM an e-mail of his own, or switch one of them off.",
                "Дайте каждому пользователю RetailCRM свою почту или отключите лишнего.",
            ),
        ),
        Problem::EmployeesShareEmail { .. } => (
            "employees-duplicate",
            ("Give each employee of UIS an e-mail of his own.", "Дайте каждому сотруднику UIS свою почту."),
        ),
        Problem::EmployeeWithoutUser { .. } => (
            "employees-unmatched",
            (
                "Make a user with this e-mail in RetailCRM, or mend the e-mail in UIS.",
                "Создайте в RetailCRM пользователя с этой почтой или исправьте почту в UIS.",
            ),
        ),
        Problem::EmployeeWithoutEmail { .. } => (
            "employees-without-email",
            (
                "Put the e-mail of the user of RetailCRM into the card of the employee in UIS.",
                "Впишите в карточку сотрудника UIS почту пользователя RetailCRM.",
            ),
        ),
        Problem::ChosenEmailUnknown { .. } | Problem::ChosenGroupUnknown { .. } => (
            "employees-chosen-unknown",
            (
                "Mend `employees` and `employee_groups` of the account.",
                "Исправьте `employees` и `employee_groups` аккаунта.",
            ),
        ),
        Problem::ZoneUnknown { .. } => (
            "zone-unknown",
            (
                "Set `timezone` of the account and of `[account.retailcrm]`.",
                "Укажите `timezone` аккаунта и раздела `[account.retailcrm]`.",
            ),
        ),
        _ => ("account", ("See the console of the server.", "Посмотрите консоль сервера.")),
    }
}
