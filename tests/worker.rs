//! What the workers and the tests that start them agree on.

/// Environment: the sign-in token of `add`. For tests only; the program takes tokens from no environment.
pub const TOKEN: &str = "GATEHOUSE_TEST_TOKEN";
/// Environment: where the worker stops and waits to be killed, such as `notice:2`, `put:before`, `put:after`.
pub const STOP_AT: &str = "GATEHOUSE_TEST_STOP_AT";
/// What a worker prints when it has stopped there.
pub const STOPPED: &str = "stopped";
/// Environment: a file that takes everything that is logged, down to `trace`.
pub const LOG: &str = "GATEHOUSE_TEST_LOG";
