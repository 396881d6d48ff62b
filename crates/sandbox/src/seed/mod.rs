//! What a new state holds. Nobody in it is real.

mod crowd;
mod demo;
mod empty;
mod large;
mod roles;
mod webhooks;

use rusqlite::Connection;
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::keys::{self, Key};
use crate::options::{Plan, Seed};
use crate::people::{self, User, UserType};
use crate::resources::account::{self, Account};
use crate::resources::projects;
use crate::secret_value;
use crate::vault::Vault;
use crate::webhooks::catalogue;

/// The sandbox's Account ID.
pub const CUSTOMER_ID: &str = "9000001";
/// The user id of the account holder, in every seed.
pub const ACCOUNT_HOLDER: &str = "338601";
/// The user id of an in-house user with 'API Access', 'Users' and 'Accounts', in every seed.
pub const ADMINISTRATOR: &str = "338602";
/// The user id of an in-house user with 'API Access' and without 'Users', in every seed.
pub const API_USER: &str = "338603";
/// The user id of an in-house user without 'API Access', in every seed.
pub const NO_API_USER: &str = "338604";

/// The first user's id; the others follow in the order they are listed.
const FIRST_USER: i64 = 338_601;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Somebody in a seed.
struct Person {
    firstname: &'static str,
    lastname: &'static str,
    mail: &'static str,
    kind: UserType,
    active: bool,
    permissions: &'static [&'static str],
    company: &'static str,
    position: &'static str,
    projects: &'static [&'static str],
    /// Age of the user, and time since the last login, in milliseconds before the first start.
    age: i64,
    last_login: Option<i64>,
    tokens: &'static [Token],
}

/// A token in a seed. Nobody knows its value.
struct Token {
    name: &'static str,
    age: i64,
    last_used: Option<i64>,
}

const fn token(name: &'static str, age: i64, last_used: Option<i64>) -> Token {
    Token { name, age, last_used }
}

/// Somebody to be stored, with the tokens that nobody knows.
type Seeded = (User, &'static [Token]);

/// Fills new tables. `count` is how many people the large account has. All dates are counted back from `now`.
pub(crate) fn plant(db: &Connection, seed: Seed, count: u32, now: i64) -> rusqlite::Result<()> {
    let (company, people, in_house_licences) = match seed {
        Seed::Demo => (demo::COMPANY, demo::PEOPLE, 12),
        Seed::Empty => (empty::COMPANY, empty::PEOPLE, 50),
        Seed::Large => (large::COMPANY, empty::PEOPLE, count.saturating_add(50)),
    };
    account::insert(
        db,
        &Account {
            customer_id: CUSTOMER_ID.into(),
            name: company.into(),
            plan: Plan::Pro,
            holder_id: FIRST_USER,
            in_house_licences,
        },
    )?;
    let projects = match seed {
        Seed::Demo => demo::projects(now),
        Seed::Empty => Vec::new(),
        Seed::Large => large::projects(now),
    };
    for project in &projects {
        projects::insert(db, project)?;
    }
    plant_roles(db, Some(seed), now)?;
    let mut all: Vec<Seeded> =
        (FIRST_USER..).zip(people).map(|(id, person)| (user(person, id, now), person.tokens)).collect();
    if seed == Seed::Large {
        for (_, tokens) in all.iter_mut().take(3) {
            *tokens = crowd::tokens_of_known();
        }
        all.extend(crowd::people(count, &large::project_ids(), now));
    }
    let mut keys = Vec::new();
    for (user, tokens) in &all {
        people::save(db, user)?;
        keys.extend(tokens.iter().map(|token| Key {
            id: 0,
            user_id: user.id,
            name: token.name.into(),
            created_on: now - token.age,
            last_used_on: token.last_used.map(|ago| now - ago),
        }));
    }
    // The oldest first, so that ids rise with the dates.
    keys.sort_by_key(|key| key.created_on);
    for key in &keys {
        // The hash of nothing that a header could carry.
        let hash = secret_value::hash(format!("seed\n{}\n{}", key.user_id, key.name).as_bytes());
        keys::insert(db, key, &hash)?;
    }
    Ok(())
}

/// Fills new tables with roles and groups. An old state, which had neither, gets what its own seed has.
pub(crate) fn plant_roles(db: &Connection, seed: Option<Seed>, now: i64) -> rusqlite::Result<()> {
    let is_empty = match seed {
        Some(seed) => seed == Seed::Empty,
        None => account::load(db)?.name == empty::COMPANY,
    };
    roles::plant(db, !is_empty, now)
}

/// Fills new tables with kinds of events and webhooks. An old state, which had neither, gets what its own seed has.
pub(crate) fn plant_webhooks(
    db: &Connection,
    vault: &Vault,
    seed: Option<Seed>,
    now: i64,
) -> Result<(), Error> {
    let is_demo = || Ok::<_, Error>(account::load(db)?.name == demo::COMPANY);
    let seed = match seed {
        Some(seed) => seed,
        None if is_demo()? => Seed::Demo,
        None => Seed::Empty,
    };
    catalogue::plant(db, seed == Seed::Large)?;
    let plans = match seed {
        Seed::Demo => webhooks::demo(demo::DIARY),
        Seed::Empty => Vec::new(),
        Seed::Large => webhooks::large(&large::project_ids(), &catalogue::names(db)?),
    };
    webhooks::plant(db, vault, plans, now)
}

fn user(person: &Person, id: i64, now: i64) -> User {
    let mut details = Map::new();
    details.insert("company".into(), json!(person.company));
    details.insert("position".into(), json!(person.position));
    details.insert("project_ids".into(), json!(person.projects));
    // One role and one switch for each project, by position.
    let roles: Vec<Value> = person.projects.iter().map(|_| json!(roles::SITE)).collect();
    let syncs: Vec<Value> = (0..person.projects.len()).map(|n| json!(n % 2 == 0)).collect();
    details.insert("role_ids".into(), Value::Array(roles));
    details.insert("is_mobile_syncs".into(), Value::Array(syncs));
    details.insert("group_ids".into(), json!([]));
    User {
        id,
        firstname: person.firstname.into(),
        lastname: person.lastname.into(),
        mail: person.mail.into(),
        kind: person.kind,
        active: person.active,
        permissions: person.permissions.iter().map(|&key| key.into()).collect(),
        details,
        unknown: Map::new(),
        unknown_permissions: Map::new(),
        created_on: now - person.age,
        last_login_on: person.last_login.map(|ago| now - ago),
    }
}
