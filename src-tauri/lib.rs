//! Gatehouse, the desktop app.
