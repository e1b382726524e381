//! Which employees of UIS take part: all, or those that the settings name.

use std::collections::BTreeSet;

use super::problem::Problem;
use super::snapshot::{Person, normal_email};

/// The employees that the settings choose. The default chooses all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chosen {
    emails: BTreeSet<String>,
    groups: BTreeSet<String>,
}

impl Chosen {
    /// Those with one of these e-mails, and those of one of these groups of UIS; without either, all.
    pub fn new<'a>(
        emails: impl IntoIterator<Item = &'a str>,
        groups: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            emails: emails.into_iter().filter_map(normal_email).collect(),
            groups: groups.into_iter().map(normal_group).collect(),
        }
    }

    /// Whether everybody takes part.
    pub fn is_all(&self) -> bool {
        self.emails.is_empty() && self.groups.is_empty()
    }

    /// Whether an employee takes part.
    pub fn has(&self, employee: &Person) -> bool {
        let email = employee.email.as_deref().and_then(normal_email);
        self.is_all()
            || email.is_some_and(|email| self.emails.contains(&email))
            || employee.groups.iter().any(|group| self.groups.contains(&normal_group(group)))
    }

    /// What the settings name and UIS does not have.
    pub(super) fn unknown(&self, employees: &[Person]) -> Vec<Problem> {
        let emails: BTreeSet<String> =
            employees.iter().filter_map(|one| normal_email(one.email.as_deref()?)).collect();
        let groups: BTreeSet<String> =
            employees.iter().flat_map(|one| one.groups.iter().map(|group| normal_group(group))).collect();
        let email = |email: &String| Problem::ChosenEmailUnknown { email: email.clone() };
        let group = |group: &String| Problem::ChosenGroupUnknown { group: group.clone() };
        self.emails.difference(&emails).map(email).chain(self.groups.difference(&groups).map(group)).collect()
    }
}

/// A group's name as it is compared.
fn normal_group(name: &str) -> String {
    name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(email: &str, groups: &[&str]) -> Person {
        Person {
            id: 1,
            email: Some(email.to_owned()),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            ..Person::default()
        }
    }

    #[test]
    fn without_a_choice_everybody_takes_part() {
        assert!(Chosen::default().has(&person("a@x.ru", &[])));
        assert!(Chosen::default().has(&Person::default()));
    }

    #[test]
    fn an_email_or_a_group_chooses() {
        let chosen = Chosen::new([" Anna@x.ru"], ["Продажи "]);
        assert!(chosen.has(&person("ANNA@x.ru ", &[])));
        assert!(chosen.has(&person("ivan@x.ru", &["Опт", "продажи"])));
        assert!(!chosen.has(&person("ivan@x.ru", &["Опт"])));
        assert!(!chosen.has(&Person::default()));
        let problems = chosen.unknown(&[person("ivan@x.ru", &["Опт"])]);
        let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(texts.join("\n"), @r"
        the settings choose an employee with the e-mail `anna@x.ru`, whom UIS does not have
        the settings choose the group `продажи`, in which UIS has no employee
        ");
    }
}
