//! Both sides as they were listed, and who is whom.
//!
//! An employee of UIS and a user of RetailCRM are the same person when their e-mails are equal, trimmed and in small
//! letters, and the user is active. Two active users with one e-mail are nobody: that is shown, not silently decided
//! (reference, section 6).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::chosen::Chosen;
use super::problem::Problem;
use super::zone::Zones;
use crate::crm::{CustomField, Dictionary, FieldEntity, Site, User};
use crate::uis::Employee;

/// The zone when neither side names one.
const LAST_RESORT: &str = "Europe/Moscow";

/// What RetailCRM lists.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CrmPart {
    /// When it was listed.
    pub taken_at: Timestamp,
    /// Users, inactive ones too.
    pub users: Vec<Person>,
    /// Shops that the key sees.
    pub sites: Vec<Site>,
    /// Custom fields of customers and orders.
    pub fields: Vec<CustomField>,
    /// Dictionaries of those fields.
    pub dictionaries: Vec<Dictionary>,
    /// The name of the time zone.
    pub timezone: Option<String>,
    /// The language of the CRM.
    #[serde(default)]
    pub language: Option<String>,
    /// Scopes that the key lacks.
    pub missing_scopes: Vec<String>,
}

/// What UIS lists.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UisPart {
    /// When it was listed.
    pub taken_at: Timestamp,
    /// Employees.
    pub employees: Vec<Person>,
    /// The name of the time zone.
    pub timezone: Option<String>,
}

/// A user or an employee.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Person {
    /// The number on its side.
    pub id: u64,
    /// E-mail as written.
    pub email: Option<String>,
    /// The name as people read it.
    pub name: Option<String>,
    /// Whether the person still works here.
    pub active: bool,
    /// The internal number of an employee.
    #[serde(default)]
    pub extension: Option<String>,
    /// The numbers on which an employee is called, in their order.
    #[serde(default)]
    pub phones: Vec<String>,
    /// The groups of UIS that an employee is in.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// How a synchronised employee is called in UIS.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// The number of the employee in UIS.
    pub employee: u64,
    /// The internal number.
    pub extension: Option<String>,
    /// Telephone numbers and logins, in their order.
    pub phones: Vec<String>,
}

/// An employee who is a user of the CRM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// The e-mail, trimmed and in small letters.
    pub email: String,
    /// The user of the CRM.
    pub user: u64,
}

/// Both sides, matched.
#[derive(Debug, Clone)]
pub struct Snapshot {
    user_by_email: BTreeMap<String, u64>,
    email_by_user: BTreeMap<u64, String>,
    /// Names of users, of those who have left too: they still have orders.
    names: BTreeMap<u64, String>,
    matched: BTreeMap<u64, Matched>,
    reach: BTreeMap<String, Reach>,
    fields: BTreeMap<(FieldEntity, String), CustomField>,
    dictionaries: BTreeMap<String, Dictionary>,
    /// Names of shops by code.
    sites: BTreeMap<String, String>,
    zones: Zones,
    language: Option<String>,
    /// Extensions of employees, by employee; `None` while UIS has never listed them.
    extensions: Option<BTreeMap<u64, String>>,
    problems: Vec<Problem>,
}

impl From<User> for Person {
    fn from(user: User) -> Self {
        let names: Vec<String> = [user.last_name, user.first_name].into_iter().flatten().collect();
        let name = (!names.is_empty()).then(|| names.join(" "));
        Self { id: user.id, email: user.email, name, active: user.active, ..Self::default() }
    }
}

impl From<Employee> for Person {
    fn from(employee: Employee) -> Self {
        Self {
            id: employee.id,
            email: employee.email,
            name: employee.full_name,
            active: true,
            extension: employee.extension,
            phones: employee.phones,
            groups: employee.groups,
        }
    }
}

impl Snapshot {
    /// Matches both sides, all employees. Zones of the settings win over those that the sides name.
    pub fn new(crm: &CrmPart, uis: Option<&UisPart>, fixed: (Option<&TimeZone>, Option<&TimeZone>)) -> Self {
        Self::of_chosen(crm, uis, fixed, &Chosen::default())
    }

    /// The same with the employees that are chosen; the others are as if they were not there.
    pub fn of_chosen(
        crm: &CrmPart,
        uis: Option<&UisPart>,
        fixed: (Option<&TimeZone>, Option<&TimeZone>),
        chosen: &Chosen,
    ) -> Self {
        let mut problems = Vec::new();
        let (fixed_uis, fixed_crm) = fixed;
        let zones = zones(crm, uis, fixed_uis, fixed_crm, &mut problems);
        if !crm.missing_scopes.is_empty() {
            problems.push(Problem::ScopesMissing { scopes: crm.missing_scopes.clone() });
        }
        let user_by_email = unique_users(&crm.users, &mut problems);
        let active = crm.users.iter().filter(|user| user.active);
        let email_by_user =
            active.filter_map(|user| Some((user.id, normal_email(user.email.as_deref()?)?))).collect();
        let name = |user: &Person| Some((user.id, user.name.clone().or_else(|| user.email.clone())?));
        let names = crm.users.iter().filter_map(name).collect();
        let employees = uis.map(|uis| uis.employees.as_slice()).unwrap_or_default();
        if uis.is_some() {
            problems.extend(chosen.unknown(employees));
        }
        let employees: Vec<&Person> = employees.iter().filter(|employee| chosen.has(employee)).collect();
        let matched = match_employees(&employees, &user_by_email, &mut problems);
        let reach = reach(&employees, &matched);
        let fields =
            crm.fields.iter().map(|field| ((field.entity, field.code.clone()), field.clone())).collect();
        let dictionaries = crm.dictionaries.iter().map(|one| (one.code.clone(), one.clone())).collect();
        let sites = crm.sites.iter().map(|site| (site.code.clone(), site.name.clone())).collect();
        let language = crm.language.clone();
        let extension = |person: &Person| Some((person.id, person.extension.clone()?));
        let extensions = uis.map(|uis| uis.employees.iter().filter_map(extension).collect());
        Self {
            user_by_email,
            email_by_user,
            names,
            matched,
            reach,
            fields,
            dictionaries,
            sites,
            zones,
            language,
            extensions,
            problems,
        }
    }

    /// The e-mail and the user of an employee, when the employee is an active user of the CRM.
    pub fn employee(&self, employee: u64) -> Option<&Matched> {
        self.matched.get(&employee)
    }

    /// How the synchronised employee with an e-mail is called; `None` when there is none. Of two with one e-mail, the
    /// first by number.
    pub fn reach(&self, email: &str) -> Option<&Reach> {
        self.reach.get(&normal_email(email)?)
    }

    /// All employees of UIS who are users of the CRM, by their number in UIS.
    pub fn synchronised(&self) -> impl Iterator<Item = (u64, &Matched)> {
        self.matched.iter().map(|(employee, matched)| (*employee, matched))
    }

    /// The employee who is this user; of several with one e-mail the one with the lowest number.
    pub fn employee_of_user(&self, user: u64) -> Option<u64> {
        self.matched.iter().find(|(_, matched)| matched.user == user).map(|(employee, _)| *employee)
    }

    /// The matched employee with an extension.
    pub fn employee_by_extension(&self, extension: &str) -> Option<u64> {
        let extensions = self.extensions.as_ref()?;
        let has = |employee: &&u64| extensions.get(employee).is_some_and(|known| known == extension);
        self.matched.keys().find(has).copied()
    }

    /// Users with their extensions, one each, by user; `None` while UIS has never listed its employees.
    pub fn codes(&self) -> Option<BTreeMap<u64, String>> {
        let extensions = self.extensions.as_ref()?;
        let mut codes = BTreeMap::new();
        for (employee, matched) in &self.matched {
            if let Some(extension) = extensions.get(employee) {
                codes.entry(matched.user).or_insert_with(|| extension.clone());
            }
        }
        Some(codes)
    }

    /// The language of the CRM: `ru`, `en`, `es`; unknown when it does not say.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// The active user with an e-mail, in whatever spelling.
    pub fn user_by_email(&self, email: &str) -> Option<u64> {
        self.user_by_email.get(&normal_email(email)?).copied()
    }

    /// The e-mail of an active user.
    pub fn email_of_user(&self, user: u64) -> Option<&str> {
        self.email_by_user.get(&user).map(String::as_str)
    }

    /// The name of a user, also of one who has left.
    pub fn name_of_user(&self, user: u64) -> Option<&str> {
        self.names.get(&user).map(String::as_str)
    }

    /// A custom field.
    pub fn field(&self, entity: FieldEntity, code: &str) -> Option<&CustomField> {
        self.fields.get(&(entity, code.to_owned()))
    }

    /// A dictionary of custom fields.
    pub fn dictionary(&self, code: &str) -> Option<&Dictionary> {
        self.dictionaries.get(code)
    }

    /// Tells whether the key sees a shop.
    pub fn has_site(&self, code: &str) -> bool {
        self.sites.contains_key(code)
    }

    /// The name of a shop.
    pub fn name_of_site(&self, code: &str) -> Option<&str> {
        self.sites.get(code).map(String::as_str)
    }

    /// The zones of both sides.
    pub fn zones(&self) -> &Zones {
        &self.zones
    }

    /// What somebody should mend.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// An e-mail as it is compared: trimmed, in small letters; `None` when nothing is left.
pub fn normal_email(email: &str) -> Option<String> {
    let normal = email.trim().to_lowercase();
    (!normal.is_empty()).then_some(normal)
}

fn unique_users(users: &[Person], problems: &mut Vec<Problem>) -> BTreeMap<String, u64> {
    let mut all: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for user in users.iter().filter(|user| user.active) {
        if let Some(email) = user.email.as_deref().and_then(normal_email) {
            all.entry(email).or_default().push(user.id);
        }
    }
    let mut unique = BTreeMap::new();
    for (email, mut users) in all {
        match users.as_slice() {
            [user] => {
                unique.insert(email, *user);
            }
            _ => {
                users.sort_unstable();
                problems.push(Problem::UsersShareEmail { email, users });
            }
        }
    }
    unique
}

fn reach(employees: &[&Person], matched: &BTreeMap<u64, Matched>) -> BTreeMap<String, Reach> {
    let mut reach: BTreeMap<String, Reach> = BTreeMap::new();
    for employee in employees {
        let Some(matched) = matched.get(&employee.id) else { continue };
        let found = Reach {
            employee: employee.id,
            extension: employee.extension.clone(),
            phones: employee.phones.clone(),
        };
        match reach.get_mut(&matched.email) {
            Some(first) if first.employee <= employee.id => {}
            Some(first) => *first = found,
            None => drop(reach.insert(matched.email.clone(), found)),
        }
    }
    reach
}

fn match_employees(
    employees: &[&Person],
    users: &BTreeMap<String, u64>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<u64, Matched> {
    let mut matched = BTreeMap::new();
    let mut by_email: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut sorted: Vec<&Person> = employees.to_vec();
    sorted.sort_by_key(|employee| employee.id);
    for employee in sorted {
        let Some(email) = employee.email.as_deref().and_then(normal_email) else {
            problems.push(Problem::EmployeeWithoutEmail { employee: employee.id });
            continue;
        };
        by_email.entry(email.clone()).or_default().push(employee.id);
        match users.get(&email) {
            Some(&user) => {
                matched.insert(employee.id, Matched { email, user });
            }
            None => problems.push(Problem::EmployeeWithoutUser { employee: employee.id, email }),
        }
    }
    for (email, employees) in by_email {
        if employees.len() > 1 {
            problems.push(Problem::EmployeesShareEmail { email, employees });
        }
    }
    matched
}

fn zones(
    crm: &CrmPart,
    uis: Option<&UisPart>,
    fixed_uis: Option<&TimeZone>,
    fixed_crm: Option<&TimeZone>,
    problems: &mut Vec<Problem>,
) -> Zones {
    let named = |name: Option<&String>| name.and_then(|name| TimeZone::get(name).ok());
    let crm_named = fixed_crm.cloned().or_else(|| named(crm.timezone.as_ref()));
    let uis_said = uis.and_then(|uis| uis.timezone.as_ref());
    let uis_named = fixed_uis.cloned().or_else(|| named(uis_said));
    let last_resort = || TimeZone::get(LAST_RESORT).unwrap_or(TimeZone::UTC);
    let crm_zone = crm_named.clone().or_else(|| uis_named.clone()).unwrap_or_else(last_resort);
    let uis_zone = uis_named.clone().unwrap_or_else(|| crm_zone.clone());
    let mut unknown = |side: &str, said: Option<&String>, used: &TimeZone| {
        let used = used.iana_name().unwrap_or("UTC").to_owned();
        problems.push(Problem::ZoneUnknown { side: side.to_owned(), said: said.cloned(), used });
    };
    if crm_named.is_none() {
        unknown("RetailCRM", crm.timezone.as_ref(), &crm_zone);
    }
    if uis_named.is_none() {
        unknown("UIS", uis_said, &uis_zone);
    }
    Zones { uis: uis_zone, crm: crm_zone }
}

#[cfg(test)]
#[path = "snapshot_tests.rs"]
mod tests;
