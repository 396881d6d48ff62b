//! Two processes with different settings, and accounts that have nothing to do with one another.

use super::*;

#[tokio::test(start_paused = true)]
async fn the_stricter_settings_count_until_someone_sets_them_for_all() {
    let computer = Computer::new();
    let (strict, generous) = (computer.open_with(30, 5), computer.open_with(60, 50));
    let figures = |limiter: &RateLimiter| (status(limiter).limit, status(limiter).share);
    assert_eq!(figures(&strict), (30, 5));
    assert_eq!(figures(&generous), (30, 5));
    assert_eq!(all_at_once(&generous, Lane::TakeAway).await.len(), 5);

    // A process keeps its own lower values; those who are opened with the new ones have them.
    generous.set_settings(LimitSettings { limit: 60, share: 50 }).unwrap();
    assert_eq!(figures(&generous), (60, 50));
    assert_eq!(figures(&strict), (30, 5));
    assert_eq!(figures(&computer.open_with(60, 50)), (60, 50));

    strict.set_settings(LimitSettings { limit: 30, share: 4 }).unwrap();
    assert_eq!(figures(&generous), (30, 4));
    assert_eq!(generous.settings(), LimitSettings { limit: 60, share: 50 });
}

#[tokio::test(start_paused = true)]
async fn a_lowered_share_waits_until_enough_came_back() {
    let computer = Computer::new();
    let limiter = computer.open();
    for _ in 0..10 {
        send(&limiter).await.answered();
        tokio::time::sleep(seconds(1)).await;
    }
    limiter.set_settings(LimitSettings { limit: 30, share: 3 }).unwrap();
    let figures = status(&limiter);
    assert_eq!((figures.used, figures.free), (10, 0));
    let (waited, _) = timed(send(&limiter)).await;
    // The eighth of ten, sent 3 s ago, must come back first.
    assert!(about(waited, seconds(57)), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn settings_out_of_bounds_are_cut() {
    let computer = Computer::new();
    let limiter = computer.open_with(0, 0);
    assert_eq!(limiter.settings(), LimitSettings { limit: 1, share: 1 });
    limiter.set_settings(LimitSettings { limit: u32::MAX, share: u32::MAX }).unwrap();
    assert_eq!(limiter.settings(), LimitSettings { limit: 500, share: 500 });
    assert_eq!(all_at_once(&limiter, Lane::TakeAway).await.len(), 500);
}

#[tokio::test(start_paused = true)]
async fn settings_that_were_not_written_are_not_used() {
    let computer = Computer::new();
    let limiter = computer.open();
    spoil(&computer.file(), true);
    assert!(is_unavailable(&limiter.set_settings(LimitSettings { limit: 60, share: 60 })));
    assert_eq!(limiter.settings(), LimitSettings::default());
}

#[tokio::test(start_paused = true)]
async fn accounts_and_servers_have_limits_of_their_own() {
    let computer = Computer::new();
    let open = |url: &str, customer: &str| {
        let clock = Arc::clone(&computer.clock) as Arc<dyn Clock>;
        let (settings, params) = (LimitSettings::default(), LimitParams::default());
        let url = Url::parse(url).unwrap();
        RateLimiter::open_with_clock(&computer.dir(), &url, customer, settings, params, clock).unwrap()
    };
    let limiter = open("https://www.planradar.com", "1484013");
    send(&limiter).await.answered();
    assert_eq!(status(&open("https://www.planradar.com:443/api/", " 1484013")).used, 1, "the same");
    assert_eq!(status(&open("https://www.planradar.com", "1484014")).used, 0);
    assert_eq!(status(&open("https://test.planradar.com", "1484013")).used, 0);
    assert_eq!(status(&open("https://www.planradar.com:8443", "1484013")).used, 0);
}

#[tokio::test]
async fn other_times_are_honoured_for_loopback_servers_only() {
    let dir = tempfile::tempdir().unwrap();
    let params = LimitParams { window: seconds(6), cooldown: seconds(7), grace: seconds(1) };
    for (url, loopback) in [
        ("http://127.0.0.1:4010", true),
        ("http://127.8.0.1", true),
        ("http://[::1]:4010", true),
        ("http://localhost:4010", true),
        ("https://www.planradar.com", false),
        ("https://localhost.planradar.com", false),
        ("https://127.0.0.1.planradar.com", false),
        ("http://192.168.0.1", false),
    ] {
        let url = Url::parse(url).unwrap();
        let limiter = RateLimiter::open(dir.path(), &url, "1", LimitSettings::default(), params).unwrap();
        assert_eq!(limiter.inner.params == params, loopback, "{url}");
        assert_eq!(limiter.inner.params == LimitParams::default(), !loopback, "{url}");
    }
}
