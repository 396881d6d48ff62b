//! The smallest account: the four users who have a known token.

use super::{DAY, Person};
use crate::people::{API_ACCESS, UserType};

pub(super) const COMPANY: &str = "Empty Sandbox GmbH";

pub(super) const PEOPLE: &[Person] = &[
    person("Account", "Holder", "holder@example.com", UserType::AccountHolder, &[]),
    person(
        "In-house",
        "Administrator",
        "administrator@example.com",
        UserType::InHouse,
        &["accounts", API_ACCESS, "defects", "projects", "users"],
    ),
    person("Api", "User", "api-user@example.com", UserType::InHouse, &[API_ACCESS, "defects"]),
    person("No-Api", "User", "no-api-user@example.com", UserType::InHouse, &["defects"]),
];

const fn person(
    firstname: &'static str,
    lastname: &'static str,
    mail: &'static str,
    kind: UserType,
    permissions: &'static [&'static str],
) -> Person {
    Person {
        firstname,
        lastname,
        mail,
        kind,
        active: true,
        permissions,
        company: COMPANY,
        position: "",
        projects: &[],
        age: DAY,
        last_login: None,
        tokens: &[],
    }
}
