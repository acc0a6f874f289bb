//! The proxy of the environment. Each process has one environment, so the calls are made in another.

use sdk_runtime::Call;
use tokio::process::Command;

use crate::operations::{config, look};
use crate::server::{Server, seen};

/// Says in the other process where the server on this machine is.
const HERE: &str = "SDK_RUNTIME_TEST_SERVER_HERE";

#[tokio::test]
async fn the_proxy_of_the_environment_is_for_other_machines_alone() {
    if let Ok(here) = std::env::var(HERE) {
        return calls(&here).await;
    }
    let (proxy, here) = (Server::always(seen()).await, Server::always(seen()).await);
    let mut other = Command::new(std::env::current_exe().expect("this program is somewhere"));
    other.args(["--exact", "proxies::the_proxy_of_the_environment_is_for_other_machines_alone"]);
    other.env(HERE, here.url());
    for (name, value) in [("HTTP_PROXY", proxy.url().as_str()), ("NO_PROXY", ""), ("ALL_PROXY", "")] {
        other.env(name, value).env(name.to_lowercase(), value);
    }
    let output = other.env_remove("REQUEST_METHOD").output().await.expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
    let lines = |server: &Server| server.arrived().iter().map(|request| request.line().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&proxy), ["GET http://elsewhere.invalid/api/things/one HTTP/1.1"]);
    assert_eq!(lines(&here), ["GET /api/things/one HTTP/1.1"]);
}

async fn calls(here: &str) {
    for url in ["http://elsewhere.invalid/api", here] {
        let mut config = config(url);
        config.allow_plain_http(true);
        let core = config.build().expect("the settings make sense");
        Call::new(&core, look()).send().await.expect("it is answered");
    }
}
