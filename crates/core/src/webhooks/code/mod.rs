//! Webhooks as code: a file says what webhooks there are. Planned with one list, carried out through the same saves and
//! deletions as everything else, one by one.
//!
//! A hidden value is never in the file. It is referred to, and what this computer set from which reference is noted beside
//! what else it knows of hidden values, so that nothing is sent that is there already, and nothing is called the same that is
//! not known to be.

mod apply;
mod fates;
mod file;
mod import;
mod matching;
mod plan;
mod read;
mod read_values;
mod types;
mod values;
mod variables;
mod work;
mod write;
mod yaml;

pub(crate) use import::Import;
pub use types::*;
pub(crate) use values::{count_named, named_entries};
