//! An invented building company: 14 people of all types, 6 projects, tokens of all ages.

use super::{DAY, HOUR, MINUTE, Person, Token, token};
use crate::people::{API_ACCESS, UserType};
use crate::resources::projects::Project;

pub(super) const COMPANY: &str = "Nordbau Demo GmbH";

const KITA: &str = "kdwmrq";
const OFFICE: &str = "bhxkqa";
const HOMES: &str = "wpnefd";
const TOWN_HALL: &str = "ratmos";
const HALL: &str = "lghnrd";
const SCHOOL: &str = "szbrkh";

/// Id, name, city, archived, age.
const PROJECTS: &[(&str, &str, &str, bool, i64)] = &[
    (KITA, "Neubau Kita Fliederweg", "Altenmoor", false, 210 * DAY),
    (OFFICE, "Bürohaus Hafenkante", "Nordhafen", false, 640 * DAY),
    (HOMES, "Wohnpark Ährenfeld, 2. Bauabschnitt", "Altenmoor", false, 395 * DAY),
    (TOWN_HALL, "Sanierung Rathaus Altenmoor", "Altenmoor", false, 88 * DAY),
    (HALL, "Logistikhalle Nord", "Nordhafen", false, 31 * DAY),
    (SCHOOL, "Schulzentrum Birkenhain", "Birkenhain", true, 1_480 * DAY),
];

/// Those whose photos go into a diary.
pub(super) const DIARY: [&str; 2] = [KITA, TOWN_HALL];

pub(super) fn projects(now: i64) -> Vec<Project> {
    let project = |&(id, name, city, archived, age): &(&str, &str, &str, bool, i64)| Project {
        id: id.into(),
        name: name.into(),
        city: city.into(),
        archived,
        created_on: now - age,
    };
    PROJECTS.iter().map(project).collect()
}

const ALL: &[&str] = &[KITA, OFFICE, HOMES, TOWN_HALL, HALL, SCHOOL];

const NO_TOKENS: &[Token] = &[];

/// The first four are those who have a known token.
pub(super) const PEOPLE: &[Person] = &[
    Person {
        permissions: &[],
        kind: UserType::AccountHolder,
        position: "Geschäftsführung",
        projects: ALL,
        age: 1_500 * DAY,
        last_login: Some(3 * HOUR),
        tokens: &[
            token("Excel-Auswertung", 1_168 * DAY, Some(402 * DAY)),
            token("Power BI Monatsbericht", 214 * DAY, Some(2 * HOUR)),
            token("Zapier-Versuch", 45 * DAY, None),
        ],
        ..in_house("Hedda", "Torfstetter", "hedda.torfstetter@example.com")
    },
    Person {
        permissions: &[
            "accounts",
            API_ACCESS,
            "categories",
            "defects",
            "groups",
            "projects",
            "report_templates",
            "roles",
            "statistics",
            "sub_users",
            "user_metrics",
            "users",
        ],
        position: "IT-Administration",
        projects: &[OFFICE, HOMES],
        age: 1_390 * DAY,
        last_login: Some(25 * MINUTE),
        tokens: &[
            token("Backup-Skript", 511 * DAY, Some(9 * MINUTE)),
            token("n8n Mängelverteilung", 12 * DAY, Some(3 * MINUTE)),
        ],
        ..in_house("Arvid", "Kellerwand", "arvid.kellerwand@example.com")
    },
    Person {
        permissions: &[API_ACCESS, "defects", "projects"],
        position: "Technischer Benutzer",
        projects: ALL,
        age: 1_310 * DAY,
        last_login: Some(1_310 * DAY),
        tokens: &[
            token("SAP-Kopplung (alt)", 1_305 * DAY, Some(801 * DAY)),
            token("SAP-Kopplung", 802 * DAY, Some(MINUTE)),
        ],
        ..in_house("Integration", "ERP", "erp-integration@example.com")
    },
    Person {
        permissions: &["defects", "limited_projects", "statistics"],
        position: "Bauleitung",
        projects: &[KITA, TOWN_HALL],
        age: 1_120 * DAY,
        last_login: Some(50 * MINUTE),
        tokens: &[token("Tablet-Versuch", 905 * DAY, Some(880 * DAY))],
        ..in_house("Mirja", "Holzapfelt", "mirja.holzapfelt@example.com")
    },
    Person {
        permissions: &[API_ACCESS, "categories", "defects", "projects"],
        position: "BIM-Koordination",
        projects: &[OFFICE, HOMES, HALL],
        age: 860 * DAY,
        last_login: Some(5 * HOUR),
        tokens: &[token("BIM-Viewer", 61 * DAY, Some(5 * HOUR)), token("Python-Auswertung", 29 * DAY, None)],
        ..in_house("Jonte", "Brückwald", "jonte.brueckwald@example.com")
    },
    Person {
        permissions: &[API_ACCESS, "defects", "report_templates", "statistics", "user_metrics"],
        position: "Controlling",
        projects: &[OFFICE],
        age: 700 * DAY,
        last_login: Some(26 * HOUR),
        tokens: &[
            token("Kostenabgleich (Test)", 310 * DAY, Some(97 * DAY)),
            token("Looker Studio", 122 * DAY, Some(26 * HOUR)),
        ],
        ..in_house("Salome", "Dachfirst", "salome.dachfirst@example.com")
    },
    Person {
        active: false,
        permissions: &[API_ACCESS, "defects", "projects"],
        position: "Arbeitsvorbereitung",
        projects: &[SCHOOL],
        age: 1_400 * DAY,
        last_login: Some(498 * DAY),
        tokens: &[
            token("Bauzeitenplan-Export", 1_296 * DAY, Some(500 * DAY)),
            token("Export-Versuch", 520 * DAY, None),
        ],
        ..in_house("Tamino", "Estrichmann", "tamino.estrichmann@example.com")
    },
    Person {
        position: "Bauleitung",
        projects: &[HOMES, HALL],
        age: 520 * DAY,
        last_login: Some(6 * HOUR),
        ..in_house("Ragna", "Schalbrett", "ragna.schalbrett@example.com")
    },
    Person {
        permissions: &["defects", "sub_users", "users"],
        position: "Personal",
        age: 480 * DAY,
        last_login: Some(3 * DAY),
        ..in_house("Levke", "Fugenhauer", "levke.fugenhauer@example.com")
    },
    Person {
        active: false,
        position: "Werkstudium",
        projects: &[OFFICE],
        age: 430 * DAY,
        last_login: Some(190 * DAY),
        tokens: &[token("Fotosortierung", 300 * DAY, Some(192 * DAY))],
        ..in_house("Pit", "Gerüstner", "pit.geruestner@example.com")
    },
    Person {
        projects: &[OFFICE, HOMES],
        age: 610 * DAY,
        last_login: Some(7 * HOUR),
        ..outside(
            "Oke",
            "Mörtelsen",
            "oke.moertelsen@example.com",
            UserType::Subcontractor,
            "Elektro Mörtelsen",
        )
    },
    Person {
        projects: &[KITA],
        age: 150 * DAY,
        last_login: Some(2 * DAY),
        ..outside(
            "Wiebke",
            "Zargenberg",
            "wiebke.zargenberg@example.com",
            UserType::Subcontractor,
            "Zargenberg Türen",
        )
    },
    Person {
        projects: &[TOWN_HALL],
        age: 80 * DAY,
        last_login: Some(11 * DAY),
        ..outside("Cosimo", "Lotrecht", "cosimo.lotrecht@example.com", UserType::Watcher, "Bauamt Altenmoor")
    },
    Person {
        projects: &[HALL],
        age: 30 * DAY,
        ..outside(
            "Elin",
            "Traufenau",
            "elin.traufenau@example.com",
            UserType::Watcher,
            "Hafenlogistik Traufenau",
        )
    },
];

const fn in_house(firstname: &'static str, lastname: &'static str, mail: &'static str) -> Person {
    Person {
        firstname,
        lastname,
        mail,
        kind: UserType::InHouse,
        active: true,
        permissions: &["defects"],
        company: COMPANY,
        position: "",
        projects: &[],
        age: 0,
        last_login: None,
        tokens: NO_TOKENS,
    }
}

const fn outside(
    firstname: &'static str,
    lastname: &'static str,
    mail: &'static str,
    kind: UserType,
    company: &'static str,
) -> Person {
    Person { kind, company, ..in_house(firstname, lastname, mail) }
}
