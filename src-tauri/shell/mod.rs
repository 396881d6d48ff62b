//! What Gatehouse does with the desktop: window, files, pages, preferences, clipboard, notices, the demo
//! account.

pub mod clipboard;
pub mod demo;
pub mod desktop;
pub mod files;
pub mod logs;
pub mod notices;
pub mod pages;
pub mod prefs;
pub mod start;
pub mod window;
