#![allow(clippy::unwrap_used)] // A failed unwrap is the test's failure.
use super::*;
use crate::routes::{
    ACCOUNT, ME, PROJECTS_LIST, TOKENS_CREATE, TOKENS_DELETE, TOKENS_LIST, USER_TOKENS_DELETE, USERS_GET,
    USERS_LIST, WEBHOOKS_CREATE, WEBHOOKS_DELETE, WEBHOOKS_UPDATE,
};
use crate::server::ServerUrl;
use proptest::prelude::*;

/// What must never become part of an address.
const HOSTILE: [&str; 8] = ["//h", "/\\h", "\t//h", "@h", ".h", "..", "%2e%2e", ""];

fn customer() -> CustomerId {
    CustomerId::parse("1484013").unwrap()
}

#[test]
fn every_built_in_path_is_one_that_an_override_could_be() {
    for route in ALL {
        assert_eq!(check_override(route, route.template), Ok(()), "{}", route.name);
    }
}

#[test]
fn documented_paths_are_read() {
    assert_eq!(DOCUMENTED.len(), 186);
    for route in ALL.iter().filter(|r| r.basis == crate::routes::Basis::Documented) {
        let parts = parts_of(route.template).unwrap();
        assert!(DOCUMENTED.iter().any(|d| may_be_same(&parts, &d.parts)), "{}", route.name);
    }
}

#[test]
fn hostile_overrides_are_refused_alone_and_anywhere() {
    for route in ALL {
        for hostile in HOSTILE {
            let inside = |at: usize| {
                let mut parts: Vec<_> = route.template.split('/').collect();
                parts[at] = hostile;
                parts.join("/")
            };
            let mut templates = vec![
                hostile.to_owned(),
                format!("{}/{hostile}", route.template),
                format!("{hostile}{}", route.template),
            ];
            templates.extend((0..route.template.split('/').count()).skip(1).map(inside));
            // An empty text before a path changes nothing.
            templates.retain(|t| t != route.template);
            for template in templates {
                assert!(check_override(route, &template).is_err(), "{} {template:?}", route.name);
            }
        }
    }
}

#[test]
fn hostile_ids_are_refused() {
    for hostile in HOSTILE {
        let filled = fill(&TOKENS_DELETE, TOKENS_DELETE.template, &customer(), &[("token_id", hostile)]);
        assert_eq!(filled, Err(RouteProblem::BadId("token_id")), "{hostile:?}");
    }
}

#[test]
fn problems_are_precise() {
    use RouteProblem as P;
    let long = format!("/api/v1/{{customer_id}}/{}", "x".repeat(300));
    for (route, template, problem) in [
        (&TOKENS_LIST, "", P::Empty),
        (&TOKENS_LIST, long.as_str(), P::TooLong),
        (&TOKENS_LIST, "/dr/{customer_id}/tokens", P::NotApi),
        (&TOKENS_LIST, "/api/vault/{customer_id}", P::NotApi),
        (&TOKENS_LIST, "https://h/api/v1/{customer_id}/x", P::NotApi),
        (&TOKENS_LIST, "/api/v1/{customer_id}/tokens/", P::EmptyPart),
        (&TOKENS_LIST, "/api/v1//{customer_id}", P::EmptyPart),
        (&TOKENS_LIST, "/api/v1/{customer_id}/a.b", P::BadPart("a.b".into())),
        (&TOKENS_LIST, "/api/v1/{customer_id}/a?b", P::BadPart("a?b".into())),
        (&TOKENS_LIST, "/api/v1/{customer_id}/a#b", P::BadPart("a#b".into())),
        (&TOKENS_LIST, "/api/v1/{customer_id}/{}", P::BadPart("{}".into())),
        (&TOKENS_LIST, "/api/v1/x{customer_id}", P::BadPart("x{customer_id}".into())),
        (&TOKENS_LIST, "/api/v1/{customer_id}/{token_id}", P::UnknownPlaceholder("token_id".into())),
        (&TOKENS_DELETE, "/api/v1/{customer_id}/tokens", P::MissingPlaceholder("token_id")),
        (&TOKENS_LIST, "/api/v1/tokens", P::MissingPlaceholder("customer_id")),
        (&TOKENS_LIST, "/api/v1/{customer_id}/{customer_id}", P::RepeatedPlaceholder("customer_id")),
    ] {
        assert_eq!(check_override(route, template), Err(problem), "{template}");
    }
}

#[test]
fn another_resource_is_never_reached() {
    for (route, template) in [
        (&TOKENS_DELETE, "/api/v1/{customer_id}/users/{token_id}"),
        (&TOKENS_DELETE, "/API/v1/{customer_id}/users/{token_id}"),
        (&TOKENS_DELETE, "/api/v1/{customer_id}/Users/{token_id}"),
        (&TOKENS_DELETE, "/api/v2/{customer_id}/groups/{token_id}"),
        (&TOKENS_DELETE, "/api/v1/{customer_id}/{token_id}/users"),
        (&TOKENS_CREATE, "/api/v1/{customer_id}/users"),
        (&TOKENS_DELETE, "/api/v1/{customer_id}/webhooks/{token_id}"),
        (&TOKENS_CREATE, "/api/v1/{customer_id}/webhooks"),
        (&WEBHOOKS_DELETE, "/api/v1/{customer_id}/personal_access_tokens/{webhook_id}"),
        (&WEBHOOKS_DELETE, "/api/v1/{customer_id}/users/{webhook_id}"),
        (&WEBHOOKS_UPDATE, "/api/v1/{customer_id}/users/{webhook_id}"),
        (&WEBHOOKS_UPDATE, "/api/v1/{customer_id}/{webhook_id}/users"),
        (&WEBHOOKS_CREATE, "/api/v1/{customer_id}/personal_access_tokens"),
        (&TOKENS_LIST, "/api/v2/{customer_id}/projects"),
        (&ACCOUNT, "/api/v1/{customer_id}/users"),
        (&USER_TOKENS_DELETE, "/api/v1/{customer_id}/projects/{user_id}/tickets/{token_id}"),
        (&USER_TOKENS_DELETE, "/api/v2/{customer_id}/projects/{user_id}/filters/{token_id}"),
        (&PROJECTS_LIST, "/api/v1/{customer_id}/users"),
        (&USERS_GET, "/api/v2/{customer_id}/groups/{user_id}"),
    ] {
        assert!(check_override(route, template).is_err(), "{template}");
    }
    for (route, template) in [
        (&PROJECTS_LIST, "/api/v1/{customer_id}/projects"),
        (&USERS_LIST, "/api/v2/{customer_id}/users"),
        (&ME, "/api/v2/{customer_id}/users/me"),
        (&TOKENS_DELETE, "/api/v3/{customer_id}/tokens/{token_id}"),
        (&TOKENS_LIST, "/api/v3/accounts/{customer_id}/tokens"),
        (&WEBHOOKS_UPDATE, "/api/v2/{customer_id}/webhooks/{webhook_id}"),
    ] {
        assert_eq!(check_override(route, template), Ok(()), "{template}");
    }
}

#[test]
fn ids_take_their_places() {
    let path = fill(
        &USER_TOKENS_DELETE,
        "/api/v9/{customer_id}/t/{token_id}/of/{user_id}",
        &customer(),
        &[("user_id", "u1"), ("token_id", "t1")],
    );
    assert_eq!(path.unwrap(), "/api/v9/1484013/t/t1/of/u1");
    let missing = fill(&USERS_GET, USERS_GET.template, &customer(), &[]);
    assert_eq!(missing, Err(RouteProblem::BadId("user_id")));
}

/// Texts near the edge between allowed and refused.
fn near_template() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("/"),
        Just("//"),
        Just("\\"),
        Just("."),
        Just(".."),
        Just("%2e"),
        Just("@"),
        Just("\t"),
        Just(":"),
        Just("?"),
        Just("#"),
        Just("api"),
        Just("v1"),
        Just("/api/v1/"),
        Just("{customer_id}"),
        Just("{token_id}"),
        Just("tokens"),
        Just("users"),
        Just("{"),
        Just("}"),
        Just("h"),
        Just("ä"),
    ];
    prop_oneof![
        proptest::collection::vec(piece.clone(), 0..8).prop_map(|p| p.concat()),
        proptest::collection::vec(piece, 0..6)
            .prop_map(|p| format!("/api/v1/{{customer_id}}/{}/{{token_id}}", p.concat())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_passes_stays_on_the_server_and_unchanged(template in near_template(), id in "[ -~\\t]{0,12}|[A-Za-z0-9_-]{1,64}") {
        let server = ServerUrl::planradar();
        if check_override(&TOKENS_DELETE, &template).is_ok() {
            if let Ok(path) = fill(&TOKENS_DELETE, &template, &customer(), &[("token_id", &id)]) {
                let url = url::Url::parse(&format!("{}{path}", server.origin())).unwrap();
                prop_assert_eq!(url.origin(), server.url().origin());
                prop_assert_eq!(url.path(), path.as_str());
                prop_assert!(path.starts_with("/api/v") && path.contains("1484013") && path.contains(&id));
                prop_assert_eq!(url.query(), None);
            } else {
                prop_assert!(!is_id(&id));
            }
        }
    }

    #[test]
    fn arbitrary_text_never_panics_and_never_leaves(template in "\\PC{0,40}") {
        if check_override(&TOKENS_DELETE, &template).is_ok() {
            prop_assert!(template.starts_with("/api/v"));
        }
    }
}
