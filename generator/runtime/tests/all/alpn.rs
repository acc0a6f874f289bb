//! Guarantee 14 where TLS negotiates the protocol with each server (ALPN, RFC 7301).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sdk_runtime::Call;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::server::TlsStream;

use crate::http2::{serve, silent_after_one};
use crate::operations::{config, look};

/// A certificate for the loopback address.
struct Identity {
    certificate: CertificateDer<'static>,
    key: Vec<u8>,
}

impl Identity {
    fn generate() -> Self {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
        Self { certificate: made.cert.der().clone(), key: made.signing_key.serialize_der() }
    }

    /// Accepts TLS connections with one application protocol.
    fn acceptor(&self, protocol: &str) -> TlsAcceptor {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.clone()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.clone()], key)
            .expect("the key of the certificate");
        config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Starts a server and returns its URL. `serve` receives each connection with its number, from 0.
async fn start<F>(acceptor: TlsAcceptor, serve: impl Fn(TlsStream<TcpStream>, usize) -> F + Send + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("a bound socket has an address");
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.expect("a connection");
            let stream = acceptor.accept(stream).await.expect("a TLS handshake");
            tokio::spawn(serve(stream, number));
        }
    });
    format!("https://{address}")
}

/// Answers each request of a connection over HTTP/1.1.
async fn serve_http_1(mut stream: TlsStream<TcpStream>, _: usize) {
    const RESPONSE: &[u8] =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 17\r\n\r\n{\"status\":\"done\"}";
    let mut request = Vec::new();
    while stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {
        if request.ends_with(b"\r\n\r\n") {
            request.clear();
            stream.write_all(RESPONSE).await.expect("the client reads");
        }
    }
}

#[tokio::test]
async fn a_silent_http_2_connection_costs_one_attempt_beside_a_server_of_http_1() {
    let identity = Identity::generate();
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    let modern = start(identity.acceptor("h2"), move |stream, connection| {
        let counted = counted.clone();
        async move { serve(stream, &counted, |number| silent_after_one(connection, number)).await }
    })
    .await;
    let old = start(identity.acceptor("http/1.1"), serve_http_1).await;

    let mut config = config(&modern);
    config.attempt_timeout(Duration::from_millis(500));
    let certificate = identity.certificate.clone();
    config.http_client(move |http| {
        let trusted = reqwest::Certificate::from_der(&certificate).expect("a certificate");
        http.tls_certs_only([trusted])
    });
    let core = config.build().expect("settings");
    let mut attempts = Vec::new();
    for server in [&modern, &old, &modern, &old, &modern] {
        let response = Call::new(&core, look()).server_url(server).send_with_response().await;
        attempts.push(response.expect("answered in the end").attempts());
    }
    assert_eq!(attempts, [1, 1, 2, 1, 1]);
    assert_eq!(requests.load(Ordering::SeqCst), 4);
}
