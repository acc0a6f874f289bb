//! Bytes that are no reply, and bodies that are too much.

use std::io::Write as _;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Bytes of any kind. They do not begin like a reply.
pub(crate) fn bytes(random: &mut fastrand::Rng, length: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..length).map(|_| random.u8(..)).collect();
    if let Some(first) = bytes.first_mut() {
        *first |= 0x80;
    }
    bytes
}

/// A MiB of nothing in a KiB or so.
pub(crate) fn bomb() -> &'static [u8] {
    static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| compressed(&vec![b' '; 1 << 20]));
    &BOMB
}

/// What comes out of nothing else than memory cannot fail.
pub(crate) fn compressed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(text).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}
