//! Static code of every generated client.
