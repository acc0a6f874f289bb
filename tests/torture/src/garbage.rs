//! Bytes that are not an HTTP response, and oversized bodies.

use std::io::Write as _;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Random bytes. They do not start like an HTTP response.
pub(crate) fn bytes(random: &mut fastrand::Rng, length: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..length).map(|_| random.u8(..)).collect();
    if let Some(first) = bytes.first_mut() {
        *first |= 0x80;
    }
    bytes
}

/// A MiB of zeros, compressed to about a KiB.
pub(crate) fn bomb() -> &'static [u8] {
    static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| compressed(&vec![b' '; 1 << 20]));
    &BOMB
}

/// Writing to memory cannot fail.
pub(crate) fn compressed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(text).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}
