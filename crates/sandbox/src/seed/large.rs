//! What lists have to cope with: 300 projects.

use super::DAY;
use crate::resources::projects::Project;

pub(super) const COMPANY: &str = "Large Sandbox GmbH";

const COUNT: u8 = 150;
const CITIES: [&str; 5] = ["Altenmoor", "Nordhafen", "Birkenhain", "Fliedertal", "Hagenwerder"];

/// Short words, as PlanRadar's are, two for each number.
pub(super) fn project_ids() -> Vec<String> {
    let letter = |n: u8| char::from(b'a' + n % 26);
    let id = |first: char, n: u8| format!("{first}lrg{}{}", letter(n / 26), letter(n));
    (0..COUNT).flat_map(|n| [id('p', n), id('q', n)]).collect()
}

pub(super) fn projects(now: i64) -> Vec<Project> {
    (1..)
        .zip(project_ids())
        .zip(CITIES.iter().cycle())
        .map(|((n, id), &city)| Project {
            id,
            name: format!("Projekt {n:03} {city}"),
            city: city.into(),
            archived: n % 25 == 0,
            created_on: now - i64::from(n) * DAY,
        })
        .collect()
}
