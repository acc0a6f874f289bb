//! A proxy that must not receive any connection, as all servers are local. The program runs itself again with an environment
//! that names this proxy.

use std::env;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use intuned_client::RetryConfig;

use crate::load;
use crate::plan::Plan;

/// The variable with the address of the proxy for the child process.
const TRAP: &str = "TORTURE_TRAP";

/// The variables that name a proxy. On systems with case-insensitive names there are three.
const VARIABLES: [&str; 6] = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

/// The variables that disable a proxy.
const EXCEPTIONS: [&str; 3] = ["NO_PROXY", "no_proxy", "REQUEST_METHOD"];

/// The request for the number of connections that the trap has received.
const ASK: &[u8; 4] = b"ask\n";

/// The timeout for a peer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The connections that the trap has received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trapped {
    /// The status of a call to another machine. It comes from the trap if the proxy of the environment is used.
    pub(crate) elsewhere: Option<u16>,
    /// The number of other connections.
    pub(crate) connections: u64,
}

impl Trapped {
    /// The status of the response of the trap.
    pub(crate) const STATUS: u16 = 418;
}

/// Runs this program again with the same arguments and a trap as its proxy. `None` in the child process.
///
/// # Errors
/// A port is not available, or the program cannot be run.
pub fn run_again() -> Result<Option<u8>> {
    if env::var_os(TRAP).is_some() {
        return Ok(None);
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    let address = listener.local_addr().context("a bound socket has an address")?;
    // The thread ends with the process.
    std::thread::spawn(move || serve(&listener));
    let mut program = Command::new(env::current_exe().context("the program cannot be found")?);
    program.args(env::args_os().skip(1)).env(TRAP, address.to_string());
    for name in EXCEPTIONS {
        program.env_remove(name);
    }
    for name in VARIABLES {
        program.env(name, format!("http://{address}"));
    }
    let status = program.status().context("the program cannot be run again")?;
    Ok(Some(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(2)))
}

fn serve(listener: &TcpListener) {
    let mut seen: u64 = 0;
    for mut stream in listener.incoming().flatten() {
        let _ = stream.set_read_timeout(Some(PATIENCE));
        let mut start = [0; ASK.len()];
        if stream.read_exact(&mut start).is_ok() && start == *ASK {
            let _ = stream.write_all(&seen.to_be_bytes());
            continue;
        }
        seen += 1;
        let _ = stream.write_all(b"HTTP/1.1 418 Trapped\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let _ = stream.shutdown(std::net::Shutdown::Write);
        // Closing a socket with unread data resets the connection.
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    }
}

/// The connections that the trap has received, if there is a trap.
///
/// # Errors
/// The trap does not respond.
pub(crate) async fn look(plan: &Plan, url: &str) -> Result<Option<Trapped>> {
    let Ok(address) = env::var(TRAP) else { return Ok(None) };
    let address: SocketAddr = address.parse().context("the trap has no address")?;
    let before = count(address)?;
    let elsewhere = call_elsewhere(plan, url).await?;
    Ok(Some(Trapped { elsewhere, connections: before }))
}

fn count(address: SocketAddr) -> Result<u64> {
    let mut stream = TcpStream::connect(address).context("the trap is gone")?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(ASK)?;
    let mut seen = [0; 8];
    stream.read_exact(&mut seen).context("the trap does not answer")?;
    Ok(u64::from_be_bytes(seen))
}

/// A call to another machine. Only a proxy can answer it.
async fn call_elsewhere(plan: &Plan, url: &str) -> Result<Option<u16>> {
    let client = load::builder(plan, url).allow_plain_http(true).build().context("the settings are invalid")?;
    let call = client.project().auth_sessions().update().result("calls", "look-0", "work-of-look-0");
    let outcome = call.server_url("http://service.invalid").retry_config(RetryConfig::none()).await;
    Ok(outcome.err().and_then(|error| error.status().map(u16::from)))
}
