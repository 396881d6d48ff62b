//! The people of the large account: hundreds or thousands, of whom 60 have 'API Access', with 300 tokens in all.

use serde_json::{Map, json};

use super::{DAY, FIRST_USER, HOUR, Seeded, Token, roles, token};
use crate::people::{API_ACCESS, User, UserType};
use crate::user_ids;

/// Fewer could not have 60 with access and 57 others with a token.
const FEWEST: u32 = 150;
/// Those of the crowd who have access; the account's known users are three more.
const WITH_ACCESS: u32 = 57;

const FIRST_NAMES: [&str; 16] = [
    "Alva", "Bosse", "Carlotta", "Dierk", "Elina", "Fiete", "Greta", "Henning", "Ida", "Jasper", "Klara",
    "Lasse", "Malin", "Niels", "Ottilie", "Per",
];
const LAST_NAMES: [&str; 15] = [
    "Ankerstein",
    "Balkenhol",
    "Dielenau",
    "Eckstein",
    "Firstmann",
    "Giebeler",
    "Holmsen",
    "Kammerloh",
    "Latten",
    "Mauerhoff",
    "Pfettner",
    "Riegelsen",
    "Sparrwald",
    "Traufing",
    "Ziegeler",
];

/// Tokens of somebody with access: of all ages; never used, unused for more than 90 days, just used.
const OF_USERS: [Token; 5] = [
    token("Power BI", 400 * DAY, Some(HOUR)),
    token("Excel-Export", 310 * DAY, Some(97 * DAY)),
    token("Zapier", 95 * DAY, None),
    token("n8n", 20 * DAY, Some(2 * DAY)),
    token("Backup", 800 * DAY, Some(500 * DAY)),
];
/// A token of somebody who no longer has access.
const LEFT_OVER: [Token; 1] = [token("Alter Export", 600 * DAY, Some(380 * DAY))];

/// Those who follow the four known users. The last of these has no access and gets no token.
pub(super) fn people(count: u32, project_ids: &[String], now: i64) -> Vec<Seeded> {
    let count = count.max(FEWEST) - 4;
    let step = count / WITH_ACCESS;
    (0..count).map(|n| one(n, step, project_ids, now)).collect()
}

/// Tokens of the account holder, the administrator and the API user.
pub(super) fn tokens_of_known() -> &'static [Token] {
    &OF_USERS
}

fn one(n: u32, step: u32, project_ids: &[String], now: i64) -> Seeded {
    let turn = n / step;
    let (has_access, has_left_over) =
        (n.is_multiple_of(step) && turn < WITH_ACCESS, n % step == 1 && turn < WITH_ACCESS);
    let kind = match n % 10 {
        _ if has_access || has_left_over => UserType::InHouse,
        7 => UserType::Subcontractor,
        9 => UserType::Watcher,
        _ => UserType::InHouse,
    };
    let at = |n: u32| usize::try_from(n).unwrap_or_default();
    let (first, last) = (FIRST_NAMES[at(n) % FIRST_NAMES.len()], LAST_NAMES[at(n / 16) % LAST_NAMES.len()]);
    let projects: Vec<&String> =
        project_ids.iter().cycle().skip(at(n) * 7).take(at(n % 4).min(project_ids.len())).collect();
    let mut details = Map::new();
    details.insert("company".into(), json!(super::large::COMPANY));
    details.insert("project_ids".into(), json!(projects));
    details.insert("role_ids".into(), json!(vec![roles::SITE; projects.len()]));
    details.insert("is_mobile_syncs".into(), json!(vec![n.is_multiple_of(3); projects.len()]));
    details.insert("group_ids".into(), json!([]));
    let permissions: &[&str] = if has_access { &[API_ACCESS, "defects", "projects"] } else { &["defects"] };
    let tokens: &[Token] = if has_access {
        &OF_USERS[..4]
    } else if has_left_over {
        &LEFT_OVER
    } else {
        &[]
    };
    let user = User {
        // Digits and words in turn.
        id: if n.is_multiple_of(2) { FIRST_USER + 4 + i64::from(n) } else { user_ids::nth_word(n) },
        firstname: first.into(),
        lastname: last.into(),
        mail: format!("{}.{}.{n}@example.com", first.to_lowercase(), last.to_lowercase()),
        kind,
        active: if has_access { turn % 10 != 9 } else { n % 13 != 6 },
        permissions: permissions.iter().map(|&key| key.into()).collect(),
        details,
        unknown: Map::new(),
        unknown_permissions: Map::new(),
        created_on: now - 900 * DAY + i64::from(n % 800) * DAY,
        last_login_on: (n % 5 != 4).then(|| now - i64::from(n % 200) * DAY),
    };
    (user, tokens)
}
