//! Guarantee 5: the retry budget.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sdk_runtime::{Call, ErrorKind, RetryBudget, StopReason};

use crate::operations::{look, standin_client, standin_config};
use crate::standin::{Standin, Turn};

#[tokio::test(start_paused = true)]
async fn few_retries_are_sent_while_all_calls_fail() {
    let standin = Standin::always(Turn::status(503));
    let core = standin_client(&standin);
    let mut exhausted = 0;
    for _ in 0..10_000 {
        // All clones share the budget.
        let clone = core.clone();
        let error = Call::new(&clone, look()).send().await.expect_err("503");
        assert_eq!(error.status().map(u16::from), Some(503));
        if error.kind() == ErrorKind::BudgetExhausted {
            exhausted += 1;
            assert_eq!(error.stop_reason(), Some(StopReason::BudgetExhausted));
            assert!(error.is_exhausted() && error.is_retryable());
        }
    }
    assert!(standin.sent() <= 12_000 + 100, "{} were sent", standin.sent());
    assert!(standin.sent() >= 12_000, "{} were sent", standin.sent());
    assert!(exhausted > 9_000, "{exhausted}");
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_share_the_budget() {
    let standin = Standin::always(Turn::status(503));
    let core = standin_client(&standin);
    let calls: Vec<_> = (0..2_000)
        .map(|_| {
            let core = core.clone();
            tokio::spawn(async move { Call::new(&core, look()).send().await.expect_err("503").attempts() })
        })
        .collect();
    let mut attempts = 0;
    for call in calls {
        attempts += usize::try_from(call.await.expect("no panic")).expect("a small number");
    }
    assert_eq!(attempts, standin.sent());
    assert!(attempts <= 2_400 + 100, "{attempts} were sent");
}

#[tokio::test(start_paused = true)]
async fn retries_that_succeed_cost_nothing() {
    let fail = Arc::new(AtomicBool::new(true));
    let toggled = fail.clone();
    let standin = Standin::new(move |_, _| {
        let failing = toggled.fetch_xor(true, Ordering::SeqCst);
        if failing { Turn::status(503) } else { Turn::status(200).body("{\"status\":\"done\"}") }
    });
    let mut config = standin_config(&standin);
    config.retry_budget(RetryBudget::new(0, 2));
    let core = config.build().expect("the settings are valid");
    for _ in 0..100 {
        Call::new(&core, look()).send().await.expect("the second attempt succeeds");
    }
    assert_eq!(standin.sent(), 200);
}

#[tokio::test(start_paused = true)]
async fn success_returns_the_retries_that_it_took() {
    let standin = Standin::new(|number, _| match number % 4 {
        3 => Turn::status(200).body("{\"status\":\"done\"}"),
        _ => Turn::status(503),
    });
    let mut config = standin_config(&standin);
    config.retry_budget(RetryBudget::new(0, 3));
    let core = config.build().expect("the settings are valid");
    for _ in 0..50 {
        let response = Call::new(&core, look()).send_with_response().await.expect("the fourth attempt succeeds");
        assert_eq!(response.attempts(), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn success_returns_no_more_than_it_took() {
    let standin = Standin::new(|number, _| match number {
        5 => Turn::status(200).body("{\"status\":\"done\"}"),
        _ => Turn::status(503),
    });
    let mut config = standin_config(&standin);
    config.retry_budget(RetryBudget::new(0, 5));
    let core = config.build().expect("the settings are valid");
    assert_eq!(Call::new(&core, look()).send().await.expect_err("503").attempts(), 4);
    Call::new(&core, look()).send().await.expect("the second attempt succeeds");
    // Three of five are used.
    let error = Call::new(&core, look()).send().await.expect_err("503");
    assert_eq!((error.attempts(), error.kind()), (3, ErrorKind::BudgetExhausted));
}

#[tokio::test(start_paused = true)]
async fn the_budget_can_be_empty_or_unlimited() {
    for (budget, attempts) in [(RetryBudget::new(0, 0), 1), (RetryBudget::unlimited(), 4)] {
        let standin = Standin::always(Turn::status(503));
        let mut config = standin_config(&standin);
        config.retry_budget(budget);
        let core = config.build().expect("the settings are valid");
        for _ in 0..300 {
            let error = Call::new(&core, look()).send().await.expect_err("503");
            assert_eq!(error.attempts(), attempts);
        }
    }
    let mut config = standin_config(&Standin::always(Turn::status(503)));
    config.retry_budget(RetryBudget::new(101, 1));
    assert_eq!(config.build().expect_err("101 %").kind(), ErrorKind::Configuration);
}
