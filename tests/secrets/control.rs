//! The search can fail: what is planted is found.

use crate::World;
use gatehouse_tests::search::{Search, spellings};
use std::path::Path;

/// As long as real ones, and without a rhythm.
fn value() -> String {
    let next = |seed: &mut u32| {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(char::from_digit(*seed >> 28, 16).unwrap())
    };
    (0..180).scan(7, |seed, _| next(seed)).collect()
}

#[test]
fn every_spelling_is_found_whole_and_in_pieces() {
    let value = value();
    let search = Search::new(std::slice::from_ref(&value));
    let folder = tempfile::tempdir().unwrap();
    let nowhere = Path::new("nowhere");
    assert_eq!(search.files(folder.path(), nowhere), Vec::<String>::new());
    let file = folder.path().join("file");
    // As a whole, and a part of half its length from anywhere in it.
    for part in [&value[..], &value[..90], &value[45..135], &value[90..], &value[31..121]] {
        for (name, spelled) in spellings(part.as_bytes()) {
            std::fs::write(&file, [b"before".as_slice(), &spelled, b"after"].concat()).unwrap();
            assert!(!search.files(folder.path(), nowhere).is_empty(), "{name}");
            // Upper case too.
            std::fs::write(&file, spelled.to_ascii_uppercase()).unwrap();
            assert!(!search.files(folder.path(), nowhere).is_empty(), "{name}, in upper case");
        }
    }
    // Too short to be more than chance.
    let pieces: Vec<_> = value.as_bytes().chunks(20).map(|piece| String::from_utf8_lossy(piece)).collect();
    std::fs::write(&file, pieces.join(" ")).unwrap();
    assert_eq!(search.files(folder.path(), nowhere), Vec::<String>::new());
}

/// The same search over a program that does say and write values.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_leaks_is_found_out() {
    let mut world = World::with_account().await;
    let leaked = value();
    world.given.push(leaked.clone());
    assert_eq!(world.finds(None), Vec::<String>::new());
    // As a token's name it comes into the database, and from there to the window. A name has 100 characters at most.
    world.ask(&["create", &leaked[..100], "no"]);
    world.restart(true);
    let in_files = world.finds(None);
    assert!(in_files.iter().any(|f| f.contains("gatehouse.db")), "{in_files:?}");
    assert!(in_files.iter().any(|f| f.contains("was said")), "{in_files:?}");
    world.ask(&["leak", &leaked]);
    for file in ["trace.log", "stderr.log"] {
        let found = world.finds(None);
        assert!(found.iter().any(|f| f.contains(file)), "{file}: {found:?}");
    }
}
